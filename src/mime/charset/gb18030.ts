// Chinese as it is written in China: GB 2312, GBK and GB 18030, each of which holds the one before.
import { ByteBuilder } from '../byte-builder.ts';
import { CharsetDecoder } from './charset.ts';
import { GB18030, GB18030_SIZE } from './data/gb18030.ts';
import { GB18030_RANGES } from './data/gb18030-ranges.ts';
import { EncodingIndex } from './encoding-index.ts';
import { BlockDecoder, MultiByte } from './multi-byte.ts';

/** How much of GB 18030 a charset promises. */
export enum GbExtent {
  Gb2312,
  Gbk,
  Gb18030,
}

let index: EncodingIndex | null = null;

export function gb18030Index(): EncodingIndex {
  let made = index;
  if (made === null) {
    made = new EncodingIndex(GB18030, GB18030_SIZE, 0);
    index = made;
  }
  return made;
}

const EURO_SIGN: i32 = 0x20ac;

/** All three are read as the largest of them, which is what readers do. */
export class Gb extends MultiByte {
  constructor(
    name: string,
    private readonly extent: GbExtent,
  ) {
    super(name);
  }

  decoder(): CharsetDecoder | null {
    return new Gb18030Decoder();
  }

  protected add(point: i32, into: ByteBuilder): boolean {
    if (this.extent === GbExtent.Gbk && point === EURO_SIGN) {
      into.add(0x80);
      return true;
    }
    const pointer = gb18030Index().pointer(point);
    if (pointer < 0) return this.extent === GbExtent.Gb18030 && addFourBytes(point, into);
    const lead = 0x81 + i32(pointer / 190);
    const trail = (pointer % 190) + (pointer % 190 < 0x3f ? 0x40 : 0x41);
    if (this.extent === GbExtent.Gb2312 && !isGb2312((lead << 8) | trail)) return false;
    into.add(lead);
    into.add(trail);
    return true;
  }
}

/** The rows of GB 2312-80 itself; GBK filled their gaps. */
function isGb2312(code: i32): boolean {
  if ((code & 0xff) < 0xa1 || code < 0xa1a1 || code > 0xf7fe) return false;
  switch (code >> 8) {
    case 0xa2:
      return code >= 0xa2b1 && code !== 0xa2e3;
    case 0xa6:
      return code < 0xa6d9;
    case 0xa8:
      return code < 0xa8bb || code > 0xa8c0;
    case 0xa9:
      return code < 0xa989 || code > 0xa995;
    default:
      return true;
  }
}

/** The pointer of U+10000. */
const SUPPLEMENTARY: i32 = 189_000;

function addFourBytes(point: i32, into: ByteBuilder): boolean {
  const pointer = point < 0x10000 ? rangesPointer(point) : SUPPLEMENTARY + point - 0x10000;
  if (pointer < 0) return false;
  into.add(0x81 + i32(pointer / 12_600));
  into.add(0x30 + (i32(pointer / 1260) % 10));
  into.add(0x81 + (i32(pointer / 10) % 126));
  into.add(0x30 + (pointer % 10));
  return true;
}

function rangesPointer(point: i32): i32 {
  for (let i = 0; i < GB18030_RANGES.length; i += 3) {
    const offset = point - GB18030_RANGES.charCodeAt(i + 1);
    if (offset >= 0 && offset < GB18030_RANGES.charCodeAt(i + 2))
      return GB18030_RANGES.charCodeAt(i) + offset;
  }
  return -1;
}

/** @returns 0 where there is none */
function rangesCode(pointer: i32): i32 {
  if (pointer >= SUPPLEMENTARY)
    return pointer - SUPPLEMENTARY < 0x100000 ? 0x10000 + pointer - SUPPLEMENTARY : 0;
  let low = 0;
  let high = i32(GB18030_RANGES.length / 3);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (GB18030_RANGES.charCodeAt(3 * middle) <= pointer) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return 0;
  const at = 3 * (low - 1);
  const offset = pointer - GB18030_RANGES.charCodeAt(at);
  return offset < GB18030_RANGES.charCodeAt(at + 2) ? GB18030_RANGES.charCodeAt(at + 1) + offset : 0;
}

class Gb18030Decoder extends BlockDecoder {
  private readonly index: EncodingIndex = gb18030Index();
  /** The bytes of a character that has not ended; 0 where there is none. */
  private first: i32 = 0;
  private second: i32 = 0;
  private third: i32 = 0;

  protected mayEnd(): boolean {
    return this.first === 0;
  }

  protected take(byte: i32): boolean {
    if (this.third !== 0) return this.takeFourth(byte);
    if (this.second !== 0) {
      this.third = byte;
      return byte >= 0x81 && byte <= 0xfe;
    }
    if (this.first !== 0) return this.takeSecond(byte);
    if (byte < 0x80) return this.putAscii(byte);
    if (byte === 0x80) return this.put(EURO_SIGN);
    this.first = byte;
    return byte !== 0xff;
  }

  private takeSecond(byte: i32): boolean {
    if (byte >= 0x30 && byte <= 0x39) {
      this.second = byte;
      return true;
    }
    if (byte < 0x40 || byte === 0x7f || byte === 0xff) return false;
    const pointer = (this.first - 0x81) * 190 + byte - (byte < 0x7f ? 0x40 : 0x41);
    this.first = 0;
    return this.put(this.index.code(pointer));
  }

  private takeFourth(byte: i32): boolean {
    if (byte < 0x30 || byte > 0x39) return false;
    const pointer =
      ((this.first - 0x81) * 10 + this.second - 0x30) * 1260 + (this.third - 0x81) * 10 + byte - 0x30;
    this.first = 0;
    this.second = 0;
    this.third = 0;
    return this.put(rangesCode(pointer));
  }
}
