// ISO-2022-KR (RFC 1557): seven bits, KS X 1001 between SO and SI.
import { ByteBuilder } from '../byte-builder.ts';
import { lastIndexOf } from '../bytes.ts';
import { Iso2022KrView } from './ascii-view.ts';
import { AsciiView, Charset, CharsetDecoder } from './charset.ts';
import { EncodingIndex } from './encoding-index.ts';
import { eucKrIndex } from './euc-kr.ts';
import { BlockDecoder } from './multi-byte.ts';

const ESC: i32 = 0x1b;
const SHIFT_OUT: i32 = 0x0e;
const SHIFT_IN: i32 = 0x0f;

export class Iso2022Kr extends Charset {
  constructor() {
    super('iso-2022-kr', true, true, 1);
  }

  /** ASCII alone: Korean would have to be announced at the text's beginning, where others have written already. */
  encode(text: string): Uint8Array | null {
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) {
      const unit: i32 = text.charCodeAt(i);
      if (unit > 0x7f || unit === ESC || unit === SHIFT_OUT || unit === SHIFT_IN) return null;
      bytes[i] = u8(unit);
    }
    return bytes;
  }

  decoder(): CharsetDecoder | null {
    return new Iso2022KrDecoder();
  }

  asciiView(): AsciiView {
    return new Iso2022KrView();
  }

  /** A text may end in Korean by mistake. One SI too many does no harm. */
  override resetAfter(text: Uint8Array): Uint8Array {
    const reset = new ByteBuilder();
    const out = lastIndexOf(text, SHIFT_OUT, 0, text.length);
    if (out > lastIndexOf(text, SHIFT_IN, 0, text.length)) reset.add(SHIFT_IN);
    return reset.bytes();
  }
}

/** ESC $ ) C */
const DESIGNATOR: StaticArray<u8> = [0x1b, 0x24, 0x29, 0x43];

class Iso2022KrDecoder extends BlockDecoder {
  private readonly index: EncodingIndex = eucKrIndex();
  /** How many bytes of the designator have been read. */
  private designator: i32 = 0;
  private isDesignated: boolean = false;
  private isShifted: boolean = false;
  private lead: i32 = 0;

  protected mayEnd(): boolean {
    return this.designator === 0 && !this.isShifted;
  }

  protected take(byte: i32): boolean {
    if (this.isShifted) return this.takeShifted(byte);
    if (this.designator > 0 || byte === ESC) return this.takeDesignator(byte);
    if (byte === SHIFT_OUT) {
      this.isShifted = true;
      return this.isDesignated;
    }
    return byte < 0x80 && byte !== SHIFT_IN && this.putAscii(byte);
  }

  private takeDesignator(byte: i32): boolean {
    if (byte !== DESIGNATOR[this.designator++]) return false;
    if (this.designator === DESIGNATOR.length) {
      this.designator = 0;
      this.isDesignated = true;
    }
    return true;
  }

  /** Each line has to end in ASCII: a line end is no half of a character. */
  private takeShifted(byte: i32): boolean {
    if (byte === SHIFT_IN) {
      this.isShifted = false;
      return this.lead === 0;
    }
    if (byte < 0x21 || byte > 0x7e) return false;
    if (this.lead === 0) {
      this.lead = byte;
      return true;
    }
    const pointer = (this.lead + 0x80 - 0x81) * 190 + byte + 0x80 - 0x41;
    this.lead = 0;
    return this.put(this.index.code(pointer));
  }
}
