import fc from 'fast-check';
import { Parser } from 'parse5';
import { describe, expect, it } from 'vitest';
import { HtmlElement } from '../../src/html/elements.ts';
import { OpenElements } from '../../src/html/open-elements.ts';
import { HtmlTokenizer, HtmlTokenKind } from '../../src/html/tokenizer.ts';
import { DEPTH } from '../helpers/insert.ts';

interface Open {
  stack: string[];
  formatting: string[];
}

function opened(html: string): { open: OpenElements; names: Open } {
  const tokenizer = new HtmlTokenizer();
  const open = new OpenElements();
  const take = () => {
    const { kind, end, element } = tokenizer;
    if (kind === HtmlTokenKind.StartTag) {
      if (!open.startTag(tokenizer, 0)) tokenizer.readAsMarkup();
    } else if (kind === HtmlTokenKind.EndTag) open.endTag(element, end);
    else if (kind === HtmlTokenKind.Text) {
      const text = html.slice(tokenizer.start, end);
      // As browsers do: blanks and others are texts of their own.
      for (const [piece] of text.matchAll(/[\t\n\f\r ]+|[^\t\n\f\r ]+/g)) open.text(piece.trim() !== '', end);
    }
    tokenizer.hasCdata = open.isForeign;
  };
  const bytes = Buffer.from(html);
  tokenizer.feed(bytes, bytes.length);
  while (tokenizer.advance()) take();
  if (tokenizer.finish()) take();
  const { stack, formatting } = open;
  const names = {
    stack: Array.from({ length: stack.depth }, (_, i) => tokenizer.names.nameOf(stack.elementAt(i))),
    formatting: Array.from({ length: formatting.length }, (_, i) =>
      formatting.elementAt(i) === HtmlElement.Unknown ? '|' : tokenizer.names.nameOf(formatting.elementAt(i)),
    ),
  };
  names.stack = names.stack.filter(isInBody);
  // parse5 ends raw text at the end.
  if (tokenizer.openRawText !== HtmlElement.Unknown && tokenizer.closer !== null) names.stack.pop();
  return { open, names };
}

/** What parse5 has open when the text ends. */
function byParse5(html: string): Open & { isFrameset: boolean } {
  const parser = new Parser({ scriptingEnabled: false });
  parser.tokenizer.write(html, true);
  const { items } = parser.openElements;
  const stack = items.slice(0, parser.openElements.stackTop + 1) as { tagName: string }[];
  const names = stack.map((element) => element.tagName.toLowerCase());
  const entries: string[] = [];
  for (let entry = parser.activeFormattingElements.newest; entry !== null; entry = entry.older) {
    entries.unshift('element' in entry ? (entry.element as { tagName: string }).tagName : '|');
  }
  return { stack: names.filter(isInBody), formatting: entries, isFrameset: names.includes('frameset') };
}

/** The document's own elements are told apart in other ways. */
function isInBody(name: string): boolean {
  return !['html', 'head', 'body', 'frameset'].includes(name);
}

const FLOW =
  'p div b i a font nobr em span ul ol li dl dt dd h1 h2 pre center blockquote address section button form object marquee ' +
  'label x-y table tbody tr td th caption colgroup code big ruby rb rt rp rtc details dialog iframe xmp title style';
const FOREIGN = 'svg math g title desc foreignObject mi mtext annotation-xml style p div b a font span table';

function soupOf(names: string, others: readonly string[]): fc.Arbitrary<string> {
  const tags = names.split(' ').flatMap((name) => [`<${name}>`, `<${name}>`, `</${name}>`]);
  return fc.array(fc.constantFrom(...tags, ...others), { maxLength: 30 }).map((pieces) => pieces.join(''));
}

const flow = soupOf(FLOW, [
  'text',
  ' ',
  'more text',
  '<br>',
  '<hr>',
  '<img>',
  '<input>',
  '<col>',
  '</br>',
  '<a href=x>',
]);
const tables = soupOf('table tbody tr td th caption colgroup b a p div form', [
  'text',
  ' ',
  '<col>',
  '<input type=hidden>',
]);
const formatting = soupOf('b i a font nobr p div span table td object', [
  'text',
  '<font color=red>',
  '<b class=x>',
  ' ',
]);
const foreign = soupOf(FOREIGN, [
  'text',
  '<g/>',
  '<font color=x>',
  '<annotation-xml encoding="text/html">',
  '<malignmark>',
  '<![CDATA[ <p> ]]>',
  '</p>',
  '<mglyph>',
]);

function expectSame(html: string): void {
  const { isFrameset, ...expected } = byParse5(html);
  const { open, names } = opened(html);
  expect(open.isCertain).toBe(true);
  expect(open.isFrameset).toBe(isFrameset);
  expect(names).toEqual(expected);
}

/** parse5 knows neither the select that holds anything nor what is in a template, where nothing is shown. */
describe('the elements that are open at the end are those of parse5', () => {
  it.each([
    ['any', flow],
    ['tables', tables],
    ['formatting', formatting],
    ['SVG and MathML', foreign],
  ] as const)('%s', (_, soup) => {
    fc.assert(
      fc.property(soup, (html) => expectSame(`<!doctype html><body>${html}`)),
      { numRuns: 1200 * DEPTH },
    );
  });

  it('but for the end of a group of rows that is not there, which parse5 takes for the row’s (§13.2.6.4.14)', () => {
    expect(opened('<table><tr></thead>').names.stack).toEqual(['table', 'tbody', 'tr']);
    expect(opened('<table><thead><tr></thead>').names.stack).toEqual(['table']);
  });

  it.each([
    '<html><head><title>x</title></head><p>text',
    '<frameset><frame src=x><noframes><p>x</noframes><p>',
    '<body><frameset><p>',
    '<p>text<frameset>',
    '<table><thead><tr><th>x<tfoot><td>y</thead></tfoot><tr>',
    '<noscript><dialog></noscript>',
    '<head><noscript><style>p{}</style><p>x</noscript><p>',
    '<head></head><noscript><p>x',
    '<p>x<noscript><p>y',
    '<noscript>x</noscript><p>',
    '<!doctype html><head><style>p{}</style><p><b>x</p>',
  ])('%s', (html) => expectSame(html));
});
