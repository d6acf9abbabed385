/**
 * An HTML footer file as the fragment that is put into somebody's HTML part. Most files are plain fragments, and
 * for those a look at the text is enough; only what may be a document, or may show nothing, is tokenized.
 */
import { showsSomething } from './visible.ts';

/**
 * What is inside the body of an HTML footer, blanks around it dropped, byte for byte what the owner wrote
 * otherwise. Undefined where a reader would see nothing of it.
 */
export async function htmlFragment(source: string): Promise<string | undefined> {
  const trimmed = source.trim();
  if (!MAY_HIDE_OR_FRAME.test(trimmed) && !mayBeUnfinished(trimmed) && hasTextBetweenTags(trimmed))
    return trimmed;
  if (trimmed === '') return undefined;
  const { reduceDocument } = await import('./html-document.ts');
  const { fragment, visible } = reduceDocument(trimmed);
  return visible ? fragment.trim() : undefined;
}

/** Elements that make a document, or whose text is not shown. */
const MAY_HIDE_OR_FRAME =
  /<[/!?]?(?:doctype|html|head|body|title|meta|link|base|style|script|template|xml|noscript|textarea|noframes|noembed|iframe|object|svg)/i;

/** A tag or comment that never ends: what follows the footer in the post would become part of it. */
function mayBeUnfinished(html: string): boolean {
  return html.lastIndexOf('<') > html.lastIndexOf('>') || html.lastIndexOf('<!--') > html.lastIndexOf('-->');
}

/** A quick look that says yes only where it is sure. Jumps over tags and comments; gives up at a tag with odd quotes. */
function hasTextBetweenTags(html: string): boolean {
  let position = 0;
  while (position < html.length) {
    const start = html.indexOf('<', position);
    if (showsSomething(start < 0 ? html.slice(position) : html.slice(position, start))) return true;
    if (start < 0) return false;
    const isComment = html.startsWith('<!--', start);
    const end = isComment ? html.indexOf('-->', start + 2) : html.indexOf('>', start);
    if (end < 0 || (!isComment && hasOddQuotes(html.slice(start, end)))) return false;
    position = end + (isComment ? 3 : 1);
  }
  return false;
}

/** Whether the `>` behind this may stand inside an attribute's value. */
function hasOddQuotes(tag: string): boolean {
  return tag.split('"').length % 2 === 0 || tag.split("'").length % 2 === 0;
}
