// UTF-16 and UTF-32 in either byte order.
import { ByteBuilder } from '../byte-builder.ts';
import { WideView } from './ascii-view.ts';
import { AsciiView, Charset, CharsetDecoder } from './charset.ts';
import { codePointAt, unitsOf } from './code-points.ts';
import { BlockDecoder } from './multi-byte.ts';

export class Wide extends Charset {
  /** @param size of a code unit, in bytes: 2 or 4 */
  constructor(
    name: string,
    size: i32,
    private readonly bigEndian: boolean,
  ) {
    super(name, false, false, size);
  }

  encode(text: string): Uint8Array | null {
    const bytes = new ByteBuilder();
    for (let i = 0; i < text.length; ) {
      const point = codePointAt(text, i);
      i += unitsOf(point);
      if (this.unit === 4 || point < 0x10000) this.addUnit(bytes, point);
      else {
        this.addUnit(bytes, 0xd800 + ((point - 0x10000) >> 10));
        this.addUnit(bytes, 0xdc00 + ((point - 0x10000) & 0x3ff));
      }
    }
    return bytes.bytes();
  }

  decoder(): CharsetDecoder | null {
    return new WideDecoder(this.unit, this.bigEndian);
  }

  asciiView(): AsciiView {
    return new WideView(this.unit, this.bigEndian);
  }

  private addUnit(bytes: ByteBuilder, value: i32): void {
    for (let i = 0; i < this.unit; i++) {
      bytes.add(value >> (8 * (this.bigEndian ? this.unit - 1 - i : i)));
    }
  }
}

class WideDecoder extends BlockDecoder {
  private value: i32 = 0;
  private read: i32 = 0;
  /** The first half of a surrogate pair whose second half has to come; 0 where there is none. */
  private high: i32 = 0;

  constructor(
    private readonly unit: i32,
    private readonly bigEndian: boolean,
  ) {
    super();
  }

  protected mayEnd(): boolean {
    return this.read === 0 && this.high === 0;
  }

  protected take(byte: i32): boolean {
    if (this.bigEndian) this.value = (this.value << 8) | byte;
    else this.value |= byte << (8 * this.read);
    if (++this.read < this.unit) return true;
    const value = this.value;
    this.value = 0;
    this.read = 0;
    return this.takeUnit(value);
  }

  private takeUnit(value: i32): boolean {
    const isLow = (value & ~0x3ff) === 0xdc00;
    if (this.high !== 0) {
      const point = 0x10000 + ((this.high - 0xd800) << 10) + (value - 0xdc00);
      this.high = 0;
      return isLow && this.putAny(point);
    }
    if (isLow) return false;
    if ((value & ~0x3ff) !== 0xd800) return value >= 0 && value <= 0x10ffff && this.putAny(value);
    this.high = value;
    return this.unit === 2;
  }
}
