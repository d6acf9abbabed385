import { partNumber } from '../insert/part-number.ts';
import { isAttachment, isSetAside, isText } from '../insert/part-traits.ts';
import { codingOf } from '../mime/encoding/coding-of.ts';
import { IdentityDecoder } from '../mime/encoding/identity.ts';
import type { Part } from '../mime/part.ts';
import { Scanner } from '../mime/scanner.ts';
import type { Source } from '../mime/source.ts';
import { TokenKind } from '../mime/token.ts';
import { Window } from '../mime/window.ts';
import { charsetText } from './charset-text.ts';

/** A text part as a reader shows it. */
export interface RenderedText {
  /** As IMAP numbers the parts of the message it was read from. */
  readonly number: string;
  readonly mediaType: 'text/plain' | 'text/html';
  readonly text: string;
  /** There is more of it than is shown. */
  readonly isCut: boolean;
}

/** Bytes, decoded. A page with more is no use, and memory must not grow with the message. */
const TEXT_LIMIT = 256 * 1024;
const TEXTS_LIMIT = 20;

const WINDOW_WIDTH = 65_536;

/** The texts that a reader shows, the first few and the beginning of each. */
export function renderedTexts(message: Source): RenderedText[] {
  const scanner = new Scanner(new Window(message, WINDOW_WIDTH));
  const content = new Window(message, WINDOW_WIDTH);
  const texts: RenderedText[] = [];
  while (texts.length < TEXTS_LIMIT && scanner.advance()) {
    const { kind, part, lineEnd } = scanner;
    if (kind === TokenKind.PartEnd && isShown(part)) texts.push(renderedText(part, content, lineEnd));
  }
  return texts;
}

function isShown(part: Part): boolean {
  const header = part.header;
  if (header === null || part.isMultipart || !isText(header)) return false;
  const around = part.parent?.header?.mediaType;
  // A file name makes an attachment only where there are attachments.
  const isBody = around === undefined || around === 'multipart/alternative' || around === 'multipart/related';
  return isBody ? !isSetAside(header) : !isAttachment(header);
}

function renderedText(part: Part, content: Window, lineEnd: string): RenderedText {
  const { bytes, isCut } = firstBytes(part, content, lineEnd);
  const header = part.header!;
  const text = charsetText(bytes, header.charset, isCut).replaceAll('\r\n', '\n');
  return { number: partNumber(part), mediaType: header.mediaType as RenderedText['mediaType'], text, isCut };
}

/** Content whose transfer encoding nobody knows is shown as it stands. */
function firstBytes(part: Part, content: Window, lineEnd: string): { bytes: Uint8Array; isCut: boolean } {
  const decoder =
    codingOf(part, content, lineEnd)?.decoder(part.bodyStart) ??
    new IdentityDecoder(content, part.bodyStart, part.bodyEnd);
  const bytes = new Uint8Array(Math.min(TEXT_LIMIT, part.bodyEnd - part.bodyStart) + WINDOW_WIDTH);
  let length = 0;
  while (length < TEXT_LIMIT) {
    const count = decoder.read(bytes.subarray(length));
    if (count === 0) return { bytes: bytes.subarray(0, length), isCut: false };
    length += count;
  }
  return { bytes: bytes.subarray(0, Math.min(length, TEXT_LIMIT)), isCut: true };
}
