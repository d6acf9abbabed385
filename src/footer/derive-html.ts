/**
 * An HTML footer made from a text footer, for lists whose owner wrote only the text. It looks like the text in
 * every reader: one `<div>`, `<br>` for line ends, no-break spaces for runs of blanks (Outlook knows no
 * `white-space: pre-wrap`), no colours (dark mode turns them into the unreadable), nothing loaded from elsewhere. Hebrew
 * and Arabic run from right to left, as text readers show them, whatever the post around them does.
 */
import { escapeHtml } from './escape-html.ts';
import { findLinks } from './find-links.ts';

/** Columns from one tab stop to the next, as terminals and plain-text mail readers have them. */
const TAB_STOP = 8;

/**
 * @param text a footer's text, lines separated by `\n`
 * @returns a fragment of HTML without a newline at its end; its markup is ASCII, its text is the footer's own
 */
export function deriveHtml(text: string): string {
  const lines = text.split('\n').map(withoutTabs);
  // A proportional font ruins a table or a drawing made of blanks; prose looks out of place in a fixed one.
  const style = lines.some(isAligned) ? ' style="font-family:monospace"' : '';
  // Outlook does not know `auto`.
  const direction = runsFromRight(text) ? ' dir="rtl"' : '';
  return `<div${direction}${style}>${lines.map(lineToHtml).join('<br>\n')}</div>`;
}

/** Whether a line puts things in columns: blanks inside it that do not merely follow the end of a sentence. */
function isAligned(line: string): boolean {
  return /[^ .!?:] {2}(?! *$)|[^ ] {3}(?! *$)/.test(line);
}

/** As its first letter does (Unicode Standard Annex #9, rules P2 and P3). */
function runsFromRight(text: string): boolean {
  if (!/[^\0-\u058f]/.test(text)) return false;
  const letter = /\p{L}/u.exec(text)?.[0] ?? '';
  return /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u.test(letter);
}

function lineToHtml(line: string): string {
  let html = '';
  let done = 0;
  for (const link of findLinks(line)) {
    html += textToHtml(line.slice(done, link.start), done === 0);
    html += `<a href="${escapeHtml(link.target)}">${escapeHtml(line.slice(link.start, link.end))}</a>`;
    done = link.end;
  }
  return html + textToHtml(line.slice(done), done === 0);
}

/** All blanks of a run but the last become no-break spaces, so that the line may still wrap; at a line's start all. */
function textToHtml(text: string, atLineStart: boolean): string {
  return escapeHtml(text).replace(/ {2,}|^ /g, (blanks, offset: number) => {
    if (offset === 0 && atLineStart) return '&nbsp;'.repeat(blanks.length);
    return `${'&nbsp;'.repeat(blanks.length - 1)} `;
  });
}

function withoutTabs(line: string): string {
  if (!line.includes('\t')) return line;
  const pieces = line.split('\t');
  const last = pieces.pop() ?? '';
  return pieces.map((piece) => piece + ' '.repeat(TAB_STOP - (piece.length % TAB_STOP))).join('') + last;
}
