import { BufferSource } from '../mime/buffer-source.ts';
import { Scanner } from '../mime/scanner.ts';
import { TokenKind } from '../mime/token.ts';
import { Window } from '../mime/window.ts';

const NAMES = {
  [TokenKind.Field]: 'field',
  [TokenKind.HeaderEnd]: 'header-end',
  [TokenKind.Body]: 'body',
  [TokenKind.Preamble]: 'preamble',
  [TokenKind.Epilogue]: 'epilogue',
  [TokenKind.Delimiter]: 'delimiter',
  [TokenKind.CloseDelimiter]: 'close-delimiter',
  [TokenKind.PartEnd]: 'part-end',
} as const satisfies Record<TokenKind, string>;

/** What the scanner finds: a range of the message, and the part that it belongs to. */
export interface Token {
  readonly kind: (typeof NAMES)[TokenKind];
  /** Offsets into the message, in bytes. */
  readonly start: number;
  readonly end: number;
  /** How many multiparts are around the part; 0 for the message itself. */
  readonly depth: number;
  /** In lower case; '' as long as the header is not complete. */
  readonly mediaType: string;
}

/** The message's tokens, in order and without gaps: their bytes, joined, are the message, whatever it is. */
export function* scanMessage(message: Uint8Array): Generator<Token> {
  const scanner = new Scanner(new Window(new BufferSource(message), 65_536));
  while (scanner.advance()) {
    const { kind, start, end, part } = scanner;
    yield { kind: NAMES[kind], start, end, depth: part.depth, mediaType: part.header?.mediaType ?? '' };
  }
}
