// Footers as a part's format and charset want them.
import { TextBuilder } from '../footer/text-builder.ts';
import { SP } from '../mime/bytes.ts';
import { Charset } from '../mime/charset/charset.ts';
import { codePointAt, unitsOf } from '../mime/charset/code-points.ts';
import { foldLines } from './fold-lines.ts';
import { TextEnd } from './text-end.ts';
import { TextFormat } from './text-format.ts';

const LINE_END: i32 = 0x0a;

/**
 * A text footer's lines as the part's format wants them, without the line ends around them.
 * In flowed text a line that begins with a space, `>` or `From ` is stuffed with a space, and only the signature
 * separator may end in one (RFC 3676 §4.4 and §4.3).
 * @param charset in which the lines will be written
 */
export function footerLines(footer: string, format: TextFormat, charset: Charset): string {
  const folded = format.unencoded ? foldLines(footer, charset) : footer;
  return format.flowed ? flowedLines(folded) : folded;
}

function flowedLines(text: string): string {
  const flowed = new TextBuilder();
  let start = 0;
  while (start <= text.length) {
    const at = text.indexOf('\n', start);
    const end = at < 0 ? text.length : at;
    if (start > 0) flowed.add(LINE_END);
    const isSeparator = end - start === 3 && text.startsWith('-- ', start);
    const contentEnd = isSeparator ? end : withoutTrailingSpaces(text, start, end);
    if (needsStuffing(text, start, contentEnd)) flowed.add(SP);
    flowed.addRange(text, start, contentEnd);
    start = end + 1;
  }
  return flowed.text();
}

function withoutTrailingSpaces(text: string, start: i32, end: i32): i32 {
  let at = end;
  while (at > start && text.charCodeAt(at - 1) === SP) at--;
  return at;
}

function needsStuffing(text: string, start: i32, end: i32): boolean {
  if (start === end) return false;
  if (text.startsWith(' ', start) || text.startsWith('>', start)) return true;
  return end - start >= 5 && text.startsWith('From ', start);
}

/**
 * The text to add to a text that ends so: on a line of its own, and ending as the text did. Flowed text whose
 * last line would go on gets a fixed, empty line first: readers would join it with the footer otherwise.
 * @param endLine whether the last line gets a line end in any case
 */
export function textInsertion(lines: string, end: TextEnd, format: TextFormat, endLine: boolean): string {
  let lead = end.isEmpty || end.endsWithLineEnd ? '' : '\n';
  if (format.flowed && end.flows) lead += '\n';
  return lead + lines + (end.endsWithLineEnd || endLine ? '\n' : '');
}

/**
 * HTML that a charset can hold: what it lacks, or all that is not ASCII where only 7 bits are left, is written as
 * numeric references. They are understood whatever the charset is, or claims to be.
 */
export function htmlForCharset(html: string, charset: Charset, sevenBitOnly: boolean): string {
  const isAsciiOnly = sevenBitOnly && !charset.sevenBit;
  if (!isAsciiOnly && charset.encode(html) !== null) return html;
  return withReferences(html, isAsciiOnly ? null : charset);
}

/** @param charset what it holds stays; null: nothing but ASCII does */
function withReferences(html: string, charset: Charset | null): string {
  const written = new TextBuilder();
  // Most footers have few different characters.
  const held = new Map<i32, boolean>();
  for (let i = 0; i < html.length; ) {
    const character = codePointAt(html, i);
    const end = i + unitsOf(character);
    if (character > 0x7f && !held.has(character)) {
      held.set(character, charset !== null && charset.encode(html.substring(i, end)) !== null);
    }
    if (character < 0x80 || held.get(character)) written.addRange(html, i, end);
    else written.addText(`&#${character};`);
    i = end;
  }
  return written.text();
}

/** Whether every character of a text is ASCII. */
export function isAsciiText(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}
