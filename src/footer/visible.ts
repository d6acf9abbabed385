// What a mail reader shows of a text, as against what only stands in the file.

import { codePointAt, unitsOf } from '../mime/charset/code-points.ts';
import { decodeReferences } from './character-references.ts';
import { isInvisible, isSpace } from './unicode.ts';

/** The braille pattern with no dots, a favourite for what shall look empty and not be. */
const BRAILLE_BLANK: i32 = 0x2800;

/** Whether a reader would see nothing of it: blanks and characters without width or ink. */
export function isBlank(text: string): boolean {
  return isBlankRange(text, 0, text.length);
}

/** The same for text[from, to). */
export function isBlankRange(text: string, from: i32, to: i32): boolean {
  for (let i = from; i < to; ) {
    const code = codePointAt(text, i);
    if (!isWithoutInk(code)) return false;
    i += unitsOf(code);
  }
  return true;
}

/** White space, and characters without width or ink. @param code a code point */
export function isWithoutInk(code: i32): boolean {
  return isSpace(code) || isInvisible(code) || code === BRAILLE_BLANK;
}

/** Whether text between two tags has any ink, character references that are blanks taken as such. */
export function showsSomething(text: string): boolean {
  return !isBlank(text.includes('&') ? decodeReferences(text) : text);
}
