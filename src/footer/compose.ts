import type { Charset } from '../mime/charset.ts';
import type { TextEnd } from './decoded-tail.ts';
import { foldLines } from './fold-lines.ts';

/** What a part's text asks of a footer: how lines are told apart, and which bytes may be used. */
export interface TextFormat {
  /** `format=flowed` (RFC 3676). */
  readonly flowed: boolean;
  /** The transfer encoding leaves lines as they are, so they must not be too long. */
  readonly unencoded: boolean;
}

/**
 * A text footer's lines as the part's format wants them, without the line ends around them.
 * In flowed text a line that begins with a space, `>` or `From ` is stuffed with a space, and only the signature
 * separator may end in one (RFC 3676 §4.4 and §4.3).
 * @param charset in which the lines will be written
 */
export function footerLines(footer: string, format: TextFormat, charset: Charset): string {
  const folded = format.unencoded ? foldLines(footer, charset) : footer;
  if (!format.flowed) return folded;
  return folded
    .split('\n')
    .map((line) => (line === '-- ' ? line : withoutTrailingSpaces(line)))
    .map((line) => (/^(?: |>|From )/.test(line) ? ` ${line}` : line))
    .join('\n');
}

function withoutTrailingSpaces(line: string): string {
  let end = line.length;
  while (line[end - 1] === ' ') end--;
  return line.slice(0, end);
}

/**
 * The text to add behind a text that ends so: on a line of its own, and ending as the text did. Flowed text whose
 * last line would go on gets a fixed, empty line first: readers would join it with the footer otherwise.
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
  if (sevenBitOnly && !charset.sevenBit) return html.replace(/[^\0-\x7f]/gu, characterReference);
  if (charset.encode(html)) return html;
  return Array.from(html, (c) => (charset.encode(c) ? c : characterReference(c))).join('');
}

function characterReference(character: string): string {
  return `&#${character.codePointAt(0)};`;
}
