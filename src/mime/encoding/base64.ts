// Base64 (RFC 2045 §6.8).
import { ByteBuilder } from '../byte-builder.ts';
import { EQUALS, NONE } from '../bytes.ts';
import { Window } from '../window.ts';
import { Decoder } from './decoder.ts';
import { ContentEncoder } from './transfer-coding.ts';

/** The longest line that may be written. */
export const BASE64_LINE: i32 = 76;

// Reading

/** What a byte is that is not of the alphabet. */
const LINE_END: i32 = 64;
const BLANK: i32 = 65;
const PADDING: i32 = 66;
/** `-` and `_`, which stand for `+` and `/` in another alphabet (RFC 4648 §5). */
const URL_SAFE: i32 = 67;

/** The six bits of each character of the alphabet; else one of the kinds above, or 68. */
// biome-ignore format: a table
const SEXTETS: StaticArray<u8> = [
  68, 68, 68, 68, 68, 68, 68, 68, 68, 65, 64, 68, 68, 64, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68,
  65, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 62, 68, 67, 68, 63, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 68, 68, 68, 66, 68, 68,
  68, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 68, 68, 68, 68, 67,
  68, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 68, 68, 68, 68, 68,
  68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68,
  68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68,
  68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68,
  68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68,
];

/** So many characters of base64 stand before and between strays: no more than in any line, and more than in any word. */
const STRAY_DISTANCE: i32 = 32;

/** What stands on the line before a character. */
enum Before {
  Nothing,
  Base64,
  Base64AndBlanks,
}

/**
 * Reads whole groups of four characters into three bytes each. The group that padding or the end cuts short comes last,
 * and nothing after it is read.
 *
 * QUIRK: what is not of the alphabet is passed over (RFC 2045 §6.8), as most readers do.
 */
export class Base64Decoder extends Decoder {
  /**
   * Known once `read` has returned 0: where the last group begins if it is not whole, or the padding if it is; the
   * content's end where there is neither. What is written there instead follows all that readers read.
   */
  tailStart: number;
  /** After the last character of base64, padding included: line ends and blanks follow. */
  dataEnd: number;

  private scanned: number;
  /** The group at hand: its bits, and how many characters of it have been read. */
  private group: i32 = 0;
  private inGroup: i32 = 0;
  /** How many whole groups have been read. */
  private groups: number = 0;
  private before: Before = Before.Nothing;
  private strays: number = 0;
  /** How many characters of base64 come before the last stray. */
  private beforeStray: number = 0;
  private broken: boolean = false;

  constructor(window: Window, start: number, end: number) {
    super(window, start, end);
    this.scanned = start;
    this.tailStart = end;
    this.dataEnd = start;
  }

  /**
   * Something follows the padding; the last group is of one character or has a stray in it; there are characters of the
   * URL-safe alphabet, which some readers read and some pass over; or there are more strays than a single one in much
   * base64. A backslash before the first line was seen, and `!` where a gateway broke lines: readers pass over them. Text
   * under a wrong label, or that other software put after base64, has some in every line.
   */
  override get isBroken(): boolean {
    return this.broken || this.strays * STRAY_DISTANCE > 4 * this.groups;
  }

  read(into: Uint8Array): i32 {
    const limit = into.length - 2;
    let length = 0;
    while (length < limit && this.scanned < this.end) length = this.readWindow(into, length, limit);
    if (length < limit && this.inGroup > 0) length = this.readTail(into, length);
    this.offset = this.scanned;
    return length;
  }

  /**
   * Reads on to the end of what the window holds, or to the content's end.
   * @param limit before which a group's first byte has to stand
   * @returns how much of `into` is filled
   */
  private readWindow(into: Uint8Array, from: i32, limit: i32): i32 {
    const available = min(f64(this.window.load(this.scanned)), this.end - this.scanned);
    if (available === 0) {
      this.scanned = this.end;
      return from;
    }
    const memory = this.window.memory;
    const first = this.window.indexOfOffset(this.scanned);
    const last = first + i32(available);
    let length = from;
    let at = first;
    while (at < last && length < limit) {
      if (this.inGroup === 0 && this.before !== Before.Base64AndBlanks) {
        const groups = decodeGroups(memory, at, last, into, length);
        if (groups > 0) {
          this.before = Before.Base64;
          this.groups += groups;
          at += 4 * groups;
          length += 3 * groups;
          this.dataEnd = this.scanned + (at - first);
          continue;
        }
      }
      const sextet: i32 = SEXTETS[memory[at]];
      if (sextet === PADDING) break;
      if (sextet >= LINE_END) this.passOver(sextet);
      else if (this.take(sextet, this.scanned + (at - first))) length = this.putGroup(into, length);
      at++;
    }
    this.scanned += at - first;
    if (at < last && length < limit) this.readPadding();
    return length;
  }

  /** Whether the character makes the group whole. */
  private take(sextet: i32, offset: number): boolean {
    if (this.before === Before.Base64AndBlanks) this.addStray();
    this.before = Before.Base64;
    if (this.inGroup === 0) this.tailStart = offset;
    this.dataEnd = offset + 1;
    this.group = (this.group << 6) | sextet;
    return ++this.inGroup === 4;
  }

  private putGroup(into: Uint8Array, at: i32): i32 {
    into[at] = u8(this.group >> 16);
    into[at + 1] = u8(this.group >> 8);
    into[at + 2] = u8(this.group);
    this.group = 0;
    this.inGroup = 0;
    this.groups++;
    this.tailStart = this.end;
    return at + 3;
  }

  /** Blanks between characters of one line are strays: lines of words have them. */
  private passOver(kind: i32): void {
    if (kind === LINE_END) this.before = Before.Nothing;
    else if (kind !== BLANK) this.addStray();
    else if (this.before === Before.Base64) this.before = Before.Base64AndBlanks;
    if (kind === URL_SAFE) this.broken = true;
  }

  private addStray(): void {
    const characters = 4 * this.groups + this.inGroup;
    if (this.strays > 0 && characters - this.beforeStray < STRAY_DISTANCE) this.broken = true;
    this.strays++;
    this.beforeStray = characters;
  }

  /** After it comes nothing that readers agree about. */
  private readPadding(): void {
    if (this.inGroup === 0) this.tailStart = this.scanned;
    while (this.scanned < this.end) {
      const byte = this.window.byteAt(this.scanned++);
      const kind: i32 = byte < 0 ? NONE : SEXTETS[byte];
      if (kind === PADDING) this.dataEnd = this.scanned;
      else if (kind !== LINE_END && kind !== BLANK) {
        this.broken = true;
        this.scanned = this.end;
      }
    }
  }

  private readTail(into: Uint8Array, at: i32): i32 {
    const bits = this.group << (6 * (4 - this.inGroup));
    const length = this.inGroup - 1;
    if (length === 0 || this.beforeStray > 4 * this.groups) this.broken = true;
    if (length > 0) into[at] = u8(bits >> 16);
    if (length > 1) into[at + 1] = u8(bits >> 8);
    this.inGroup = 0;
    return at + length;
  }
}

/**
 * Decodes well-formed groups: up to the first character that is not of the alphabet, to `last`, or until `into` is full.
 * @returns how many groups
 */
function decodeGroups(memory: Uint8Array, first: i32, last: i32, into: Uint8Array, from: i32): i32 {
  const most = min((last - first) >> 2, i32((into.length - from) / 3));
  let at = first;
  let length = from;
  for (let groups = 0; groups < most; groups++) {
    const a: i32 = SEXTETS[memory[at]];
    const b: i32 = SEXTETS[memory[at + 1]];
    const c: i32 = SEXTETS[memory[at + 2]];
    const d: i32 = SEXTETS[memory[at + 3]];
    if ((a | b | c | d) >= LINE_END) return groups;
    into[length] = u8((a << 2) | (b >> 4));
    into[length + 1] = u8((b << 4) | (c >> 2));
    into[length + 2] = u8((c << 6) | d);
    at += 4;
    length += 3;
  }
  return most;
}

// Writing

const ALPHABET: string = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Writes lines of base64; the last one has no line end. */
export class Base64Encoder extends ContentEncoder {
  /** What has been written of a line and is not in the builder yet. */
  private readonly line: Uint8Array;
  private inLine: i32 = 0;
  /** Bytes that do not make a group yet. */
  private group: i32 = 0;
  private inGroup: i32 = 0;

  /**
   * @param column how long the line is that the first group goes on
   * @param width the longest line to write
   */
  constructor(
    private readonly lineEnd: string,
    private column: i32 = 0,
    private readonly width: i32 = BASE64_LINE,
  ) {
    super();
    this.line = new Uint8Array(max(width, 4));
  }

  write(bytes: Uint8Array, from: i32, to: i32, into: ByteBuilder): void {
    let at = from;
    while (at < to) {
      if (this.inGroup === 0 && at + 2 < to) {
        this.putGroup((i32(bytes[at]) << 16) | (i32(bytes[at + 1]) << 8) | bytes[at + 2], 4, into);
        at += 3;
        continue;
      }
      this.group = (this.group << 8) | bytes[at++];
      if (++this.inGroup === 3) this.putGroup(this.group, 4, into);
    }
    this.flush(into);
  }

  end(into: ByteBuilder): void {
    if (this.inGroup > 0) this.putGroup(this.group << (8 * (3 - this.inGroup)), this.inGroup + 1, into);
    this.flush(into);
  }

  /** @param characters how many there are before the padding */
  private putGroup(bits: i32, characters: i32, into: ByteBuilder): void {
    if (this.column > 0 && this.column + 4 > this.width) {
      this.flush(into);
      into.addText(this.lineEnd);
      this.column = 0;
    }
    const at = this.inLine;
    this.line[at] = u8(ALPHABET.charCodeAt((bits >> 18) & 0x3f));
    this.line[at + 1] = u8(ALPHABET.charCodeAt((bits >> 12) & 0x3f));
    this.line[at + 2] = u8(characters > 2 ? ALPHABET.charCodeAt((bits >> 6) & 0x3f) : EQUALS);
    this.line[at + 3] = u8(characters > 3 ? ALPHABET.charCodeAt(bits & 0x3f) : EQUALS);
    this.inLine += 4;
    this.column += 4;
    this.group = 0;
    this.inGroup = 0;
  }

  private flush(into: ByteBuilder): void {
    into.addRange(this.line, 0, this.inLine);
    this.inLine = 0;
  }
}
