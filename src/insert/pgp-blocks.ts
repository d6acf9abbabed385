// Inline PGP in a text: whether there is any, and whether its last block is closed.
import { CR, copyBytes, DASH, indexOf, isBlank, LF, lastIndexOf } from '../mime/bytes.ts';

/** Longer than any armor line, its line end's CR and blanks before it included. */
const LINE_LIMIT: i32 = 100;

/** Dashes at the beginning of an armor line, and at its end. */
const DASHES: i32 = 5;

const BEGIN: string = '-----BEGIN PGP ';
const END: string = '-----END PGP ';

/**
 * Looks for armor lines (RFC 4880 §6.2) in a text that comes in pieces. Only LF ends lines; a CR before it belongs to
 * the line end, a lone one does not.
 */
export class PgpBlocks {
  private isSeen: boolean = false;
  private isOpen: boolean = false;
  /** The line that the last piece did not end: its first bytes, as long as it may be an armor line. */
  private readonly line: Uint8Array = new Uint8Array(LINE_LIMIT);
  private inLine: i32 = 0;
  /** The line that the last piece did not end is no armor line. */
  private isOtherLine: boolean = false;

  /** There is an armor line. */
  get seen(): boolean {
    return this.isSeen;
  }

  /** A block has begun and not ended: what is added now would stand inside it. */
  get open(): boolean {
    return this.isOpen;
  }

  /** @param text ASCII as itself, everything else above 0x7F; its first `length` bytes are the next ones */
  push(text: Uint8Array, length: i32): void {
    let start = 0;
    if (this.inLine > 0 || this.isOtherLine) {
      start = this.endLine(text, length);
      if (start < 0) return;
    }
    const end = lastIndexOf(text, LF, start, length) + 1;
    if (end > start) this.readLines(text, start, end);
    this.beginLine(text, max(start, end), length);
  }

  /** The text ends here. */
  end(): void {
    if (this.inLine > 0) this.readLine(this.line, 0, this.inLine);
    this.inLine = 0;
    this.isOtherLine = false;
  }

  /** @returns where the next line begins, or -1 where this one goes on */
  private endLine(text: Uint8Array, length: i32): i32 {
    const lineEnd = indexOf(text, LF, 0, length);
    this.keep(text, 0, lineEnd < 0 ? length : lineEnd);
    if (lineEnd < 0) return -1;
    this.end();
    return lineEnd + 1;
  }

  private beginLine(text: Uint8Array, start: i32, length: i32): void {
    if (start < length) this.keep(text, start, length);
  }

  private keep(text: Uint8Array, from: i32, to: i32): void {
    const isPossible = this.inLine > 0 || text[from] === DASH;
    this.isOtherLine = this.isOtherLine || !isPossible || this.inLine + (to - from) > LINE_LIMIT;
    if (this.isOtherLine) {
      this.inLine = 0;
      return;
    }
    copyBytes(text, from, to, this.line, this.inLine);
    this.inLine += to - from;
  }

  /** Five dashes in a row cover one byte in five, so no more are looked at. */
  private readLines(text: Uint8Array, from: i32, to: i32): void {
    let at = from + DASHES - 1;
    while (at < to) {
      if (text[at] !== DASH) {
        at += DASHES;
        continue;
      }
      let start = at;
      while (start > from && at - start < DASHES && text[start - 1] === DASH) start--;
      const beginsLine = start === from || text[start - 1] === LF;
      if (beginsLine && (beginsWith(text, start, to, BEGIN) || beginsWith(text, start, to, END))) {
        const lineEnd = indexOf(text, LF, start, to);
        this.readLine(text, start, lineEnd);
        at = lineEnd;
      }
      at += DASHES;
    }
  }

  private readLine(text: Uint8Array, from: i32, to: i32): void {
    if (to - from > LINE_LIMIT) return;
    const begins = beginsWith(text, from, to, BEGIN);
    if (!begins && !beginsWith(text, from, to, END)) return;
    let at = from + (begins ? BEGIN.length : END.length);
    const name = at;
    while (at < to && isInArmorName(text[at])) at++;
    if (at === name || !beginsWith(text, at, to, '-----')) return;
    at += DASHES;
    while (at < to && isBlank(text[at])) at++;
    while (at < to && text[at] === CR) at++;
    if (at < to) return;
    this.isSeen = true;
    this.isOpen = begins;
  }
}

function beginsWith(text: Uint8Array, from: i32, to: i32, start: string): boolean {
  if (to - from < start.length) return false;
  for (let i = 0; i < start.length; i++) if (text[from + i] !== start.charCodeAt(i)) return false;
  return true;
}

/** Capitals, digits, and what separates them: `MESSAGE, PART 1/3`. */
function isInArmorName(byte: i32): boolean {
  if (byte >= 0x41 && byte <= 0x5a) return true;
  return (byte >= 0x2f && byte <= 0x39) || byte === 0x20 || byte === 0x2c;
}
