import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeAttribute, decodeReferences } from '../../src/footer/character-references.ts';
import { completeFooters } from '../../src/footer/complete-footers.ts';
import { decodeText } from '../../src/footer/decode-text.ts';
import { deriveHtml } from '../../src/footer/derive-html.ts';
import { deriveText } from '../../src/footer/derive-text.ts';
import { escapeHtml } from '../../src/footer/escape-html.ts';
import { findLinks } from '../../src/footer/find-links.ts';
import { htmlFragment } from '../../src/footer/html-fragment.ts';
import { addressSubstitutions, controlNames, substitute } from '../../src/footer/substitute.ts';
import { isBlank, showsSomething } from '../../src/footer/visible.ts';
import { type CoreModule, portableCode, WasmCore } from '../helpers/wasm.ts';
import { IMPROVED_FOOTERS, ORDINARY_FOOTERS } from './footers.ts';

let compiled: CoreModule;
let core: WasmCore;

beforeAll(() => {
  compiled = portableCode();
  core = new WasmCore(compiled, 'footer');
});

/** What the core makes of bytes; null where it says so. */
function native(name: string, bytes: Uint8Array): string | null {
  core.write(core.call('input', bytes.length), bytes);
  const length = core.call(name);
  const made = length < 0 ? null : core.read(core.call('output'), length).toString('utf8');
  core.call('collect');
  return made;
}

const HTML = [...ORDINARY_FOOTERS, ...IMPROVED_FOOTERS.map(([, html]) => html)];
const TEXTS = [
  '',
  '-- \nNews: https://x.org/a?b&c\nLeave: news+unsubscribe@x.org',
  'a\n\n\tb  c   d\n',
  '____\nGrüße <a@x.org>, www.x.org/(a) & 語 😀',
  '連絡はnews@example.orgまで https://example.orgまで',
  'почта-off@пример.рф müller+off@example.org a%b&c=d@example.org',
  'שלום https://x.org\u200f.\n1. السلام',
  '$list$ $list+$ $control motto$ $5 $listunsubaddr$ $control ../x$',
  '\u200b\u00ad\u2800',
];

/** The exports of test/asc/footer.ts, and what they give on Node. */
const FUNCTIONS: readonly (readonly [name: string, onNode: (text: string) => string | null])[] = [
  ['callDecodeText', (text) => decodeText(new TextEncoder().encode(text))],
  ['callDeriveHtml', (text) => deriveHtml(text, 'de')],
  [
    'callFindLinks',
    (text) =>
      findLinks(text)
        .map(({ start, end, target }) => `${start} ${end} ${target}\n`)
        .join(''),
  ],
  ['callReferences', (text) => `${decodeReferences(text)}\n${decodeAttribute(text)}`],
  ['callHtmlFragment', htmlFragment],
  ['callDeriveText', deriveText],
  [
    'callSubstitute',
    (text) => {
      const values = addressSubstitutions('o\'n<e&"ws>@example.org', '+');
      for (const name of controlNames([text])) values.set(`control ${name}`, `value of ${name}`);
      return substitute(text, values, escapeHtml);
    },
  ],
];

const onNode = (halves: readonly [text: string, html: string]) => {
  const { footers, trouble } = completeFooters(halves[0], halves[1], '');
  return footers === null ? trouble : `${footers.text}\0${footers.html}`;
};

const bytesOf = (text: string) => new TextEncoder().encode(text);

describe('in WebAssembly as on Node', () => {
  it.each(FUNCTIONS)('%s', (name, expected) => {
    for (const text of [...TEXTS, ...HTML]) expect(native(name, bytesOf(text)), text).toBe(expected(text));
  });

  it('files in any encoding', () => {
    const files = [
      '\xff\xfeG\0r\0\xfc\0',
      '\xfe\xff\0G\xd8\x3d\xde\0\xd8',
      '\xef\xbb\xbfA\xe9',
      '\x80\x93A\x94',
      'a\0b',
    ];
    for (const file of files) {
      const bytes = Buffer.from(file, 'latin1');
      expect(native('callDecodeText', bytes), JSON.stringify(file)).toBe(decodeText(bytes));
    }
  });

  it('what shows', () => {
    for (const text of [...TEXTS, '&nbsp;', '&zwnj;&#xA0;', '&mdash;', '\u3000', '\u{e0001}']) {
      core.write(core.call('input', bytesOf(text).length), bytesOf(text));
      const expected = (isBlank(text) ? 1 : 0) + (showsSomething(text) ? 2 : 0);
      expect(core.call('callVisible'), text).toBe(expected);
    }
  });

  it('whole footers', () => {
    for (const html of HTML) expect(native('callComplete', bytesOf(`\0${html}`))).toBe(onNode(['', html]));
    for (const text of TEXTS) expect(native('callComplete', bytesOf(`${text}\0`))).toBe(onNode([text, '']));
  });

  it('any soup', () => {
    const pieces = fc.array(
      fc.oneof(
        fc.constantFrom(
          '<p>',
          '</p>',
          '<td>',
          '<tr>',
          '<table>',
          '</table>',
          '<li>',
          '<ol start=9>',
          '<ul>',
          '</ul>',
        ),
        fc.constantFrom(
          '<a href="https://x.org/?a&amp;b">',
          '</a>',
          '<br>',
          '<pre>',
          '<blockquote>',
          '<svg>',
          '<style>',
        ),
        fc.constantFrom(
          '<body>',
          '</body>',
          '<!--',
          '-->',
          '<![CDATA[',
          '<img alt="b" src=x>',
          '&nbsp;',
          '&#8364;',
        ),
        fc.constantFrom('<', '>', '"', '&', ' ', '\n', '$list$', '@x.org', 'https://', 'a', 'ü', '語', '😀'),
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join('');
        for (const [name, expected] of FUNCTIONS)
          expect(native(name, bytesOf(text)), name).toBe(expected(text));
        expect(native('callComplete', bytesOf(`\0${text}`))).toBe(onNode(['', text]));
      }),
      { numRuns: 500 },
    );
  });
});

describe('64 KiB', () => {
  const size = 64 * 1024;
  const repeated = (piece: string) => piece.repeat(Math.floor(size / piece.length));

  /** All garbage of one footer stays until it is done. */
  it.each([
    ['plain text', `${repeated('word word https://x.org\n')}\0`],
    ['quotes', `${repeated('"')}\0`],
    ['links', `${repeated('a@x.org ')}\0`],
    ['tags', `\0x${repeated('<p>')}`],
    ['lists', `\0x${repeated('<ul>')}`],
    ['items', `\0x<ul>${repeated('<li>')}`],
    ['cells', `\0x${repeated('<table><tr><td>a')}`],
    ['links in HTML', `\0${repeated('<a href="https://x.org">a</a>')}`],
    ['characters', `\0${repeated('&amp;')}`],
    ['templates', `\0x${repeated('<template>')}`],
  ])('of %s take little memory, and the same text comes out', (_what, text) => {
    core = new WasmCore(compiled, 'footer');
    core.write(core.call('input', bytesOf(text).length), bytesOf(text));
    core.call('complete');
    const memory = core.memorySize / 1024 / 1024;
    const [plain, html] = text.split('\0');
    expect(native('callComplete', bytesOf(text)) === onNode([plain!, html!])).toBe(true);
    expect(memory).toBeLessThan(8);
  });

  it.each([
    ['callSubstitute', '$ '],
    ['callFindLinks', 'www.'],
    ['callFindLinks', 'a@b.'],
    ['callDecodeText', '\x1b\r'],
  ])('%s of %j', (name, piece) => {
    const expected = FUNCTIONS.find(([own]) => own === name)![1](repeated(piece));
    expect(native(name, bytesOf(repeated(piece))) === expected).toBe(true);
  });
});
