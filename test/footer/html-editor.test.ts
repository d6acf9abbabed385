import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { describe, expect, it } from 'vitest';
import { insertFooters } from '../helpers/insert.ts';

const PAIR = { text: 'the footer', html: '<p>the footer</p>' };

function withFooter(charset: string, html: string | Uint8Array): Buffer {
  const head = `MIME-Version: 1.0\nContent-Type: text/html; charset=${charset}\n\n`;
  return insertFooters(Buffer.concat([Buffer.from(head), Buffer.from(html)]), PAIR).subarray(head.length);
}

/** The text in the order in which a browser shows it. */
function shown(html: string): string {
  const textOf = (node: DefaultTreeAdapterTypes.Node): string => {
    if ('value' in node) return node.value;
    return 'childNodes' in node ? node.childNodes.map(textOf).join(' ') : '';
  };
  return textOf(parse(html)).replace(/\s+/g, ' ').trim();
}

describe('HTML in base64', () => {
  /** Of what looks like the beginning of a tag, each is decided by what follows it: none keeps the rest from being read. */
  it.each(['<', '<!', '</', '</bod', '</body', '</body<', 'a<', '</body></html>'])(
    'of nothing but %j has its footer, in two-byte characters as well',
    (piece) => {
      for (const [charset, encoding] of [
        ['utf-8', 'utf8'],
        ['utf-16le', 'utf16le'],
      ] as const) {
        const html = `${piece.repeat(40_000)}</body>`;
        const head = `Content-Type: text/html; charset=${charset}\nContent-Transfer-Encoding: base64\n\n`;
        const lines = Buffer.from(html, encoding).toString('base64').replace(/.{76}/g, '$&\n');
        const message = Buffer.from(head + lines);
        const cut = Array.from({ length: Math.floor(message.length / 9001) }, (_, i) => 9001 * (i + 1));
        const after = insertFooters(message, PAIR, undefined, cut).toString('latin1');
        const content = Buffer.from(after.slice(after.indexOf('\n\n')), 'base64').toString(encoding);
        expect(content.includes(PAIR.html)).toBe(true);
      }
    },
  );
});

describe('the footer is shown behind the text', () => {
  it.each([
    '<p>text',
    '<table><tr><td>text</td></tr></table>',
    '<table><tr><td>text</td></tr>\n</body></html>\n',
    '<table><tbody><tr><th>text</TH >\n',
    '<table><tr><td><table><tr><td>text</td></tr></body>',
    '<table><tr><td>text</td></tr></table></td></tr></body>',
    '<table><tr><td>text</body>',
  ])('of %j', (html) => expect(shown(withFooter('us-ascii', html).toString())).toBe('text the footer'));

  it.each(['News, <a href="https://a.example">leave</a>', '<img src="https://a.example/logo.png">'])(
    'and on a line of its own, though %j does not begin one',
    (html) => {
      const head = 'MIME-Version: 1.0\nContent-Type: text/html\n\n';
      const message = insertFooters(Buffer.from(`${head}<body>text</body>\n`), { text: 'x', html });
      expect(message.toString()).toBe(`${head}<body>text\n<div>${html}</div>\n</body>\n`);
    },
  );

  it('where two-byte characters are not shifted back: not every reader takes a line end for that', () => {
    const html = withFooter('iso-2022-jp', '<p>\x1b$BF|K\\8l\n').toString();
    expect(html).toBe('<p>\x1b$BF|K\\8l\n\x1b(B<p>the footer</p>\n');
  });
});
