// EUC-KR, with all syllables of Hangul as Microsoft's code page 949 has them.
import { ByteBuilder } from '../byte-builder.ts';
import { CharsetDecoder } from './charset.ts';
import { EUC_KR, EUC_KR_SIZE } from './data/euc-kr.ts';
import { EncodingIndex } from './encoding-index.ts';
import { BlockDecoder, MultiByte } from './multi-byte.ts';

let index: EncodingIndex | null = null;

export function eucKrIndex(): EncodingIndex {
  let made = index;
  if (made === null) {
    made = new EncodingIndex(EUC_KR, EUC_KR_SIZE, 0);
    index = made;
  }
  return made;
}

export class EucKr extends MultiByte {
  constructor() {
    super('euc-kr');
  }

  decoder(): CharsetDecoder | null {
    return new EucKrDecoder();
  }

  protected add(point: i32, into: ByteBuilder): boolean {
    const pointer = eucKrIndex().pointer(point);
    if (pointer < 0) return false;
    into.add(0x81 + i32(pointer / 190));
    into.add(0x41 + (pointer % 190));
    return true;
  }
}

class EucKrDecoder extends BlockDecoder {
  private readonly index: EncodingIndex = eucKrIndex();
  private lead: i32 = 0;

  protected mayEnd(): boolean {
    return this.lead === 0;
  }

  protected take(byte: i32): boolean {
    if (this.lead === 0) {
      if (byte < 0x80) return this.putAscii(byte);
      this.lead = byte;
      return byte >= 0x81 && byte <= 0xfe;
    }
    if (byte < 0x41 || byte === 0xff) return false;
    const pointer = (this.lead - 0x81) * 190 + byte - 0x41;
    this.lead = 0;
    return this.put(this.index.code(pointer));
  }
}
