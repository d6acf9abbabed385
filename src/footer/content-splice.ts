import { BASE64, BASE64_LINE, encodeBase64, endOfBase64 } from '../mime/base64.ts';
import { CR, fromLatin1, HTAB, LF, latin1, SP } from '../mime/bytes.ts';
import type { KnownEncoding } from '../mime/part-header.ts';
import { QUOTED_PRINTABLE, QuotedPrintableEncoder, softBreakAtEnd } from '../mime/quoted-printable.ts';
import { IDENTITY, type TransferDecoder } from '../mime/transfer-decoder.ts';

/** Where a splice stands: in the middle of the content, or at its end with what follows there. */
export interface Seam {
  readonly atEnd: boolean;
  /** Nothing but the message's own end, or a delimiter without a line end of its own, follows the content. */
  readonly needsLineEnd: boolean;
}

/**
 * Writes new text into encoded content at a seam: the bytes before it have gone out as they came, the bytes behind
 * it are at hand. One instance a part; it watches what goes out to know in which column the seam is.
 */
export interface ContentSplice {
  readonly decoder: TransferDecoder;
  /** These bytes of the content have gone out unchanged. */
  passed(raw: Uint8Array): void;
  /**
   * @param held the encoded content behind the seam
   * @param skip how many decoded bytes at its start belong before the seam (see TransferDecoder.locate)
   * @param insertion the new text's bytes, in the part's charset
   * @returns what to write in place of `held`; undefined where the content is too broken to add to
   */
  splice(held: Uint8Array, skip: number, insertion: Uint8Array, seam: Seam): Uint8Array | undefined;
}

/** @param eol the line end for lines that the encoding breaks */
export function contentSplice(encoding: KnownEncoding, eol: string): ContentSplice {
  if (encoding === 'quoted-printable') return new QuotedPrintableSplice(eol);
  if (encoding === 'base64') return new Base64Splice(eol);
  return PLAIN_SPLICE;
}

const PLAIN_SPLICE: ContentSplice = {
  decoder: IDENTITY,
  passed: () => {},
  splice: (held, _skip, insertion, seam) =>
    seam.atEnd ? Buffer.concat([held, insertion]) : Buffer.concat([insertion, held]),
};

class QuotedPrintableSplice implements ContentSplice {
  readonly decoder = QUOTED_PRINTABLE;
  readonly #eol: string;
  #line: Uint8Array = new Uint8Array(0);

  constructor(eol: string) {
    this.#eol = eol;
  }

  passed(raw: Uint8Array): void {
    if (raw.length === 0) return;
    const lf = raw.lastIndexOf(LF, raw.length - 2);
    const tail = raw.subarray(lf + 1);
    const line = lf < 0 && this.#line.at(-1) !== LF ? Buffer.concat([this.#line, tail]) : tail;
    this.#line = Buffer.from(line.subarray(-1000));
  }

  splice(held: Uint8Array, _skip: number, insertion: Uint8Array, seam: Seam): Uint8Array {
    if (!seam.atEnd) return Buffer.concat([this.#encoded(insertion), held]);
    this.passed(held);
    return Buffer.concat([held, this.#encoded(insertion)]);
  }

  #encoded(insertion: Uint8Array): Uint8Array {
    const atLineStart = this.#line.length === 0 || this.#line.at(-1) === LF;
    let prefix = '';
    let column = atLineStart ? 0 : this.#line.length;
    const startsLine = insertion[0] === LF || (insertion[0] === CR && insertion[1] === LF);
    if (!atLineStart && softBreakAtEnd(this.#line) === 'cut off') prefix = this.#eol;
    // A hard line end would make the blanks before it disappear (RFC 2045 §6.7 rule 3); a soft one keeps them.
    else if (!atLineStart && startsLine && endsInBlank(this.#line)) prefix = `=${this.#eol}`;
    if (prefix) column = 0;
    const encoder = new QuotedPrintableEncoder(this.#eol, column);
    return fromLatin1(prefix + encoder.write(latin1(insertion)) + encoder.end());
  }
}

function endsInBlank(line: Uint8Array): boolean {
  return line.at(-1) === SP || line.at(-1) === HTAB;
}

/** How many characters of a line there are, or of a piece of one: the CR may come before its LF does. */
function lengthOf(piece: Uint8Array): number {
  let length = piece.length;
  for (let cr = piece.indexOf(CR); cr >= 0; cr = piece.indexOf(CR, cr + 1)) length--;
  return length;
}

class Base64Splice implements ContentSplice {
  readonly decoder = BASE64;
  readonly #eol: string;
  #column = 0;
  #width = 0;

  constructor(eol: string) {
    this.#eol = eol;
  }

  passed(raw: Uint8Array): void {
    let start = 0;
    // The first line that is not empty tells how long this mailer's lines are.
    while (this.#width === 0) {
      const lf = raw.indexOf(LF, start);
      if (lf < 0) break;
      this.#width = this.#column + lengthOf(raw.subarray(start, lf));
      this.#column = 0;
      start = lf + 1;
    }
    const last = raw.lastIndexOf(LF);
    if (last >= start) this.#column = 0;
    this.#column += lengthOf(raw.subarray(Math.max(start, last + 1)));
  }

  splice(held: Uint8Array, skip: number, insertion: Uint8Array, seam: Seam): Uint8Array | undefined {
    const tail = endOfBase64(held);
    if (tail.broken) return undefined;
    const at = seam.atEnd ? tail.bytes.length : skip;
    const content = Buffer.concat([tail.bytes.subarray(0, at), insertion, tail.bytes.subarray(at)]);
    const width = this.#width >= 4 && this.#width <= BASE64_LINE ? this.#width : BASE64_LINE;
    const lines = encodeBase64(content, this.#column, width, this.#eol);
    const rest = held.subarray(tail.end);
    const lineEnd = seam.needsLineEnd && rest.at(-1) !== LF ? this.#eol : '';
    return Buffer.concat([fromLatin1(lines), rest, fromLatin1(lineEnd)]);
  }
}
