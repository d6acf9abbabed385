import type { Charset } from '../mime/charset.ts';

/** RFC 5322 §2.1.1 limits a line to 998 bytes without its line end; the rest is room for what stands before it. */
const LINE_LIMIT = 990;

/** No charset here takes more bytes for a character. */
const LONGEST_CHARACTER = 8;

/**
 * Breaks lines that would be too long for mail, at the last blank if there is one, else between two characters, but
 * not inside what may be a character reference: HTML in ASCII is full of them, and half of one is none.
 * Only the unencoded transfer encodings need it.
 * @param charset in which the text will be written: lengths are counted in its bytes
 */
export function foldLines(text: string, charset: Charset): string {
  if (text.length * LONGEST_CHARACTER <= LINE_LIMIT) return text;
  return text
    .split('\n')
    .map((line) => (line.length * LONGEST_CHARACTER <= LINE_LIMIT ? line : foldLine(line, charset)))
    .join('\n');
}

function foldLine(line: string, charset: Charset): string {
  const folded: string[] = [];
  let start = 0;
  let length = 0;
  let blank = -1;
  let lengthAtBlank = 0;
  let reference = -1;
  let lengthAtReference = 0;
  for (let i = 0; i < line.length; ) {
    const character = String.fromCodePoint(line.codePointAt(i)!);
    const size = charset.encode(character)?.length ?? LONGEST_CHARACTER;
    if (length + size > LINE_LIMIT) {
      let [end, next, done] = [i, i, length];
      if (blank > start) [end, next, done] = [blank, blank + 1, lengthAtBlank + 1];
      else if (reference > start) [end, next, done] = [reference, reference, lengthAtReference];
      folded.push(line.slice(start, end));
      start = next;
      length -= done;
      lengthAtReference -= done;
      blank = -1;
    }
    if (character === ' ') {
      blank = i;
      lengthAtBlank = length;
    }
    if (character === '&') {
      reference = i;
      lengthAtReference = length;
    } else if (!/[#\w]/.test(character)) reference = -1;
    length += size;
    i += character.length;
  }
  folded.push(line.slice(start));
  return folded.join('\n');
}
