// What a mail reader shows of a text, as against what only stands in the file.
import { decodeReferences } from './character-references.ts';
import { codePointAt, isInvisible, isSpace, unitsOf } from './unicode.ts';

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
    if (!isSpace(code) && !isInvisible(code) && code !== BRAILLE_BLANK) return false;
    i += unitsOf(code);
  }
  return true;
}

/** Whether text between two tags has any ink, character references that are blanks taken as such. */
export function showsSomething(text: string): boolean {
  return !isBlank(text.includes('&') ? decodeReferences(text) : text);
}
