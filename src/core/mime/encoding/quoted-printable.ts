// Quoted-printable (RFC 2045 §6.7).
import { CR, DASH, EQUALS, isBlank, LF, lowerCase, NONE, SP } from '../bytes.ts';
import { ByteBuilder } from '../byte-builder.ts';
import { Decoder } from './decoder.ts';

/** Blanks behind a soft break's `=` that are looked over for its line end: as many as a line may have. */
const PADDING_LIMIT: i32 = 998;

/** Encoded lines are at most 76 characters long. */
const LINE_LIMIT: i32 = 76;

/** Soft breaks vanish, `=XX` is a byte; an `=` that begins neither stands for itself, as most readers take it. */
export class QuotedPrintableDecoder extends Decoder {
  read(into: Uint8Array): i32 {
    let length = 0;
    while (length < into.length && this.offset < this.end) {
      const byte = this.window.byteAt(this.offset);
      if (byte !== EQUALS) {
        into[length++] = u8(byte);
        this.offset++;
        continue;
      }
      const value = this.encodedByte(this.offset + 1);
      const softBreak = value < 0 ? this.endOfSoftBreak(this.offset + 1) : NONE;
      if (softBreak >= 0) {
        this.offset = softBreak;
        continue;
      }
      into[length++] = u8(value >= 0 ? value : EQUALS);
      this.offset += value >= 0 ? 3 : 1;
    }
    return length;
  }

  private encodedByte(at: i32): i32 {
    if (at + 1 >= this.end) return NONE;
    const high = hexDigit(this.window.byteAt(at));
    const low = hexDigit(this.window.byteAt(at + 1));
    return high >= 0 && low >= 0 ? high * 16 + low : NONE;
  }

  /** Behind the line end that follows, or NONE. One that the part's end cuts off is the delimiter's. */
  private endOfSoftBreak(from: i32): i32 {
    let at = from;
    while (at < this.end && at - from < PADDING_LIMIT && isBlank(this.window.byteAt(at))) at++;
    if (at < this.end && this.window.byteAt(at) === CR) at++;
    if (at >= this.end) return this.end;
    return this.window.byteAt(at) === LF ? at + 1 : NONE;
  }
}

function hexDigit(byte: i32): i32 {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = lowerCase(byte);
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : NONE;
}

/** @param bytes text with LF line ends, @param lineEnd what a line is to end in */
export function encodeQuotedPrintable(bytes: Uint8Array, lineEnd: string): Uint8Array {
  const encoded = new ByteBuilder();
  let column = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte: i32 = bytes[i];
    if (byte === LF) {
      encoded.addText(lineEnd);
      column = 0;
      continue;
    }
    const isLiteral = standsForItself(byte, column, i + 1 < bytes.length ? bytes[i + 1] : LF);
    if (column + (isLiteral ? 1 : 3) >= LINE_LIMIT) {
      encoded.addText('=');
      encoded.addText(lineEnd);
      column = 0;
    }
    if (isLiteral) encoded.add(byte);
    else encoded.addText(encodedByte(byte));
    column += isLiteral ? 1 : 3;
  }
  return encoded.bytes();
}

/** Blanks do not at a line's end; dashes, dots and `From ` do not at its beginning, where software on the way changes them. */
function standsForItself(byte: i32, column: i32, next: i32): boolean {
  if (isBlank(byte)) return next !== LF;
  if (column === 0 && (byte === DASH || byte === 0x2e || byte === 0x46)) return false;
  return byte > SP && byte < 0x7f && byte !== EQUALS;
}

const HEX: string = '0123456789ABCDEF';

function encodedByte(byte: i32): string {
  return '=' + HEX.charAt(byte >> 4) + HEX.charAt(byte & 0x0f);
}
