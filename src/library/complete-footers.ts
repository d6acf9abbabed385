import { deriveHtml } from '../footer/derive-html.ts';
import type { FooterPair } from '../footer/footer.ts';

/** A footer as somebody wrote it. At least one half, in Unicode; lines end in LF or CRLF. */
export interface FooterHalves {
  readonly text?: string;
  /** A fragment of HTML, without a document around it. */
  readonly html?: string;
}

/**
 * Both halves of a footer, tidied: a missing or blank one is made from the other.
 *
 * @throws TypeError where both are blank
 */
export async function completeFooters(halves: FooterHalves): Promise<FooterPair> {
  const text = tidy(halves.text);
  const html = tidy(halves.html).trim();
  if (text === '' && html === '') throw new TypeError('a footer needs a text, or HTML, that shows something');
  if (html === '') return { text, html: deriveHtml(text) };
  if (text !== '') return { text, html };
  // Only here, because it brings a library along.
  const { deriveText } = await import('../footer/derive-text.ts');
  return { text: tidy(await deriveText(html)), html };
}

function tidy(half: string | undefined): string {
  const lines = (half ?? '').replaceAll('\r\n', '\n').split('\n');
  while (lines.length > 0 && lines.at(-1)!.trim() === '') lines.pop();
  return lines.map((line) => (line === '-- ' ? line : line.trimEnd())).join('\n');
}
