// EUC-JP: JIS X 0208, with half-width katakana after 0x8E and JIS X 0212 after 0x8F.
import { ByteBuilder } from '../byte-builder.ts';
import { CharsetDecoder } from './charset.ts';
import { EncodingIndex } from './encoding-index.ts';
import { FIRST_KATAKANA, jis0208Index, jis0208Pointer, jis0212Index, LAST_KATAKANA } from './jis.ts';
import { BlockDecoder, MultiByte } from './multi-byte.ts';

const TO_KATAKANA: i32 = 0x8e;
const TO_JIS0212: i32 = 0x8f;

export class EucJp extends MultiByte {
  constructor() {
    super('euc-jp');
  }

  decoder(): CharsetDecoder | null {
    return new EucJpDecoder();
  }

  protected add(point: i32, into: ByteBuilder): boolean {
    if (point >= FIRST_KATAKANA && point <= LAST_KATAKANA) {
      into.add(TO_KATAKANA);
      into.add(0xa1 + point - FIRST_KATAKANA);
      return true;
    }
    const pointer = jis0208Pointer(point);
    if (pointer < 0) return false;
    into.add(0xa1 + i32(pointer / 94));
    into.add(0xa1 + (pointer % 94));
    return true;
  }
}

class EucJpDecoder extends BlockDecoder {
  private readonly index: EncodingIndex = jis0208Index();
  private lead: i32 = 0;
  private isJis0212: boolean = false;

  protected mayEnd(): boolean {
    return this.lead === 0;
  }

  protected take(byte: i32): boolean {
    if (this.lead === 0) {
      if (byte < 0x80) return this.putAscii(byte);
      this.lead = byte;
      return byte === TO_KATAKANA || byte === TO_JIS0212 || (byte >= 0xa1 && byte <= 0xfe);
    }
    if (byte < 0xa1 || byte === 0xff) return false;
    const lead = this.lead;
    if (lead === TO_JIS0212) {
      this.isJis0212 = true;
      this.lead = byte;
      return true;
    }
    this.lead = 0;
    if (lead === TO_KATAKANA) return byte <= 0xdf && this.put(FIRST_KATAKANA + byte - 0xa1);
    const pointer = (lead - 0xa1) * 94 + byte - 0xa1;
    if (!this.isJis0212) return this.put(this.index.code(pointer));
    this.isJis0212 = false;
    return this.put(jis0212Index().code(pointer));
  }
}
