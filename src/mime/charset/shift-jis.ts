// Shift_JIS: JIS X 0208 in pairs of rows, and half-width katakana of one byte. Read as Windows' code page 932.
import { ByteBuilder } from '../byte-builder.ts';
import { CharsetDecoder } from './charset.ts';
import { EncodingIndex } from './encoding-index.ts';
import { FIRST_KATAKANA, jis0208Index, jis0208Pointer, LAST_KATAKANA } from './jis.ts';
import { BlockDecoder, MultiByte } from './multi-byte.ts';

export class ShiftJis extends MultiByte {
  constructor() {
    super('shift_jis');
  }

  decoder(): CharsetDecoder | null {
    return new ShiftJisDecoder();
  }

  protected add(point: i32, into: ByteBuilder): boolean {
    if (point >= FIRST_KATAKANA && point <= LAST_KATAKANA) {
      into.add(0xa1 + point - FIRST_KATAKANA);
      return true;
    }
    const pointer = jis0208Pointer(point);
    if (pointer < 0) return false;
    const lead = i32(pointer / 188);
    const trail = pointer % 188;
    into.add(lead + (lead < 0x1f ? 0x81 : 0xc1));
    into.add(trail + (trail < 0x3f ? 0x40 : 0x41));
    return true;
  }
}

class ShiftJisDecoder extends BlockDecoder {
  private readonly index: EncodingIndex = jis0208Index();
  private lead: i32 = 0;

  protected mayEnd(): boolean {
    return this.lead === 0;
  }

  protected take(byte: i32): boolean {
    if (this.lead !== 0) return this.takeTrail(byte);
    if (byte < 0x80) return this.putAscii(byte);
    if (byte === 0x80) return this.put(byte);
    if (byte >= 0xa1 && byte <= 0xdf) return this.put(FIRST_KATAKANA + byte - 0xa1);
    this.lead = byte;
    return byte !== 0xa0 && byte <= 0xfc;
  }

  private takeTrail(byte: i32): boolean {
    if (byte < 0x40 || byte === 0x7f || byte > 0xfc) return false;
    const row = this.lead - (this.lead < 0xa0 ? 0x81 : 0xc1);
    this.lead = 0;
    return this.put(this.index.code(row * 188 + byte - (byte < 0x7f ? 0x40 : 0x41)));
  }
}
