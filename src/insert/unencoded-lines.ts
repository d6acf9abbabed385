// What there is to know of lines before they are written as they are.
import { CR, DASH, indexOf, isBlank, LF } from '../mime/bytes.ts';

/** RFC 5322 §2.1.1: bytes of a line. */
const LINE_LIMIT: i32 = 998;

/** Looks at a text that comes in pieces. */
export class UnencodedLines {
  /** A line is too long to go unencoded. */
  hasLongLine: boolean = false;
  /** A line could be a delimiter: it begins with two dashes, and is no signature separator. */
  hasDashedLine: boolean = false;
  /** Of the line at hand: how long it is so far, and how many of its first two bytes are dashes. */
  private length: i32 = 0;
  private dashes: i32 = 0;

  /** @param text its first `length` bytes are the next ones */
  push(text: Uint8Array, length: i32): void {
    let at = 0;
    while (at < length) {
      const lineEnd = indexOf(text, LF, at, length);
      const end = lineEnd < 0 ? length : lineEnd;
      this.readPiece(text, at, end);
      if (lineEnd >= 0) {
        this.length = 0;
        this.dashes = 0;
      }
      at = end + 1;
    }
  }

  private readPiece(text: Uint8Array, from: i32, to: i32): void {
    let column = this.length;
    for (let at = from; at < to && (column < 2 || this.dashes === 2); at++) {
      const byte: i32 = text[at];
      if (column >= 2) {
        if (isBlank(byte) || byte === CR) continue;
        this.hasDashedLine = true;
        break;
      }
      if (byte === DASH) this.dashes++;
      column++;
    }
    this.length += to - from;
    if (this.length > LINE_LIMIT) this.hasLongLine = true;
  }
}
