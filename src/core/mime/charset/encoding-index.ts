// An index of the WHATWG Encoding Standard: characters by their place in a national standard's table (the pointer).

/** Kinds of segments in a packed index: scripts/packed-index.ts writes them. */
const LITERAL: i32 = 1;
const REST: i32 = 2;
const LITERAL_PLANE_2: i32 = 3;

const LENGTH_BITS: i32 = 13;
const LENGTH_MASK: i32 = (1 << LENGTH_BITS) - 1;

const NONE: i32 = -1;

/** Unpacked when a message first needs it, which takes a tenth of a millisecond, and kept: there are five of them. */
export class EncodingIndex {
  private readonly codes: Int32Array;
  private pointers: Uint16Array | null = null;

  /**
   * @param packed segments; each begins with its kind and its length in one unit
   * @param size how many pointers there are, fewer than 2^16
   * @param firstWritten pointers below it are read and never written
   * @param lastWins of several pointers to one character the last is written, not the first
   */
  constructor(
    packed: string,
    size: i32,
    private readonly firstWritten: i32,
    private readonly lastWins: boolean,
  ) {
    this.codes = unpacked(packed, size);
  }

  /** The code point at a pointer; 0 where there is none, or no such pointer. */
  code(pointer: i32): i32 {
    return pointer >= 0 && pointer < this.codes.length ? this.codes[pointer] : 0;
  }

  /** The pointer of a code point, or -1. */
  pointer(code: i32): i32 {
    let pointers = this.pointers;
    if (pointers === null) {
      pointers = this.reversed();
      this.pointers = pointers;
    }
    const slot = slotOf(code);
    return slot < pointers.length ? i32(pointers[slot]) - 1 : NONE;
  }

  private reversed(): Uint16Array {
    const codes = this.codes;
    let highest = 0;
    for (let pointer = 0; pointer < codes.length; pointer++) highest = max(highest, slotOf(codes[pointer]));
    const pointers = new Uint16Array(highest + 1);
    for (let pointer = this.firstWritten; pointer < codes.length; pointer++) {
      const slot = slotOf(codes[pointer]);
      if (slot !== 0 && (this.lastWins || pointers[slot] === 0)) pointers[slot] = u16(pointer + 1);
    }
    return pointers;
  }
}

/** No index has characters of the first supplementary plane: the second follows the basic one. */
function slotOf(code: i32): i32 {
  return code < 0x10000 ? code : code < 0x20000 ? 0x10000 + code : code - 0x10000;
}

function unpacked(packed: string, size: i32): Int32Array {
  const codes = new Int32Array(size);
  const isLiteral = new Uint8Array(0x10000);
  let pointer = 0;
  let at = 0;
  while (at < packed.length) {
    const kind = packed.charCodeAt(at) >> LENGTH_BITS;
    const length = packed.charCodeAt(at) & LENGTH_MASK;
    at++;
    if (kind === LITERAL || kind === LITERAL_PLANE_2) {
      const plane = kind === LITERAL ? 0 : 0x20000;
      for (let i = 0; i < length; i++) {
        const unit: i32 = packed.charCodeAt(at + i);
        codes[pointer + i] = plane + unit;
        if (plane === 0) isLiteral[unit] = 1;
      }
      at += length;
    } else if (kind === REST) at++;
    pointer += length;
  }
  addRest(packed, codes, isLiteral);
  return codes;
}

/**
 * Fills the segments that hold, in ascending order, what is left of Unicode's ideographs or syllables.
 * @param isPlaced by code point: it stands in the index already
 */
function addRest(packed: string, codes: Int32Array, isPlaced: Uint8Array): void {
  let pointer = 0;
  let at = 0;
  while (at < packed.length) {
    const kind = packed.charCodeAt(at) >> LENGTH_BITS;
    const length = packed.charCodeAt(at) & LENGTH_MASK;
    at++;
    if (kind === LITERAL || kind === LITERAL_PLANE_2) at += length;
    else if (kind === REST) {
      let code: i32 = packed.charCodeAt(at++);
      for (let i = 0; i < length; i++) {
        while (isPlaced[code] !== 0) code++;
        isPlaced[code] = 1;
        codes[pointer + i] = code;
      }
    }
    pointer += length;
  }
}
