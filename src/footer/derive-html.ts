// An HTML footer made from a text footer, for lists whose owner wrote only the text. It looks like the text in every
// reader: one `<div>`, `<br>` for line ends, no-break spaces for runs of blanks (Outlook knows no
// `white-space: pre-wrap`), no colours (dark mode turns them into the unreadable), nothing loaded from elsewhere.

import { codePointAt, unitsOf } from '../mime/charset/code-points.ts';
import { addEscaped, escapeHtml } from './escape-html.ts';
import { findLinks } from './find-links.ts';
import { TextBuilder } from './text-builder.ts';
import { isLetter, runsFromRight } from './unicode.ts';

/** Columns from one tab stop to the next, as terminals and plain-text mail readers have them. */
const TAB_STOP: i32 = 8;

const TAB: i32 = 0x09;
const BLANK: i32 = 0x20;

/**
 * @param text a footer's text, lines separated by `\n`
 * @param language its language (RFC 5646), or '' where that is not known
 * @returns a fragment of HTML without a newline at its end; its markup is ASCII, its text is the footer's own
 */
export function deriveHtml(text: string, language: string): string {
  const lines = text.split('\n');
  let isTable = false;
  for (let i = 0; i < lines.length; i++) {
    lines[i] = withoutTabs(lines[i]);
    isTable = isTable || isAligned(lines[i]);
  }
  const html = new TextBuilder(text.length + (text.length >> 1) + 64);
  html.addText(`<div dir="${direction(text)}"`);
  if (language !== '') html.addText(` lang="${escapeHtml(language)}"`);
  // A proportional font ruins a table or a drawing made of blanks; prose looks out of place in a fixed one.
  if (isTable) html.addText(' style="font-family:monospace"');
  html.addText('>');
  for (let i = 0; i < lines.length; i++) {
    if (i > 0) html.addText('<br>\n');
    addLine(html, lines[i]);
  }
  html.addText('</div>');
  return html.text();
}

/**
 * As its first letter runs (Unicode Standard Annex #9, rules P2 and P3), whatever the post around it does. Outlook does
 * not know `auto`, so what runs from the right is said.
 */
function direction(text: string): string {
  for (let i = 0; i < text.length; ) {
    const code = codePointAt(text, i);
    if (isLetter(code)) return runsFromRight(code) ? 'rtl' : 'auto';
    i += unitsOf(code);
  }
  return 'auto';
}

/** Whether a line puts things in columns: blanks inside it that do not merely follow the end of a sentence. */
function isAligned(line: string): boolean {
  for (let at: i32 = line.indexOf('  '); at >= 0; at = line.indexOf('  ', at)) {
    const end = endOfBlanks(line, at, line.length);
    const isInside = at > 0 && end < line.length;
    if (isInside && (end - at > 2 || !endsSentence(line.charCodeAt(at - 1)))) return true;
    at = end;
  }
  return false;
}

/** `.`, `!`, `?` or `:`. */
function endsSentence(code: i32): boolean {
  return code === 0x2e || code === 0x21 || code === 0x3f || code === 0x3a;
}

function addLine(html: TextBuilder, line: string): void {
  const links = findLinks(line);
  let done: i32 = 0;
  for (let i = 0; i < links.length; i++) {
    const link = links[i];
    addWords(html, line, done, link.start);
    html.addText('<a href="');
    addEscaped(html, link.target, 0, link.target.length);
    html.addText('">');
    addEscaped(html, line, link.start, link.end);
    html.addText('</a>');
    done = link.end;
  }
  addWords(html, line, done, line.length);
}

/**
 * Adds line[from, to). All blanks of a run but the last become no-break spaces, so that the line may still wrap; at
 * the line's start all do.
 */
function addWords(html: TextBuilder, line: string, from: i32, to: i32): void {
  let at = from;
  while (at < to) {
    const end = endOfBlanks(line, at, to);
    if (end > at) {
      const wrapping = at > 0 ? 1 : 0;
      for (let i = at; i < end - wrapping; i++) html.addText('&nbsp;');
      html.addRepeated(BLANK, wrapping);
    }
    at = end;
    while (at < to && line.charCodeAt(at) !== BLANK) at++;
    addEscaped(html, line, end, at);
  }
}

/** Where the blanks that begin at `from` end. */
function endOfBlanks(line: string, from: i32, to: i32): i32 {
  let end = from;
  while (end < to && line.charCodeAt(end) === BLANK) end++;
  return end;
}

function withoutTabs(line: string): string {
  if (!line.includes('\t')) return line;
  const spaced = new TextBuilder(line.length + 4 * TAB_STOP);
  for (let i = 0; i < line.length; i++) {
    const code: i32 = line.charCodeAt(i);
    if (code === TAB) spaced.addRepeated(BLANK, TAB_STOP - (spaced.length % TAB_STOP));
    else spaced.add(code);
  }
  return spaced.text();
}
