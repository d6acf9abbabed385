/**
 * Takes the document away from around an HTML footer. Loaded only for footers that may be documents.
 *
 * What is left out: the doctype, `<html>`, `<body>` and their ends wherever they stand, and all that is in the head.
 * What follows `</body>` is kept, since browsers show it. A style sheet in the head goes too: inside a post it
 * would restyle the author's own text, or the author's would restyle the footer. Footers that need styles carry them in
 * `style` attributes, which is also the only kind that Gmail and Outlook honour reliably. The same goes for
 * attributes of `<body>`: a background colour is the whole page's, and the page is the author's.
 */
import { Tokenizer } from 'htmlparser2';
import { HtmlScanner } from '../footer/html-scanner.ts';
import { showsSomething } from './visible.ts';

/** What stands for the document itself. */
const FRAME = new Set(['html', 'head', 'body', 'frameset']);

/** Elements that belong to a head. Anything else, or text, means that the body has begun without saying so. */
const IN_HEAD = new Set([
  'title',
  'meta',
  'link',
  'base',
  'basefont',
  'bgsound',
  'style',
  'script',
  'noscript',
  'template',
]);

/** Head elements that say something about the whole page, charset included, also where they stray into a fragment. */
const PAGE_WIDE = new Set(['title', 'meta', 'base']);

/** Elements whose text is not shown. */
const UNSEEN = new Set(['title', 'style', 'script', 'template', 'noembed', 'noframes', 'datalist']);

/** Elements that show something without holding any text. */
const SEEN_WITHOUT_TEXT = new Set([
  'img',
  'image',
  'picture',
  'hr',
  'svg',
  'video',
  'audio',
  'canvas',
  'object',
  'embed',
  'iframe',
  'input',
  'button',
  'select',
  'textarea',
  'meter',
  'progress',
  'math',
]);

export interface Reduced {
  readonly fragment: string;
  /** Whether the fragment shows anything: text, or an element such as `<img>` or `<hr>`. */
  readonly visible: boolean;
}

/** Linear in the length of the source, for any source; comments, attributes and raw text are never taken for tags. */
export function reduceDocument(source: string): Reduced {
  let fragment = '';
  let kept = 0;
  let visible = false;
  let inHead = false;
  let unseen: string | undefined;
  let openTag = { start: 0, name: '' };
  /** Up to here all tokens are complete. */
  let reached = 0;

  const leaveOut = (start: number, end: number) => {
    if (start > kept) fragment += source.slice(kept, start);
    kept = Math.max(kept, end);
  };

  const endOpenTag = (end: number, selfClosed: boolean) => {
    const { start, name } = openTag;
    reached = end;
    if (FRAME.has(name)) {
      leaveOut(start, end);
      inHead = name === 'html' || name === 'head';
      return;
    }
    if (inHead && !IN_HEAD.has(name)) inHead = false;
    if (UNSEEN.has(name) && !selfClosed) unseen ??= name;
    if (inHead || PAGE_WIDE.has(name)) leaveOut(start, end);
    else if (unseen === undefined && SEEN_WITHOUT_TEXT.has(name)) visible = true;
  };

  const tokenizer = new Tokenizer(
    { xmlMode: false, decodeEntities: false },
    {
      onopentagname(start, end) {
        openTag = { start: start - 1, name: source.slice(start, end).toLowerCase() };
      },
      onopentagend: (end) => endOpenTag(end + 1, false),
      onselfclosingtag: (end) => endOpenTag(end + 1, true),
      onclosetag(start, end) {
        const name = source.slice(start, end).toLowerCase();
        // The tokenizer tells where the name ends; the tag may go on (`</body bgcolor>`).
        const tagStart = source.lastIndexOf('<', start);
        const close = source.indexOf('>', end);
        const tagEnd = close < 0 ? source.length : close + 1;
        reached = tagEnd;
        if (FRAME.has(name)) {
          leaveOut(tagStart, tagEnd);
          if (name === 'head') inHead = false;
        } else if (inHead || name === 'title') {
          leaveOut(tagStart, tagEnd);
        }
        if (name === unseen) unseen = undefined;
      },
      ontext(start, end) {
        reached = end;
        const shows = showsSomething(source.slice(start, end));
        if (inHead && unseen === undefined && shows) inHead = false;
        if (inHead || unseen === 'title') leaveOut(start, end);
        else if (unseen === undefined && shows) visible = true;
      },
      oncomment(start, end, endOffset) {
        reached = end + 1;
        const isUnfinished = endOffset === 0;
        if (inHead || isUnfinished) leaveOut(start - '<!--'.length, end + 1);
      },
      ondeclaration(start, end) {
        reached = end + 1;
        const isDoctype = /^doctype/i.test(source.slice(start, start + 7));
        if (isDoctype) inHead = true;
        // Others are Outlook's `<![endif]>`, which belong to what they enclose.
        if (inHead) leaveOut(start - '<!'.length, end + 1);
      },
      onprocessinginstruction(start, end) {
        reached = end + 1;
        leaveOut(start - '<?'.length, end + 1);
      },
      oncdata(_start, end) {
        reached = end + 1;
      },
      onattribdata() {},
      onattribentity() {},
      onattribend() {},
      onattribname() {},
      ontextentity() {},
      onend() {},
    },
  );
  tokenizer.write(source);
  tokenizer.end();
  // A tag that the file breaks off in would swallow what follows the footer in the post.
  if (source[reached] === '<') leaveOut(reached, source.length);
  fragment += source.slice(kept);
  return { fragment, visible };
}

/**
 * The end tag of a style, a script or a text field that a fragment does not end, else ''. It would swallow what
 * follows the footer in the post.
 */
export function missingEnd(fragment: string): string {
  const scanner = new HtmlScanner(() => {});
  scanner.write(Buffer.from(fragment, 'utf8'));
  return scanner.closer ?? '';
}
