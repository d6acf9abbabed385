// The tables that the Japanese charsets share.
import { JIS0208, JIS0208_SIZE } from './data/jis0208.ts';
import { JIS0212, JIS0212_SIZE } from './data/jis0212.ts';
import { EncodingIndex } from './encoding-index.ts';

let index0208: EncodingIndex | null = null;
let index0212: EncodingIndex | null = null;

export function jis0208Index(): EncodingIndex {
  let made = index0208;
  if (made === null) {
    made = new EncodingIndex(JIS0208, JIS0208_SIZE, 0);
    index0208 = made;
  }
  return made;
}

export function jis0212Index(): EncodingIndex {
  let made = index0212;
  if (made === null) {
    made = new EncodingIndex(JIS0212, JIS0212_SIZE, 0);
    index0212 = made;
  }
  return made;
}

const ROW: i32 = 94;

/**
 * The pointer of a character of JIS X 0208 itself, or -1. NEC and IBM filled the rows that it leaves empty: what they
 * have there is read and never written, so that strict readers can show all that is.
 */
export function jis0208Pointer(point: i32): i32 {
  const pointer = jis0208Index().pointer(point);
  const row = i32(pointer / ROW);
  const isStandard = pointer >= 0 && (row < 8 || (row >= 15 && row < 84));
  return isStandard ? pointer : -1;
}

/** Half-width katakana, in their order in JIS X 0201. */
export const FIRST_KATAKANA: i32 = 0xff61;
export const LAST_KATAKANA: i32 = 0xff9f;
