// Big5, Chinese as it is written in Taiwan and Hong Kong, with Hong Kong's supplement.
import { ByteBuilder } from '../byte-builder.ts';
import { CharsetDecoder } from './charset.ts';
import { BIG5, BIG5_SIZE } from './data/big5.ts';
import { EncodingIndex } from './encoding-index.ts';
import { BlockDecoder, MultiByte } from './multi-byte.ts';

/** Lead byte 0xA1. What the supplement has below it is read and never written, as the standard's encoder has it. */
const FIRST_WRITTEN: i32 = (0xa1 - 0x81) * 157;

let index: EncodingIndex | null = null;

function big5Index(): EncodingIndex {
  let made = index;
  if (made === null) {
    made = new EncodingIndex(BIG5, BIG5_SIZE, FIRST_WRITTEN);
    index = made;
  }
  return made;
}

export class Big5 extends MultiByte {
  constructor() {
    super('big5');
  }

  decoder(): CharsetDecoder | null {
    return new Big5Decoder();
  }

  protected add(point: i32, into: ByteBuilder): boolean {
    const twice = secondPointer(point);
    const pointer = twice >= 0 ? twice : big5Index().pointer(point);
    if (pointer < 0 || isDisputed(pointer)) return false;
    into.add(0x81 + i32(pointer / 157));
    into.add((pointer % 157) + (pointer % 157 < 0x3f ? 0x40 : 0x62));
    return true;
  }
}

/** Of the characters that stand in Big5 twice, these two are written as the second: the first is a vendor's. */
function secondPointer(point: i32): i32 {
  if (point === 0x5341) return 5512;
  return point === 0x5345 ? 5599 : -1;
}

/**
 * QUIRK: rows that vendors filled, each in its own way. Browsers agree on them, other readers (Python's codec, older mail
 * programs) show other characters there: kana became Cyrillic. They are read and not written.
 */
function isDisputed(pointer: i32): boolean {
  return (pointer >= A3C0 && pointer <= A3FE) || (pointer >= C6A1 && pointer <= C8FE) || pointer >= F9D6;
}

/** Pointers of the codes after which they are named. */
const A3C0: i32 = (0xa3 - 0x81) * 157 + (0xc0 - 0x62);
const A3FE: i32 = (0xa3 - 0x81) * 157 + (0xfe - 0x62);
const C6A1: i32 = (0xc6 - 0x81) * 157 + (0xa1 - 0x62);
const C8FE: i32 = (0xc8 - 0x81) * 157 + (0xfe - 0x62);
const F9D6: i32 = (0xf9 - 0x81) * 157 + (0xd6 - 0x62);

class Big5Decoder extends BlockDecoder {
  private readonly index: EncodingIndex = big5Index();
  private lead: i32 = 0;

  protected mayEnd(): boolean {
    return this.lead === 0;
  }

  protected take(byte: i32): boolean {
    if (this.lead !== 0) return this.takeTrail(byte);
    if (byte < 0x80) return this.putAscii(byte);
    this.lead = byte;
    return byte >= 0x81 && byte <= 0xfe;
  }

  private takeTrail(byte: i32): boolean {
    if (byte < 0x40 || (byte > 0x7e && byte < 0xa1) || byte === 0xff) return false;
    const pointer = (this.lead - 0x81) * 157 + byte - (byte < 0x7f ? 0x40 : 0x62);
    this.lead = 0;
    switch (pointer) {
      case 1133:
        return this.put(0xca) && this.put(0x304);
      case 1135:
        return this.put(0xca) && this.put(0x30c);
      case 1164:
        return this.put(0xea) && this.put(0x304);
      case 1166:
        return this.put(0xea) && this.put(0x30c);
      default:
        return this.put(this.index.code(pointer));
    }
  }
}
