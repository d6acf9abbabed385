// Lines of a footer that are short enough to go unencoded.
import { TextBuilder } from '../footer/text-builder.ts';
import { isAsciiDigit, isAsciiLetter } from '../footer/unicode.ts';
import { SP } from '../mime/bytes.ts';
import { Charset } from '../mime/charset/charset.ts';
import { UTF_8 } from '../mime/charset/charsets.ts';
import { codePointAt, unitsOf } from '../mime/charset/code-points.ts';

/** RFC 5322 §2.1.1 limits a line to 998 bytes without its line end; the rest is room for what stands before it. */
const LINE_LIMIT: i32 = 990;

/** Bytes that a character takes at most: in a charset that shifts, there and back (ISO 2022). */
const LONGEST_CHARACTER: i32 = 8;

/** The same in a charset that does not shift (UTF-8, GB 18030). */
const LONGEST_UNSHIFTED: i32 = 4;

const LINE_END: i32 = 0x0a;
const AMPERSAND: i32 = 0x26;
const PLUS: i32 = 0x2b;
const TILDE: i32 = 0x7e;
const HASH: i32 = 0x23;
const UNDERSCORE: i32 = 0x5f;

/**
 * Breaks lines that would be too long for mail, at the last blank if there is one, else between two characters, but
 * not inside what may be a character reference: HTML in ASCII is full of them, and half of one is none.
 * Only the unencoded transfer encodings need it.
 * @param charset in which the text will be written: lengths are counted in its bytes
 */
export function foldLines(text: string, charset: Charset): string {
  if (text.length * LONGEST_CHARACTER <= LINE_LIMIT) return text;
  const folded = new TextBuilder();
  let start = 0;
  while (start <= text.length) {
    const at = text.indexOf('\n', start);
    const end = at < 0 ? text.length : at;
    if (start > 0) folded.add(LINE_END);
    if (isShort(text, start, end, charset)) folded.addRange(text, start, end);
    else foldLine(text, start, end, charset, folded);
    start = end + 1;
  }
  return folded.text();
}

function isShort(text: string, start: i32, end: i32, charset: Charset): boolean {
  if ((end - start) * LONGEST_CHARACTER <= LINE_LIMIT) return true;
  if (end - start > LINE_LIMIT) return false;
  const encoded = charset.encode(text.substring(start, end));
  return encoded !== null && encoded.length <= LINE_LIMIT;
}

function foldLine(text: string, start: i32, end: i32, charset: Charset, folded: TextBuilder): void {
  let lineStart = start;
  let length = 0;
  let blank = -1;
  let lengthAtBlank = 0;
  let reference = -1;
  let lengthAtReference = 0;
  for (let i = start; i < end; ) {
    const character = codePointAt(text, i);
    const size = sizeOf(character, charset);
    if (length + size > LINE_LIMIT) {
      let lineEnd = i;
      let next = i;
      let done = length;
      if (blank > lineStart) {
        lineEnd = blank;
        next = blank + 1;
        done = lengthAtBlank + 1;
      } else if (reference > lineStart) {
        lineEnd = reference;
        next = reference;
        done = lengthAtReference;
      }
      folded.addRange(text, lineStart, lineEnd);
      folded.add(LINE_END);
      lineStart = next;
      length -= done;
      lengthAtReference -= done;
      blank = -1;
    }
    if (character === SP) {
      blank = i;
      lengthAtBlank = length;
    }
    if (character === AMPERSAND) {
      reference = i;
      lengthAtReference = length;
    } else if (!mayBeInReference(character)) reference = -1;
    length += size;
    i += unitsOf(character);
  }
  folded.addRange(text, lineStart, end);
}

/** How many bytes a character takes, or more: encoding each by itself would make an array of each. */
function sizeOf(character: i32, charset: Charset): i32 {
  if (character < 0x80 && charset.asciiCompatible) return isShift(character) ? 2 : 1;
  if (charset.sevenBit || !charset.asciiCompatible) return LONGEST_CHARACTER;
  if (charset.isSingleByte) return 1;
  if (charset !== UTF_8) return LONGEST_UNSHIFTED;
  return character < 0x800 ? 2 : character < 0x10000 ? 3 : LONGEST_UNSHIFTED;
}

/** UTF-7 and HZ double the character with which they shift. */
function isShift(character: i32): boolean {
  return character === PLUS || character === TILDE;
}

function mayBeInReference(character: i32): boolean {
  return (
    isAsciiLetter(character) || isAsciiDigit(character) || character === HASH || character === UNDERSCORE
  );
}
