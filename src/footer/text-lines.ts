// The lines of a text footer.
import { TextBuilder } from './text-builder.ts';
import { isSpace } from './unicode.ts';
import { isBlankRange } from './visible.ts';

const LF: i32 = 0x0a;

/** Before a signature (RFC 3676 §4.3): the only line whose last blank means something. */
const SIGNATURE_LINE: string = '-- ';

/** A text without the white space around it. */
export function trimmed(text: string): string {
  let start = 0;
  while (start < text.length && isSpace(text.charCodeAt(start))) start++;
  const end = trimmedEnd(text, start, text.length);
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

/**
 * A footer's text as it is written into parts: no blanks at line ends but in a signature's `-- `, no blank lines at its
 * end; '' where it shows nothing.
 * @param text lines separated by `\n`
 */
export function tidyText(text: string): string {
  const tidy = new TextBuilder(text.length);
  let filled = 0;
  let start: i32 = 0;
  while (start <= text.length) {
    const next: i32 = text.indexOf('\n', start);
    const end: i32 = next < 0 ? text.length : next;
    const isSignature = end - start === SIGNATURE_LINE.length && text.startsWith(SIGNATURE_LINE, start);
    if (start > 0) tidy.add(LF);
    tidy.addRange(text, start, isSignature ? end : trimmedEnd(text, start, end));
    if (!isBlankRange(text, start, end)) filled = tidy.length;
    start = end + 1;
  }
  tidy.truncate(filled);
  return tidy.text();
}

/** Where text[from, to) ends if the white space at its end is left off. */
export function trimmedEnd(text: string, from: i32, to: i32): i32 {
  let end = to;
  while (end > from && isSpace(text.charCodeAt(end - 1))) end--;
  return end;
}
