// Base64 (RFC 2045 §6.8).
import { EQUALS } from '../bytes.ts';
import { Decoder } from './decoder.ts';
import { Window } from '../window.ts';

const ALPHABET: string = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Six bits for each character of the alphabet, SKIP for everything that RFC 2045 says to ignore. */
const SKIP: i32 = 0xff;
const SEXTETS: Uint8Array = sextets();

function sextets(): Uint8Array {
  const table = new Uint8Array(256).fill(u8(SKIP));
  for (let i = 0; i < ALPHABET.length; i++) table[ALPHABET.charCodeAt(i)] = u8(i);
  return table;
}

/** Reads whole groups of four characters into three bytes. The group that the end or padding cuts short comes last. */
export class Base64Decoder extends Decoder {
  /** Where the last group that is not whole began, once it has been read; else the end of the content. */
  tailStart: i32;
  /** How many bytes that group holds: 0 to 2. */
  tailLength: i32 = 0;

  constructor(window: Window, start: i32, end: i32) {
    super(window, start, end);
    this.tailStart = end;
  }

  /** @param into at least three bytes */
  read(into: Uint8Array): i32 {
    const limit = into.length - 2;
    let length = 0;
    let group = 0;
    let characters = 0;
    let groupStart = this.offset;
    let at = this.offset;
    while (length < limit && at < this.end) {
      const byte = this.window.byteAt(at++);
      const sextet: i32 = SEXTETS[byte];
      if (sextet === SKIP) {
        if (byte === EQUALS) break;
        continue;
      }
      if (characters === 0) groupStart = at - 1;
      group = (group << 6) | sextet;
      if (++characters < 4) continue;
      into[length++] = u8(group >> 16);
      into[length++] = u8(group >> 8);
      into[length++] = u8(group);
      group = 0;
      characters = 0;
    }
    if (length >= limit) {
      this.offset = at;
      return length;
    }
    return this.finish(into, length, group, characters, groupStart);
  }

  private finish(into: Uint8Array, whole: i32, group: i32, characters: i32, groupStart: i32): i32 {
    if (this.offset < this.end || characters > 0) {
      this.tailLength = max(characters - 1, 0);
      if (characters > 0) this.tailStart = groupStart;
    }
    this.offset = this.end;
    let length = whole;
    if (characters === 3) group <<= 6;
    if (characters === 2) group <<= 12;
    if (characters >= 2) into[length++] = u8(group >> 16);
    if (characters >= 3) into[length++] = u8(group >> 8);
    return length;
  }
}

/** Encodes in one line, padded at its end. */
export function encodeBase64(bytes: Uint8Array): Uint8Array {
  const encoded = new Uint8Array(4 * i32((bytes.length + 2) / 3));
  let length = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const second: i32 = left > 1 ? bytes[i + 1] : 0;
    const third: i32 = left > 2 ? bytes[i + 2] : 0;
    const group = (i32(bytes[i]) << 16) | (second << 8) | third;
    encoded[length++] = character(group >> 18);
    encoded[length++] = character((group >> 12) & 0x3f);
    encoded[length++] = left > 1 ? character((group >> 6) & 0x3f) : u8(EQUALS);
    encoded[length++] = left > 2 ? character(group & 0x3f) : u8(EQUALS);
  }
  return encoded;
}

function character(sextet: i32): u8 {
  return u8(ALPHABET.charCodeAt(sextet));
}
