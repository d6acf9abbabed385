// An index of the WHATWG Encoding Standard: characters by their place in a national standard's table (the pointer).

/** Kinds of segments in a packed index: scripts/packed-index.ts writes them. */
const LITERAL: i32 = 1;
const REST: i32 = 2;
const LITERAL_PLANE_2: i32 = 3;

const LENGTH_BITS: i32 = 13;
const LENGTH_MASK: i32 = (1 << LENGTH_BITS) - 1;

const NONE: i32 = -1;

/** Pointers by code point are kept for pages of so many, as far as there are any: the sets leave much of Unicode out. */
const PAGE_BITS: i32 = 6;
const PAGE: i32 = 1 << PAGE_BITS;

/** Three planes have characters in an index. */
const PAGES: i32 = 0x30000 >> PAGE_BITS;

/**
 * Unpacked when a message first needs it, and kept: there are five. That takes some tenths of a millisecond and some
 * hundred kilobytes at most.
 */
export class EncodingIndex {
  /** By pointer: the code point, without its plane. */
  private readonly codes: Uint16Array;
  /** By pointer, a bit each: it is in plane 2. */
  private readonly plane2: Uint8Array;
  /** By page: one more than the place of its pointers among all; 0 where there is none. */
  private pages: Uint16Array | null = null;
  /** One more than the pointer; 0 where there is none. */
  private pointers: Uint16Array = new Uint16Array(0);

  /**
   * @param packed segments; each begins with its kind and its length in one unit
   * @param size how many pointers there are, fewer than 2^16
   * @param firstWritten pointers below it are read and never written; of several to one character the first is written
   */
  constructor(
    packed: string,
    size: i32,
    private readonly firstWritten: i32,
  ) {
    this.codes = new Uint16Array(size);
    this.plane2 = new Uint8Array((size >> 3) + 1);
    if (unpackLiterals(packed, this.codes, this.plane2)) addRest(packed, this.codes, this.plane2);
  }

  /** The code point at a pointer; 0 where there is none, or no such pointer. */
  code(pointer: i32): i32 {
    return pointer >= 0 && pointer < this.codes.length ? this.codeAt(pointer) : 0;
  }

  /** The pointer of a code point, or -1. */
  pointer(code: i32): i32 {
    let pages = this.pages;
    if (pages === null) {
      pages = this.reversed();
      this.pages = pages;
    }
    const page = code >> PAGE_BITS;
    const place = page < PAGES ? i32(pages[page]) - 1 : NONE;
    return place < 0 ? NONE : i32(this.pointers[place * PAGE + (code & (PAGE - 1))]) - 1;
  }

  private codeAt(pointer: i32): i32 {
    const plane: i32 = hasBit(this.plane2, pointer) ? 0x20000 : 0;
    return plane + this.codes[pointer];
  }

  private reversed(): Uint16Array {
    const pages = new Uint16Array(PAGES);
    let count = 0;
    for (let pointer = this.firstWritten; pointer < this.codes.length; pointer++) {
      const page = this.codeAt(pointer) >> PAGE_BITS;
      if (pages[page] === 0) pages[page] = u16(++count);
    }
    const pointers = new Uint16Array(count * PAGE);
    for (let pointer = this.firstWritten; pointer < this.codes.length; pointer++) {
      const code = this.codeAt(pointer);
      const at = (i32(pages[code >> PAGE_BITS]) - 1) * PAGE + (code & (PAGE - 1));
      if (code !== 0 && pointers[at] === 0) pointers[at] = u16(pointer + 1);
    }
    this.pointers = pointers;
    return pages;
  }
}

/** @returns whether there are segments of another kind */
function unpackLiterals(packed: string, codes: Uint16Array, plane2: Uint8Array): boolean {
  let hasRest = false;
  let pointer = 0;
  let at = 0;
  while (at < packed.length) {
    const kind = packed.charCodeAt(at) >> LENGTH_BITS;
    const end = pointer + (packed.charCodeAt(at++) & LENGTH_MASK);
    if (kind === REST) {
      hasRest = true;
      at++;
    } else if (kind === LITERAL) {
      for (let i = pointer; i < end; i++) codes[i] = u16(packed.charCodeAt(at++));
    } else if (kind === LITERAL_PLANE_2) {
      for (let i = pointer; i < end; i++) {
        codes[i] = u16(packed.charCodeAt(at++));
        setBit(plane2, i);
      }
    }
    pointer = end;
  }
  return hasRest;
}

/** Fills the segments that hold, in ascending order, what is left of the basic plane's ideographs or syllables. */
function addRest(packed: string, codes: Uint16Array, plane2: Uint8Array): void {
  const placed = new Uint8Array(0x10000 >> 3);
  for (let i = 0; i < codes.length; i++) if (!hasBit(plane2, i)) setBit(placed, codes[i]);
  let pointer = 0;
  let at = 0;
  while (at < packed.length) {
    const kind = packed.charCodeAt(at) >> LENGTH_BITS;
    const length = packed.charCodeAt(at++) & LENGTH_MASK;
    if (kind === LITERAL || kind === LITERAL_PLANE_2) at += length;
    else if (kind === REST) {
      let code: i32 = packed.charCodeAt(at++);
      for (let i = pointer; i < pointer + length; i++) {
        while (hasBit(placed, code)) code++;
        setBit(placed, code);
        codes[i] = u16(code);
      }
    }
    pointer += length;
  }
}

function hasBit(bits: Uint8Array, index: i32): boolean {
  return ((i32(bits[index >> 3]) >> (index & 7)) & 1) === 1;
}

function setBit(bits: Uint8Array, index: i32): void {
  bits[index >> 3] = u8(i32(bits[index >> 3]) | (1 << (index & 7)));
}
