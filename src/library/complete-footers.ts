import { deriveHtml } from '../footer/derive-html.ts';
import type { FooterPair } from '../footer/footer.ts';
import { isBlank, showsSomething } from '../list/visible.ts';

/** A footer as somebody wrote it: at least one half, in characters (not encoded); lines end in LF or CRLF. */
export interface FooterHalves {
  readonly text?: string;
  /** A fragment of HTML, without a document around it. */
  readonly html?: string;
}

/**
 * Both halves of a footer, tidied: a missing or blank one is made from the other.
 *
 * @throws TypeError where neither shows anything
 */
export async function completeFooters(halves: FooterHalves): Promise<FooterPair> {
  const text = tidy(halves.text);
  const html = isBlankHtml(halves.html ?? '') ? '' : tidy(halves.html).trim();
  if (text === '' && html === '') throw new TypeError('a footer needs a text, or HTML, that shows something');
  if (html === '') return { text, html: deriveHtml(text) };
  if (text !== '') return { text, html };
  // Only here, because it brings a library along.
  const { deriveText } = await import('../footer/derive-text.ts');
  return { text: tidy(await deriveText(html)), html };
}

/** Tags that show something without any text. What an editor makes of an empty page, `<p><br></p>`, has none. */
const INK = /<(?:img|hr|svg|video|audio|canvas|object|embed|iframe|input|button)\b/i;

function isBlankHtml(html: string): boolean {
  return !INK.test(html) && !showsSomething(html.replace(/<!--[\s\S]*?-->|<[^>]*>/g, ''));
}

function tidy(half = ''): string {
  if (isBlank(half)) return '';
  const lines = half.replaceAll('\r\n', '\n').split('\n');
  while (lines.length > 0 && lines.at(-1)!.trim() === '') lines.pop();
  return lines.map((line) => (line === '-- ' ? line : line.trimEnd())).join('\n');
}
