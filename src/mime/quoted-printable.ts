import { asBuffer, CR, EQUALS, HTAB, LF, latin1, SP } from './bytes.ts';
import { AT_ONCE, type Decoded, type TransferDecoder } from './transfer-decoder.ts';

/** RFC 2045 §6.7 rule 5: an encoded line is at most 76 characters long, its soft break included. */
const QP_LINE = 76;

/** White space between `=` and the line end is transport padding; more than this is not waited for. */
const PADDING_LIMIT = 998;

/**
 * Reads quoted-printable as readers do: lower-case digits are accepted, an `=` that begins nothing stands for
 * itself, bytes over 126 pass. Blanks at a line's end, which §6.7 rule 3 says to drop, are kept: nothing that is
 * decided from the decoded bytes depends on them.
 */
export const QUOTED_PRINTABLE: TransferDecoder = {
  decode(raw, final): Decoded {
    const lines = decodedLines(raw);
    const bytes = Buffer.allocUnsafe(lines.text.length + raw.length - lines.rawLength);
    let length = bytes.write(lines.text, 'latin1');
    const encoded = asBuffer(raw);
    let i = lines.rawLength;
    while (i < raw.length) {
      const equals = encoded.indexOf(EQUALS, i);
      const end = equals < 0 ? raw.length : equals;
      length += encoded.copy(bytes, length, i, end);
      i = end;
      if (equals < 0) break;
      const unit = unitAt(raw, i, final);
      if (unit === undefined) break;
      if (unit.byte !== undefined) bytes[length++] = unit.byte;
      i += unit.length;
    }
    return { bytes: bytes.subarray(0, length), consumed: i };
  },

  locate(raw, offset) {
    const lines = decodedLines(raw);
    const isBehindThem = offset >= lines.text.length;
    const encoded = asBuffer(raw);
    let at = isBehindThem ? lines.rawLength : 0;
    for (let before = isBehindThem ? offset - lines.text.length : offset; at < raw.length; ) {
      const equals = encoded.indexOf(EQUALS, at);
      const run = (equals < 0 ? raw.length : equals) - at;
      at += Math.min(run, before);
      if (run > before || equals < 0) break;
      before -= run;
      const unit = unitAt(raw, at, true)!;
      if (unit.byte !== undefined && before-- === 0) break;
      at += unit.length;
    }
    return { at, skip: 0 };
  },
};

const NO_LINES = { text: '', rawLength: 0 };

/**
 * The whole lines of large and well-formed content, decoded at once: as many bytes of `raw`, as characters U+0000 to
 * U+00FF. A message ends before the loop above is compiled to machine code; `unescape` reads `%XX` in native code,
 * a chunk of newsletter in a tenth of the time.
 */
function decodedLines(raw: Uint8Array): { readonly text: string; readonly rawLength: number } {
  const rawLength = raw.length < AT_ONCE ? 0 : raw.lastIndexOf(LF) + 1;
  if (rawLength === 0) return NO_LINES;
  const encoded = latin1(raw.subarray(0, rawLength));
  if (/=(?![0-9A-Fa-f]{2}|[ \t]{0,997}\r?\n)/.test(encoded)) return NO_LINES;
  const escaped = encoded
    .replace(/=[ \t]{0,997}\r?\n/g, '')
    .replaceAll('%', '%25')
    .replaceAll('=', '%');
  return { text: unescape(escaped), rawLength };
}

/** What an `=` at `i` begins: an encoded byte, a soft break (no byte), or nothing; undefined if that is open yet. */
function unitAt(raw: Uint8Array, i: number, final: boolean): { byte?: number; length: number } | undefined {
  const high = hexDigit(raw[i + 1]);
  const low = hexDigit(raw[i + 2]);
  if (high >= 0 && low >= 0) return { byte: high * 16 + low, length: 3 };
  if (high >= 0) return i + 2 < raw.length || final ? { byte: EQUALS, length: 1 } : undefined;
  let end = i + 1;
  while (end - i < PADDING_LIMIT && (raw[end] === SP || raw[end] === HTAB)) end++;
  if (raw[end] === CR && raw[end + 1] === LF) return { length: end + 2 - i };
  if (raw[end] === LF) return { length: end + 1 - i };
  const cutOff = end === raw.length || (raw[end] === CR && end + 1 === raw.length);
  if (!cutOff) return { byte: EQUALS, length: 1 };
  // A soft break that the part's end cuts off: its line end is the one before the delimiter.
  return final ? { length: raw.length - i } : undefined;
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const upper = byte & 0xdf;
  return upper >= 0x41 && upper <= 0x46 ? upper - 0x37 : -1;
}

/**
 * Whether raw quoted-printable content ends in a soft break, finished or cut off before its line end.
 * @param raw the content's last bytes
 */
export function softBreakAtEnd(raw: Uint8Array): 'none' | 'finished' | 'cut off' {
  let end = raw.length;
  const finished = raw[end - 1] === LF;
  if (finished) end -= raw[end - 2] === CR ? 2 : 1;
  while (end > 0 && (raw[end - 1] === SP || raw[end - 1] === HTAB)) end--;
  if (raw[end - 1] !== EQUALS) return 'none';
  return finished ? 'finished' : 'cut off';
}

/** Each byte as it is encoded. Made with the first encoder, not when the program starts. */
let encodedBytes: readonly string[] | undefined;

function encodedByteTable(): readonly string[] {
  encodedBytes ??= Array.from({ length: 256 }, (_, byte) => {
    return `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  });
  return encodedBytes;
}

const ENCODED_DASH = '=2D';

/**
 * Characters that stand for themselves, no more than a line can have; a blank does where another such character
 * follows it on the line.
 */
const LITERALS = /(?:[!-<>-~]|[ \t](?=[!-<>-~])){1,75}/y;

/** A whole line that stands for itself, its line end included. */
function literalLine(eol: string): RegExp {
  return eol === '\n'
    ? /(?=[^\n]{0,75}\n)(?!\.|From )[!-<>-~]*(?:[ \t]+[!-<>-~]+)*\n/y
    : /(?=[^\n]{0,76}\n)(?!\.|From )[!-<>-~]*(?:[ \t]+[!-<>-~]+)*\r\n/y;
}

/**
 * Writes content as quoted-printable, in any pieces. The message's own line end ends lines; a CR or LF that is no
 * part of one is data and encoded, so that it is still there when the other kind of line end is not.
 * Beyond what RFC 2045 asks, `From ` and a dot at the start of a line are encoded, because mail software along the
 * way changes those. Text is bytes as latin1 characters, on both sides.
 */
export class QuotedPrintableEncoder {
  readonly #eol: string;
  readonly #literalLine: RegExp;
  readonly #encoded = encodedByteTable();
  #column: number;
  #pending = '';

  /** @param eol the message's line end; @param column how long the line already is that the first byte goes on */
  constructor(eol: string, column = 0) {
    this.#eol = eol;
    this.#literalLine = literalLine(eol);
    this.#column = column;
  }

  write(text: string): string {
    return this.#encode(text, false);
  }

  /** What was held back because it depended on what follows: a blank at the end is encoded, as before a line end. */
  end(): string {
    return this.#encode('', true);
  }

  #encode(text: string, final: boolean): string {
    const input = this.#pending + text;
    let out = '';
    let i = 0;
    while (i < input.length) {
      const lines = this.#column === 0 ? this.#literalLinesAt(input, i) : 0;
      if (lines > 0) {
        out += input.slice(i, i + lines);
        i += lines;
        continue;
      }
      // One column is left for the soft break's `=`.
      const room = QP_LINE - 1 - this.#column;
      const literals = this.#column > 0 ? literalsAt(input, i, room) : 0;
      if (literals > 0) {
        out += input.slice(i, i + literals);
        i += literals;
        this.#column += literals;
        continue;
      }
      const unit = this.#unitAt(input, i, final);
      if (unit === undefined) break;
      const isLineEnd = unit === this.#eol;
      const length = isLineEnd ? unit.length : Math.ceil(unit.length / 3);
      if (!isLineEnd && unit.length > room) {
        out += `=${this.#eol}`;
        this.#column = 0;
        // What stood in the middle of a line would begin one, and could be taken for a delimiter there.
        if (unit !== '-') continue;
        out += ENCODED_DASH;
        this.#column = ENCODED_DASH.length;
        i += length;
        continue;
      }
      out += unit;
      this.#column = isLineEnd ? 0 : this.#column + unit.length;
      i += length;
    }
    this.#pending = input.slice(i);
    return out;
  }

  /**
   * What stays together on a line, encoded: one ASCII character, a line end, or a UTF-8 sequence. Undefined where that
   * depends on characters that are not there yet. Only a string: hostile content is all units.
   */
  #unitAt(text: string, i: number, final: boolean): string | undefined {
    const c = text[i]!;
    const code = text.charCodeAt(i);
    const eol = this.#eol;
    if (!final && mayBeginLineEnd(text, i, eol)) return undefined;
    if (text.startsWith(eol, i)) return eol;
    if (c === ' ' || c === '\t') {
      if (!final && (i + 1 === text.length || mayBeginLineEnd(text, i + 1, eol))) return undefined;
      const endsLine = i + 1 === text.length || text.startsWith(eol, i + 1);
      return endsLine ? this.#encoded[code] : c;
    }
    if (this.#column === 0 && c === '.') return this.#encoded[code];
    if (this.#column === 0 && c === 'F') {
      const rest = text.slice(i, i + 5);
      if (!final && rest.length < 5 && 'From '.startsWith(rest)) return undefined;
      return rest === 'From ' ? this.#encoded[code] : c;
    }
    if (code > 0x20 && code < 0x7f && c !== '=') return c;
    return code < 0xc0 ? this.#encoded[code] : this.#sequenceAt(text, i, final);
  }

  /** A UTF-8 sequence, or the one byte that begins none. No soft break cuts it: readers were seen to decode by line. */
  #sequenceAt(text: string, i: number, final: boolean): string | undefined {
    const code = text.charCodeAt(i);
    const expected = code >= 0xf0 ? 4 : code >= 0xe0 ? 3 : 2;
    let length = 1;
    while (length < expected && isContinuation(text, i + length)) length++;
    if (length < expected && i + length === text.length && !final) return undefined;
    let encoded = '';
    for (let k = i; k < i + length; k++) encoded += this.#encoded[text.charCodeAt(k)];
    return encoded;
  }

  /** How many characters from `i` on are whole lines that can be copied as they are. */
  #literalLinesAt(text: string, i: number): number {
    let end = i;
    this.#literalLine.lastIndex = i;
    while (this.#literalLine.test(text)) end = this.#literalLine.lastIndex;
    return end - i;
  }
}

/** How many characters from `i` on can be copied as they are, at most `room`. */
function literalsAt(text: string, i: number, room: number): number {
  LITERALS.lastIndex = i;
  return LITERALS.test(text) ? Math.min(LITERALS.lastIndex - i, room) : 0;
}

/** The CR of a CRLF whose LF is not there yet. */
function mayBeginLineEnd(text: string, i: number, eol: string): boolean {
  return eol.length === 2 && text[i] === '\r' && i + 1 === text.length;
}

function isContinuation(text: string, i: number): boolean {
  const code = text.charCodeAt(i);
  return code >= 0x80 && code < 0xc0;
}
