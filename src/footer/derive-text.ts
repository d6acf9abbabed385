// A text footer made from an HTML footer, for lists whose owner wrote only the HTML (mlmmjadmin's web form does that).
// Links keep their targets, as `text <https://…>`: the form that plain-text mail readers make clickable and that
// RFC 3986, appendix C recommends; nothing is wrapped, so that none is broken.
import { utf8Of } from '../mime/bytes.ts';
import { HtmlTextReader } from './html-text-reader.ts';
import { DERIVED_LIMIT } from './limits.ts';
import { TextBuilder } from './text-builder.ts';
import { trimmedEnd } from './text-lines.ts';
import { isBlank } from './visible.ts';

/**
 * @param html a fragment of HTML that shows something
 * @returns its text, lines separated by `\n`, not blank and without blanks at line ends (but for a signature's `-- `);
 * more than `DERIVED_LIMIT` characters where it would be longer than that, and then not all of it
 */
export function deriveText(html: string): string {
  const reader = new HtmlTextReader(utf8Of(html));
  const laidOut = reader.read();
  if (laidOut.length > DERIVED_LIMIT) return laidOut;
  const text = tidied(laidOut);
  if (!isBlank(text)) return text;
  // A footer that is nothing but a picture without words: where it is, else that there is one.
  return reader.picture === '' ? '[picture]' : `<${reader.picture}>`;
}

/**
 * No-break spaces become blanks: they were layout, and would make a footer non-ASCII for nothing. A line that is `--`
 * was the signature's `-- ` before HTML lost its blank.
 */
function tidied(text: string): string {
  const tidy = new TextBuilder(text.length);
  let filled = 0;
  for (let start: i32 = 0; start <= text.length; ) {
    const next: i32 = text.indexOf('\n', start);
    const end: i32 = next < 0 ? text.length : next;
    const lineEnd = trimmedEnd(text, start, end);
    if (tidy.length > 0) tidy.add(0x0a);
    for (let i = start; i < lineEnd; i++) {
      const code: i32 = text.charCodeAt(i);
      tidy.add(code === 0xa0 ? 0x20 : code);
    }
    if (lineEnd - start === 2 && text.startsWith('--', start)) tidy.add(0x20);
    if (lineEnd > start) filled = tidy.length;
    start = end + 1;
  }
  tidy.truncate(filled);
  return tidy.text();
}
