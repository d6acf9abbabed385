import { asBuffer, LF } from '../mime/bytes.ts';
import type { Charset } from '../mime/charset.ts';

/** Stands for a character that is not ASCII: no letter, no blank, no `<`. */
const OTHER = 0x80;

/** How many bytes one code unit of the charset has: offsets in what SingleBytes gives count units. */
export function unitSize(charset: Charset | undefined): 1 | 2 {
  return charset?.name.startsWith('utf-16') ? 2 : 1;
}

/**
 * Shows a text with one byte for each code unit: ASCII as itself, everything else as a byte over 127. So code that
 * looks for line ends and tags reads every charset alike, the two-byte ones and those that shift included.
 */
export class SingleBytes {
  readonly #read: (bytes: Uint8Array) => Uint8Array;

  constructor(charset: Charset | undefined) {
    const name = charset?.name ?? '';
    const iso2022 = new Iso2022();
    if (name.startsWith('utf-16')) this.#read = (bytes) => utf16Units(bytes, name === 'utf-16be');
    else if (name.startsWith('iso-2022-')) this.#read = (bytes) => iso2022.read(bytes);
    else this.#read = (bytes) => bytes;
  }

  /** @param bytes the next bytes of the text, whole units */
  read(bytes: Uint8Array): Uint8Array {
    return this.#read(bytes);
  }
}

function utf16Units(bytes: Uint8Array, bigEndian: boolean): Uint8Array {
  const units = Buffer.alloc(Math.floor(bytes.length / 2));
  for (let i = 0; i < units.length; i++) {
    const high = bytes[2 * i + (bigEndian ? 0 : 1)]!;
    const low = bytes[2 * i + (bigEndian ? 1 : 0)]!;
    units[i] = high === 0 && low < OTHER ? low : OTHER;
  }
  return units;
}

/** Between `ESC $ …` and `ESC ( B`, bytes that look like ASCII are halves of other characters (RFC 1468). */
class Iso2022 {
  #mode: 'ascii' | 'escape' | 'escape (' | 'escape $' | 'shifted' = 'ascii';

  read(bytes: Uint8Array): Uint8Array {
    // A loop: `Uint8Array.from` would ask for each byte in turn through an iterator.
    const single = new Uint8Array(bytes.length);
    for (let i = 0; i < bytes.length; i++) single[i] = this.#readByte(bytes[i]!);
    return single;
  }

  #readByte(byte: number): number {
    if (byte === 0x1b) this.#mode = 'escape';
    else if (byte === LF) this.#mode = 'ascii';
    else if (this.#mode === 'ascii') return byte;
    else if (this.#mode === 'escape')
      this.#mode = byte === 0x24 ? 'escape $' : byte === 0x28 ? 'escape (' : 'ascii';
    else if (this.#mode === 'escape (') this.#mode = byte === 0x42 || byte === 0x4a ? 'ascii' : 'shifted';
    else if (this.#mode === 'escape $' && (byte < 0x28 || byte > 0x2f)) this.#mode = 'shifted';
    return byte === LF ? LF : OTHER;
  }
}

/** The text as characters, good enough to compare with another text in the same charset. */
export function comparable(bytes: Uint8Array, charset: Charset | undefined): string {
  if (unitSize(charset) === 1) return asBuffer(bytes).toString('latin1');
  const even = Buffer.from(bytes.subarray(bytes.length % 2));
  return (charset?.name === 'utf-16be' ? even.swap16() : even).toString('utf16le');
}
