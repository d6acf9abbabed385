/**
 * A text footer made from an HTML footer, for lists whose owner wrote only the HTML (mlmmjadmin's web form does
 * that). Links keep their targets, as `text <https://…>`: the form that plain-text mail readers make clickable
 * and that RFC 3986, appendix C recommends; nothing is wrapped, so that none is broken.
 */
import type { FormatCallback, HtmlToTextOptions } from 'html-to-text';

/** Elements inside each other. Beyond it there is no footer, only an attempt on the stack. */
const DEPTH_LIMIT = 150;

/**
 * @param html a fragment of HTML that shows something
 * @returns its text, lines separated by `\n`, not blank and without blanks at line ends (but for a signature's `-- `)
 * @throws what html-to-text throws, should it ever
 */
export async function deriveText(html: string): Promise<string> {
  const { convert } = await import('html-to-text');
  const text = tidy(convert(html, OPTIONS));
  return text === '' ? whatThePicturesAre(html) : text;
}

const anchor: FormatCallback = (element, walk, builder) => {
  let text = '';
  builder.pushWordTransform((word) => {
    text += word;
    return word;
  });
  walk(element.children, builder);
  builder.popWordTransform();
  const target = linkTarget(String(element.attribs.href ?? ''));
  if (target === '') return;
  if (text === '') builder.addInline(target, { noWordTransform: true });
  else if (!isSame(text, target)) builder.addInline(` <${target}>`, { noWordTransform: true });
};

/** What is worth showing of a link: an address for a plain `mailto:`, nothing for what leads nowhere outside a browser. */
function linkTarget(href: string): string {
  // The URL standard drops line ends and tabs; blanks and angle brackets would end the link in a mail reader.
  const target = href
    .replace(/[\n\r\t]/g, '')
    .trim()
    .replace(/[ <>]/g, (character) => encodeURIComponent(character));
  if (!/^(?:https?|mailto|ftps?|tel|news|nntp|xmpp|irc):./i.test(target)) return '';
  const plainAddress = /^mailto:([^?]+)$/i.exec(target)?.[1];
  return plainAddress === undefined ? target : percentDecoded(plainAddress);
}

function percentDecoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

/** Whether a link's text says its target already, give or take a slash at the end. */
function isSame(text: string, target: string): boolean {
  const bare = (link: string) =>
    link
      .replace(/\s/g, '')
      .replace(/^mailto:/i, '')
      .replace(/\/$/, '')
      .toLowerCase();
  return bare(text) === bare(target);
}

const image: FormatCallback = (element, _walk, builder) => {
  const alt = String(element.attribs.alt ?? '').trim();
  if (alt !== '') builder.addInline(alt);
};

/**
 * A row a line, its cells side by side. Not html-to-text's own tables: they pad the cells of a layout table to
 * the width of its longest paragraph, and a `colspan` of a billion takes that many cells' memory.
 */
const row: FormatCallback = (element, walk, builder) => {
  builder.openBlock({ leadingLineBreaks: 1 });
  let isFirst = true;
  for (const child of element.children) {
    if (!isFirst && (child.name === 'td' || child.name === 'th')) builder.addInline(CELL_GAP);
    walk([child], builder);
    if (child.name === 'td' || child.name === 'th') isFirst = false;
  }
  builder.closeBlock({ trailingLineBreaks: 1 });
};

/** No-break spaces, which html-to-text keeps and `tidy` turns into blanks. */
const CELL_GAP = '\u00a0\u00a0';

const OPTIONS: HtmlToTextOptions = {
  wordwrap: false,
  // Without HTML 4's zero-width space: it stands between the words of languages that show nothing there (Thai, Khmer).
  whitespaceCharacters: ' \t\r\n\f',
  decodeEntities: true,
  limits: { maxDepth: DEPTH_LIMIT, ellipsis: '' },
  formatters: { anchor, image, row },
  selectors: [
    { selector: 'a', format: 'anchor' },
    { selector: 'img', format: 'image' },
    { selector: 'tr', format: 'row' },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({
      selector,
      format: 'heading',
      options: { uppercase: false, leadingLineBreaks: 1, trailingLineBreaks: 1 },
    })),
    { selector: 'p', options: { leadingLineBreaks: 2, trailingLineBreaks: 2 } },
    {
      selector: 'hr',
      format: 'horizontalLine',
      options: { length: 40, leadingLineBreaks: 1, trailingLineBreaks: 1 },
    },
    ...['title', 'style', 'script', 'template', 'head'].map((selector) => ({ selector, format: 'skip' })),
  ],
};

/**
 * No-break spaces become blanks: they were layout, and would make a footer non-ASCII for nothing. A line that
 * is `--` was the signature's `-- ` before HTML lost its blank.
 */
function tidy(text: string): string {
  const lines = text.split('\n').map((line) => {
    const trimmed = line.replaceAll('\u00a0', ' ').trimEnd();
    return trimmed === '--' ? '-- ' : trimmed;
  });
  while (lines.length > 0 && lines[0] === '') lines.shift();
  while (lines.length > 0 && lines.at(-1) === '') lines.pop();
  return lines.join('\n');
}

/** For a footer that is nothing but a picture without words: where it is, else that there is one. */
function whatThePicturesAre(html: string): string {
  const source = /<img\s[^<>]{0,2000}?\bsrc\s*=\s*["']?(https?:\/\/[^\s"'<>]+)/i.exec(html)?.[1];
  return source === undefined ? '[picture]' : `<${source}>`;
}
