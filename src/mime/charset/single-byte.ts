// Charsets in which one byte is one character: ISO 8859, Windows, KOI8, Macintosh.
import { ByteBuilder } from '../byte-builder.ts';
import { putUtf8 } from '../bytes.ts';
import { PlainView } from './ascii-view.ts';
import { AsciiView, Charset, CharsetDecoder } from './charset.ts';
import { isPrivateUse } from './code-points.ts';
import { SINGLE_BYTE, SINGLE_BYTE_NAMES } from './data/single-byte.ts';

const UPPER_HALF: i32 = 0x80;

/** The characters that the upper bytes stand for. */
export class UpperHalf {
  /** Bytes from UPPER_HALF on, less that, by the code points that they stand for. */
  private order: Uint8Array | null = null;

  /**
   * @param place of its first code point in SINGLE_BYTE
   * @param firstRead the lowest byte over 127 that is read
   * @param firstWritten the lowest byte over 127 that is written
   */
  constructor(
    private readonly place: i32,
    private readonly firstRead: i32,
    private readonly firstWritten: i32,
  ) {}

  /** The code point of a byte over 127; 0 where it means nothing. */
  code(byte: i32): i32 {
    return byte < this.firstRead ? 0 : this.codeAt(byte - UPPER_HALF);
  }

  /** The byte of a code point over 127, or -1. */
  byte(code: i32): i32 {
    let order = this.order;
    if (order === null) {
      order = this.sorted();
      this.order = order;
    }
    let low = 0;
    let high = order.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.codeAt(order[middle]) < code) low = middle + 1;
      else high = middle;
    }
    if (low === order.length || this.codeAt(order[low]) !== code) return -1;
    const byte = UPPER_HALF + order[low];
    return byte < this.firstWritten ? -1 : byte;
  }

  private codeAt(index: i32): i32 {
    const code: i32 = SINGLE_BYTE.charCodeAt(this.place + index);
    return isPrivateUse(code) ? 0 : code;
  }

  /** By insertion: the tables are in order for the most part. */
  private sorted(): Uint8Array {
    const order = new Uint8Array(UPPER_HALF);
    for (let i = 0; i < order.length; i++) {
      let at = i;
      while (at > 0 && this.codeAt(order[at - 1]) > this.codeAt(i)) {
        order[at] = order[at - 1];
        at--;
      }
      order[at] = u8(i);
    }
    return order;
  }
}

export class SingleByte extends Charset {
  constructor(
    name: string,
    private readonly upper: UpperHalf,
  ) {
    super(name, true, false, 1);
  }

  override get isSingleByte(): boolean {
    return true;
  }

  encode(text: string): Uint8Array | null {
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) {
      const unit: i32 = text.charCodeAt(i);
      const byte = unit < UPPER_HALF ? unit : this.upper.byte(unit);
      if (byte < 0) return null;
      bytes[i] = u8(byte);
    }
    return bytes;
  }

  decoder(): CharsetDecoder | null {
    return new SingleByteDecoder(this.upper);
  }

  asciiView(): AsciiView {
    return new PlainView();
  }
}

/** Bytes that are decoded at once. */
const BLOCK: i32 = 1024;

class SingleByteDecoder extends CharsetDecoder {
  /** A byte makes three at most. */
  private readonly block: Uint8Array = new Uint8Array(3 * BLOCK);
  /** Of each byte of the upper half: what it is in UTF-8, first byte lowest; 0 where it is nothing. */
  private readonly utf8: Uint32Array = new Uint32Array(UPPER_HALF);

  constructor(upper: UpperHalf) {
    super();
    const bytes = new Uint8Array(4);
    for (let i = 0; i < UPPER_HALF; i++) {
      const code = upper.code(UPPER_HALF + i);
      if (code === 0) continue;
      const length = putUtf8(bytes, 0, code);
      this.utf8[i] = bytes[0] | (i32(bytes[1]) << 8) | (length > 2 ? i32(bytes[2]) << 16 : 0);
    }
  }

  decode(bytes: Uint8Array, from: i32, to: i32, into: ByteBuilder): boolean {
    for (let start = from; start < to; start += BLOCK) {
      if (!this.decodeBlock(bytes, start, min(start + BLOCK, to), into)) return false;
    }
    return true;
  }

  end(_into: ByteBuilder): boolean {
    return true;
  }

  private decodeBlock(bytes: Uint8Array, from: i32, to: i32, into: ByteBuilder): boolean {
    const block = this.block;
    const utf8 = this.utf8;
    let length = 0;
    for (let i = from; i < to; i++) {
      const byte: i32 = bytes[i];
      if (byte < UPPER_HALF) {
        block[length++] = u8(byte);
        continue;
      }
      const character: i32 = utf8[byte & 0x7f];
      if (character === 0) return false;
      block[length++] = u8(character);
      block[length++] = u8(character >> 8);
      if (character > 0xffff) block[length++] = u8(character >> 16);
    }
    into.addRange(block, 0, length);
    return true;
  }
}

const FIRST: i32 = UPPER_HALF;

/** Where the characters of ISO 8859 begin: bytes below it are control characters, if anything. */
const NO_BREAK_SPACE: i32 = 0xa0;

/**
 * The single-byte charset of this name; null where it is none.
 *
 * A name of the ISO 8859 family, and TIS-620's, promises no character below 0xA0. Where such bytes stand all the same,
 * readers disagree whether they are Windows' quotes or nothing: such text is not certain. ISO 8859-1 alone is read as
 * windows-1252 by every reader, and written without its additions.
 */
export function singleByteNamed(name: string): Charset | null {
  if (name === 'iso-8859-1') return made(name, 'windows-1252', FIRST, NO_BREAK_SPACE);
  if (name === 'iso-8859-9') return made(name, 'windows-1254', NO_BREAK_SPACE, NO_BREAK_SPACE);
  if (name === 'iso-8859-11') return made(name, 'windows-874', NO_BREAK_SPACE, NO_BREAK_SPACE);
  // It lacks the no-break space, which readers show all the same.
  if (name === 'tis-620') return made(name, 'windows-874', NO_BREAK_SPACE, NO_BREAK_SPACE + 1);
  const first = name.startsWith('iso-8859-') ? NO_BREAK_SPACE : FIRST;
  return made(name, name, first, first);
}

function made(name: string, table: string, firstRead: i32, firstWritten: i32): Charset | null {
  for (let i = 0; i < SINGLE_BYTE_NAMES.length; i++) {
    if (SINGLE_BYTE_NAMES[i] === table) {
      return new SingleByte(name, new UpperHalf(UPPER_HALF * i, firstRead, firstWritten));
    }
  }
  return null;
}
