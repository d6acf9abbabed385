// What the charsets of East Asia have in common: ASCII is itself, and other characters have two bytes or more.
import { ByteBuilder } from '../byte-builder.ts';
import { putUtf8 } from '../bytes.ts';
import { PlainView } from './ascii-view.ts';
import { AsciiView, Charset, CharsetDecoder } from './charset.ts';
import { codePointAt, isPrivateUse, unitsOf } from './code-points.ts';

export abstract class MultiByte extends Charset {
  constructor(name: string) {
    super(name, true, false, 1);
  }

  encode(text: string): Uint8Array | null {
    const bytes = new ByteBuilder();
    for (let i = 0; i < text.length; ) {
      const point = codePointAt(text, i);
      i += unitsOf(point);
      if (point < 0x80) bytes.add(point);
      else if (!this.add(point, bytes)) return null;
    }
    return bytes.bytes();
  }

  asciiView(): AsciiView {
    return new PlainView();
  }

  /** Appends a character that is not ASCII, if the charset has it. */
  protected abstract add(point: i32, into: ByteBuilder): boolean;
}

/** Output is handed on in blocks of this size. */
const BLOCK: i32 = 2048;

/** Gathers what is decoded. What is invalid ends the decoding: the state after it does not matter. */
export abstract class BlockDecoder extends CharsetDecoder {
  /** A byte, or the end of a character, makes eight bytes of UTF-8 at most: Big5 has pairs. */
  private readonly block: Uint8Array = new Uint8Array(BLOCK + 8);
  private used: i32 = 0;

  decode(bytes: Uint8Array, from: i32, to: i32, into: ByteBuilder): boolean {
    for (let i = from; i < to; i++) {
      if (!this.take(bytes[i])) return false;
      if (this.used >= BLOCK) this.flush(into);
    }
    this.flush(into);
    return true;
  }

  end(_into: ByteBuilder): boolean {
    return this.mayEnd();
  }

  /** @returns false where the byte is not valid here */
  protected abstract take(byte: i32): boolean;

  /** Whether the text may end here: no character is cut, and what shifts has shifted back. */
  protected abstract mayEnd(): boolean;

  /** A character was read; 0 where the charset has none there. */
  protected put(point: i32): boolean {
    return point !== 0 && !isPrivateUse(point) && this.putAny(point);
  }

  /** A character was read, and it is certain what it is. */
  protected putAny(point: i32): boolean {
    this.used = putUtf8(this.block, this.used, point);
    return true;
  }

  protected putAscii(byte: i32): boolean {
    this.block[this.used++] = u8(byte);
    return true;
  }

  private flush(into: ByteBuilder): void {
    into.addRange(this.block, 0, this.used);
    this.used = 0;
  }
}
