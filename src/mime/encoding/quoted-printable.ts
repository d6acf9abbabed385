// Quoted-printable (RFC 2045 §6.7).
import { ByteBuilder } from '../byte-builder.ts';
import { CR, copyBytes, DASH, EQUALS, indexOf, isBlank, isWhiteSpace, LF, NONE, SP } from '../bytes.ts';
import { Window } from '../window.ts';
import { Decoder } from './decoder.ts';
import { ContentEncoder } from './transfer-coding.ts';

/** The longest line that may be written. */
export const QUOTED_PRINTABLE_LINE: i32 = 76;

// Reading

/** How many blanks between a soft break's `=` and its line end are transport padding: more than any line has are none. */
export const PADDING_LIMIT: i32 = 997;

/**
 * Soft breaks vanish, `=XX` is a byte. QUIRK: digits may be in lower case, an `=` that begins neither stands for itself, and so
 * does a byte that should have been encoded, as readers have it.
 */
export class QuotedPrintableDecoder extends Decoder {
  /** Up to here blanks are known to stay. */
  private keptBlanks: number = 0;

  /**
   * @param dropsBlanks whether blanks at a line's end are left out, as §6.7 rule 3 asks: software on the way has put them
   *   there. Readers keep them, but written anew they would be `=20`, which nothing drops any more.
   */
  constructor(
    window: Window,
    start: number,
    end: number,
    private readonly dropsBlanks: boolean = false,
  ) {
    super(window, start, end);
  }

  read(into: Uint8Array): i32 {
    let length = 0;
    while (length < into.length && this.offset < this.end) length = this.readWindow(into, length);
    return length;
  }

  /** Reads on to the end of what the window holds, or a little further where a unit goes on there. */
  private readWindow(into: Uint8Array, from: i32): i32 {
    const available = min(f64(this.window.load(this.offset)), this.end - this.offset);
    if (available === 0) {
      this.offset = this.end;
      return from;
    }
    const memory = this.window.memory;
    const first = this.window.indexOfOffset(this.offset);
    const last = first + i32(available);
    const kept = first + i32(max(0, min(this.keptBlanks - this.offset, available)));
    let length = from;
    let at = first;
    while (at < last && length < into.length) {
      if (memory[at] !== EQUALS) {
        const end = this.endOfRun(memory, at, min(last, at + (into.length - length)), kept);
        if (end === at) break;
        copyBytes(memory, at, end, into, length);
        length += end - at;
        at = end;
        continue;
      }
      if (at + 2 >= last) break;
      const next: i32 = memory[at + 1];
      const value = hexByte(next, memory[at + 2]);
      if (value < 0 && isWhiteSpace(next)) {
        if (next !== LF) break;
        at += 2;
        continue;
      }
      into[length++] = u8(value < 0 ? EQUALS : value);
      at += value < 0 ? 1 : 3;
    }
    this.offset += at - first;
    if (at === last || length === into.length) return length;
    if (memory[at] === EQUALS) return this.readEquals(into, length);
    this.readBlanks();
    return length;
  }

  /**
   * Where the bytes from `from` on that stand for themselves end: at an `=`, at `to`, or at blanks that may go.
   * @param kept before which all blanks stay
   */
  private endOfRun(memory: Uint8Array, from: i32, to: i32, kept: i32): i32 {
    const equals = indexOf(memory, EQUALS, from, to);
    const end = equals < 0 ? to : equals;
    if (!this.dropsBlanks) return end;
    let at = max(from, min(kept, end));
    while (at < end && !(isBlank(memory[at]) && (at + 1 === end || isWhiteSpace(memory[at + 1])))) at++;
    return at;
  }

  private readEquals(into: Uint8Array, from: i32): i32 {
    const value = this.encodedByte(this.offset + 1);
    const afterBreak = value < 0 ? this.endOfSoftBreak(this.offset + 1) : NONE;
    if (afterBreak >= 0) {
      this.offset = afterBreak;
      return from;
    }
    into[from] = u8(value < 0 ? EQUALS : value);
    this.offset += value < 0 ? 1 : 3;
    return from + 1;
  }

  private readBlanks(): void {
    let end = this.offset;
    while (end < this.end && isBlank(this.window.byteAt(end))) end++;
    const isReturn = end < this.end && this.window.byteAt(end) === CR;
    const lineEnd = isReturn ? end + 1 : end;
    if (lineEnd >= this.end || this.window.byteAt(lineEnd) === LF) this.offset = end;
    else this.keptBlanks = end;
  }

  private encodedByte(at: number): i32 {
    return at + 1 < this.end ? hexByte(this.window.byteAt(at), this.window.byteAt(at + 1)) : NONE;
  }

  /** After the line end that follows, or NONE. One that the content's end cuts off is the delimiter's. */
  private endOfSoftBreak(from: number): number {
    let at = from;
    while (at < this.end && at - from < PADDING_LIMIT && isBlank(this.window.byteAt(at))) at++;
    if (at < this.end && this.window.byteAt(at) === CR) at++;
    if (at >= this.end) return this.end;
    return this.window.byteAt(at) === LF ? at + 1 : NONE;
  }
}

/** The byte that two hexadecimal digits stand for, or NONE. */
function hexByte(high: i32, low: i32): i32 {
  const first = hexDigit(high);
  const second = hexDigit(low);
  return first >= 0 && second >= 0 ? (first << 4) | second : NONE;
}

/** @param byte or NONE */
export function hexDigit(byte: i32): i32 {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : NONE;
}

// Writing

/** How much of a line is written: its last place is the soft break's. */
const LINE_LIMIT: i32 = QUOTED_PRINTABLE_LINE - 1;

const DOT: i32 = 0x2e;
const FROM: string = 'From ';
const HEX: string = '0123456789ABCDEF';

/** How a byte is encoded depends on no more bytes than these after it. */
const LOOK_AHEAD: i32 = 4;

/**
 * Writes quoted-printable. The message's own line end ends lines; a CR or LF that is no part of one is data and encoded,
 * so that it is still there when the other kind of line end is not.
 *
 * Beyond what RFC 2045 asks for, no line begins with `--`, so that none is a delimiter, nor with a dot or `From `, which
 * software on the way changes; and no soft break cuts a UTF-8 sequence, as readers were seen that decode by line.
 */
export class QuotedPrintableEncoder extends ContentEncoder {
  /** How long the line is that has been begun. */
  private lineLength: i32;
  /** The last bytes given, which wait for those after them. The rest is room for these. */
  private readonly pending: Uint8Array = new Uint8Array(8 * LOOK_AHEAD);
  private waiting: i32 = 0;
  /** The unit at hand: up to four bytes. */
  private readonly encoded: Uint8Array = new Uint8Array(12);

  /**
   * @param lineEnd the message's
   * @param column how long the line is that the first byte goes on
   */
  constructor(
    private readonly lineEnd: string,
    column: i32 = 0,
  ) {
    super();
    this.lineLength = column;
  }

  /** How long the last line is. */
  get column(): i32 {
    return this.lineLength;
  }

  write(bytes: Uint8Array, from: i32, to: i32, into: ByteBuilder): void {
    let at = from;
    if (this.waiting > 0) {
      const before = this.waiting;
      const added = min(to - from, this.pending.length - before);
      copyBytes(bytes, from, from + added, this.pending, before);
      const end = before + added;
      const done = this.encode(this.pending, 0, end - LOOK_AHEAD, end, into);
      if (from + added === to) {
        this.keep(this.pending, done, end);
        return;
      }
      at = from + done - before;
    }
    this.keep(bytes, this.encode(bytes, at, to - LOOK_AHEAD, to, into), to);
  }

  /** A blank at the end is encoded, as before a line end; so is a dash that begins a line, as another may follow. */
  end(into: ByteBuilder): void {
    this.encode(this.pending, 0, this.waiting, this.waiting, into);
    this.waiting = 0;
  }

  private keep(bytes: Uint8Array, from: i32, to: i32): void {
    for (let i = from; i < to; i++) this.pending[i - from] = bytes[i];
    this.waiting = to - from;
  }

  /**
   * Encodes what begins before `limit`; bytes[limit, to) are looked at.
   * @returns where the first byte stands that is not encoded
   */
  private encode(bytes: Uint8Array, from: i32, limit: i32, to: i32, into: ByteBuilder): i32 {
    let at = from;
    while (at < limit) {
      const end = this.endOfLiterals(bytes, at, limit, to);
      if (end > at) {
        into.addRange(bytes, at, end);
        this.lineLength += end - at;
        at = end;
      } else if (startsWith(bytes, at, to, this.lineEnd)) {
        into.addText(this.lineEnd);
        this.lineLength = 0;
        at += this.lineEnd.length;
      } else at = this.putUnit(bytes, at, to, into);
    }
    return at;
  }

  /** Where the bytes end that are copied as they are and fit on the line. */
  private endOfLiterals(bytes: Uint8Array, from: i32, limit: i32, to: i32): i32 {
    const end = min(limit, from + LINE_LIMIT - this.lineLength);
    if (this.lineLength === 0 && isUnsafeAtLineStart(bytes, from, to)) return from;
    let at = from;
    while (at < end) {
      const byte: i32 = bytes[at];
      if (!isVisible(byte) && !(isBlank(byte) && at + 1 < to && isVisible(bytes[at + 1]))) break;
      at++;
    }
    return at;
  }

  /** What stays together on a line: a byte or a UTF-8 sequence. Where it does not fit, only the soft break before it. */
  private putUnit(bytes: Uint8Array, at: i32, to: i32, into: ByteBuilder): i32 {
    const byte: i32 = bytes[at];
    const size = sequenceSize(bytes, at, to);
    const isLiteral = this.isLiteral(bytes, at, to);
    const width = isLiteral ? 1 : 3 * size;
    if (this.lineLength + width > LINE_LIMIT) {
      into.add(EQUALS);
      into.addText(this.lineEnd);
      this.lineLength = 0;
      // A dash that stood within a line would begin one: with what follows it could be taken for a delimiter.
      if (byte !== DASH) return at;
      this.putEncoded(bytes, at, at + 1, into);
      this.lineLength = 3;
      return at + 1;
    }
    if (isLiteral) into.add(byte);
    else this.putEncoded(bytes, at, at + size, into);
    this.lineLength += width;
    return at + size;
  }

  private isLiteral(bytes: Uint8Array, at: i32, to: i32): boolean {
    const byte: i32 = bytes[at];
    if (isBlank(byte)) return at + 1 < to && !startsWith(bytes, at + 1, to, this.lineEnd);
    return isVisible(byte) && !(this.lineLength === 0 && isUnsafeAtLineStart(bytes, at, to));
  }

  /** @param to at most four bytes after `from` */
  private putEncoded(bytes: Uint8Array, from: i32, to: i32, into: ByteBuilder): void {
    let length = 0;
    for (let i = from; i < to; i++) {
      const byte: i32 = bytes[i];
      this.encoded[length] = u8(EQUALS);
      this.encoded[length + 1] = u8(HEX.charCodeAt(byte >> 4));
      this.encoded[length + 2] = u8(HEX.charCodeAt(byte & 0x0f));
      length += 3;
    }
    into.addRange(this.encoded, 0, length);
  }
}

/** A character of ASCII that stands for itself wherever it stands, but at the beginning of a line. */
function isVisible(byte: i32): boolean {
  return byte > SP && byte < 0x7f && byte !== EQUALS;
}

/** Whether these bytes may not begin a line as they are. */
export function isUnsafeAtLineStart(bytes: Uint8Array, at: i32, to: i32): boolean {
  const byte: i32 = bytes[at];
  if (byte === DASH) return at + 1 >= to || bytes[at + 1] === DASH;
  return byte === DOT || startsWith(bytes, at, to, FROM);
}

function startsWith(bytes: Uint8Array, at: i32, to: i32, text: string): boolean {
  if (to - at < text.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** How many bytes there are of the UTF-8 sequence that begins here; 1 where none does. */
function sequenceSize(bytes: Uint8Array, at: i32, to: i32): i32 {
  const byte: i32 = bytes[at];
  if (byte < 0xc0) return 1;
  const end = min(to, at + (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2));
  let next = at + 1;
  while (next < end && (bytes[next] & 0xc0) === 0x80) next++;
  return next - at;
}
