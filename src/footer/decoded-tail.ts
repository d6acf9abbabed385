import { asBuffer, CR, LF, NO_BYTES, SP } from '../mime/bytes.ts';
import { GrowingBytes } from '../mime/growing-bytes.ts';
import { TO_ASCII } from './charset-reset.ts';

/** The last bytes of a text that streams by: enough to see how it ends and whether a footer stands there already. */
export class DecodedTail {
  readonly #limit: number;
  readonly #memory = new GrowingBytes();
  #bytes: Uint8Array = NO_BYTES;
  #total = 0;

  /** @param limit how many bytes are kept */
  constructor(limit: number) {
    this.#limit = limit;
  }

  push(bytes: Uint8Array): void {
    this.#total += bytes.length;
    const last = bytes.subarray(-this.#limit);
    const before = last.length === this.#limit ? NO_BYTES : this.#bytes;
    this.#bytes = this.#memory.join(before, last).subarray(-this.#limit);
  }

  /** The last bytes, at most the limit. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** How many bytes there were in all. */
  get total(): number {
    return this.#total;
  }
}

/** How a text ends, as far as what is added to it depends on that. */
export interface TextEnd {
  readonly isEmpty: boolean;
  readonly endsWithLineEnd: boolean;
  /** The last line that is not empty ends in a space and is no signature separator: flowed text goes on (RFC 3676). */
  readonly flows: boolean;
  /** CRLF or LF, as the text's own last line end has it; undefined where it has none. */
  readonly eol: '\r\n' | '\n' | undefined;
}

/** @param bytes the end of the text, one byte a character where it matters (ASCII) */
export function textEnd(bytes: Uint8Array): TextEnd {
  const endsWithLineEnd = bytes.at(-1) === LF;
  const lineEnd = bytes.lastIndexOf(LF);
  const eol = lineEnd < 0 ? undefined : bytes[lineEnd - 1] === CR ? '\r\n' : '\n';
  return { isEmpty: bytes.length === 0, endsWithLineEnd, flows: lastLineFlows(bytes), eol };
}

function lastLineFlows(bytes: Uint8Array): boolean {
  let end = bytes.length;
  if (bytes[end - 1] === LF) end -= bytes[end - 2] === CR ? 2 : 1;
  if (end <= 0 || bytes[end - 1] !== SP) return false;
  const start = end > 1 ? bytes.lastIndexOf(LF, end - 1) + 1 : 0;
  const line = asBuffer(bytes).toString('latin1', start, end);
  return !/^>* ?-- $/.test(line);
}

/**
 * Whether the text already ends with this footer, whatever its line ends and whatever blank lines follow. In HTML it
 * may stand right behind a tag; behind a `>` in text it is somebody's quotation of it.
 * @param text the text's end; @param footer as it would be written; both read by `comparable`
 */
export function endsWithFooter(text: string, footer: string, format: 'text' | 'html'): boolean {
  const end = text.replaceAll('\r', '').trimEnd();
  const wanted = footer.replaceAll('\r', '').replace(/^\n+/, '').trimEnd();
  if (wanted === '' || !end.endsWith(wanted)) return false;
  const at = end.length - wanted.length;
  const before = end[(end.startsWith(TO_ASCII, at - TO_ASCII.length) ? at - TO_ASCII.length : at) - 1];
  return before === undefined || before === '\n' || (before === '>' && format === 'html');
}
