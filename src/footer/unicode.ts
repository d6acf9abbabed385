// What is asked of Unicode about a character. Each function takes a code point; half a surrogate pair has no property.
import { INVISIBLE, LATIN, LETTERS, NUMBERS, SPACED_ALPHABETS } from './unicode-ranges.ts';

export function isAsciiLetter(code: i32): boolean {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

export function isAsciiDigit(code: i32): boolean {
  return code >= 0x30 && code <= 0x39;
}

export function isLetter(code: i32): boolean {
  return code < 0x80 ? isAsciiLetter(code) : isIn(LETTERS, code);
}

export function isLetterOrNumber(code: i32): boolean {
  if (code < 0x80) return isAsciiLetter(code) || isAsciiDigit(code);
  return isIn(LETTERS, code) || isIn(NUMBERS, code);
}

export function isLatin(code: i32): boolean {
  return code < 0x80 ? isAsciiLetter(code) : isIn(LATIN, code);
}

/** A character of an alphabet in which a blank stands between words: Latin, Greek, Cyrillic, Armenian, Georgian. */
export function isOfSpacedAlphabet(code: i32): boolean {
  return code < 0x80 ? isAsciiLetter(code) : isIn(SPACED_ALPHABETS, code);
}

/** A character that shows nothing and takes no room. */
export function isInvisible(code: i32): boolean {
  return code >= 0x80 && isIn(INVISIBLE, code);
}

/** White space as ECMAScript has it: Unicode's, line ends and the byte order mark. */
export function isSpace(code: i32): boolean {
  if (code < 0x80) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  if (code < 0x2000) return code === 0xa0 || code === 0x1680;
  if (code <= 0x200a || code === 0x2028 || code === 0x2029 || code === 0x202f) return true;
  return code === 0x205f || code === 0x3000 || code === 0xfeff;
}

/** A character of the blocks of scripts that run from right to left, Hebrew and Arabic above all. */
export function runsFromRight(code: i32): boolean {
  if (code < 0x590) return false;
  if (code < 0x10000) {
    return code <= 0x8ff || (code >= 0xfb1d && code <= 0xfdff) || (code >= 0xfe70 && code <= 0xfefc);
  }
  return (code >= 0x10800 && code <= 0x10fff) || (code >= 0x1e800 && code <= 0x1efff);
}

/** @param table by turns the first code point of a range and the first after it, ascending */
function isIn(table: StaticArray<i32>, code: i32): boolean {
  let low: i32 = 0;
  let high: i32 = table.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (table[middle] <= code) low = middle + 1;
    else high = middle;
  }
  // As many boundaries are at or before it: after an odd number it is inside.
  return (low & 1) === 1;
}
