/**
 * An HTML footer file as the fragment that is put into somebody's HTML part. Most files are plain fragments, and
 * for those a look at the text is enough; only what may be a document, or may show nothing, is tokenized.
 */
import { showsSomething } from './visible.ts';

/**
 * What is inside the body of an HTML footer, blanks around it dropped and what would swallow the rest of a post ended,
 * byte for byte what the owner wrote otherwise. Undefined where a reader would see nothing of it.
 */
export async function htmlFragment(source: string): Promise<string | undefined> {
  const trimmed = source.trim();
  if (isPlainFragment(trimmed)) return trimmed;
  if (trimmed === '') return undefined;
  const { missingEnd, reduceDocument } = await import('./html-document.ts');
  const { fragment, visible } = reduceDocument(trimmed);
  if (!visible) return undefined;
  const inner = fragment.trim();
  return inner + missingEnd(inner);
}

/** Elements that make a document, or whose text is not shown, or not as text. */
const NOT_PLAIN = new Set([
  ...[
    'html',
    'head',
    'body',
    'frameset',
    'title',
    'meta',
    'link',
    'base',
    'style',
    'script',
    'noscript',
    'template',
  ],
  ...[
    'textarea',
    'xmp',
    'plaintext',
    'noframes',
    'noembed',
    'iframe',
    'object',
    'svg',
    'math',
    'datalist',
    'xml',
  ],
]);

/**
 * A quick look that says yes only where it is sure: nothing but plain elements and comments, all of them finished,
 * and a text that shows. Written without a pattern, as compiling one costs more here than all the rest.
 */
function isPlainFragment(html: string): boolean {
  let shows = false;
  let position = 0;
  for (;;) {
    const start = html.indexOf('<', position);
    shows ||= showsSomething(start < 0 ? html.slice(position) : html.slice(position, start));
    if (start < 0) return shows;
    if (html.startsWith('<!--', start)) {
      const end = html.indexOf('-->', start + 2);
      if (end < 0) return false;
      position = end + 3;
      continue;
    }
    const end = html.indexOf('>', start);
    if (end < 0 || !isPlainTag(html.slice(start + 1, end))) return false;
    position = end + 1;
  }
}

/** Whether what stands between `<` and the next `>` is a whole tag of a plain element. */
function isPlainTag(tag: string): boolean {
  const nameStart = tag[0] === '/' ? 1 : 0;
  let nameEnd = nameStart;
  while (nameEnd < tag.length && isLetterOrDigit(tag.charCodeAt(nameEnd))) nameEnd++;
  if (nameEnd === nameStart || NOT_PLAIN.has(tag.slice(nameStart, nameEnd).toLowerCase())) return false;
  // With odd quotes the `>` stands inside an attribute's value, and a `<` never belongs in a tag.
  return !tag.includes('<') && count(tag, '"') % 2 === 0 && count(tag, "'") % 2 === 0;
}

function isLetterOrDigit(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39);
}

function count(text: string, character: string): number {
  let found = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) found++;
  return found;
}
