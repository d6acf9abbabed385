import fc from 'fast-check';
import { Parser } from 'htmlparser2';
import { describe, expect, it } from 'vitest';
import { deriveHtml } from '../../src/footer/derive-html.ts';

/** What an independent reader makes of it: the text (a `<br>` is a line end), the elements, the attributes. */
function read(html: string) {
  let text = '';
  const elements = new Set<string>();
  const attributes: [string, string][] = [];
  const parser = new Parser({
    onopentag(name, found) {
      elements.add(name);
      attributes.push(...Object.entries(found));
      if (name === 'br') text += '\n';
    },
    ontext: (piece) => {
      text += piece;
    },
  });
  parser.write(html);
  parser.end();
  return { text, elements, attributes };
}

describe('deriveHtml', () => {
  it.each([
    ['one line', 'a', '<div>a</div>'],
    ['lines', 'a\nb', '<div>a<br>\nb</div>'],
    ['a signature', '-- \nThe list', '<div>-- <br>\nThe list</div>'],
    ['blank lines', '\na\n\nb', '<div><br>\na<br>\n<br>\nb</div>'],
    ['markup in the text', '<b> & "c" \'d\'', '<div>&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;</div>'],
    ['an entity in the text', '&lt;', '<div>&amp;lt;</div>'],
    ['blanks at a line’s start', ' a\n  b', '<div>&nbsp;a<br>\n&nbsp;&nbsp;b</div>'],
    ['two blanks after a sentence', 'A.  B', '<div>A.&nbsp; B</div>'],
    ['columns', 'Archive   here', '<div style="font-family:monospace">Archive&nbsp;&nbsp; here</div>'],
    ['a tab', 'a\tb', `<div style="font-family:monospace">a${'&nbsp;'.repeat(6)} b</div>`],
    ['a tab at the start', '\ta', `<div>${'&nbsp;'.repeat(8)}a</div>`],
    [
      'a link',
      'https://x.org/?a=1&b=2',
      '<div><a href="https://x.org/?a=1&amp;b=2">https://x.org/?a=1&amp;b=2</a></div>',
    ],
    ['an address', 'to a+b@x.org.', '<div>to <a href="mailto:a+b@x.org">a+b@x.org</a>.</div>'],
    [
      'a link in angle brackets',
      '<https://x.org>',
      '<div>&lt;<a href="https://x.org">https://x.org</a>&gt;</div>',
    ],
    ['a blank behind a link', 'a@x.org b', '<div><a href="mailto:a@x.org">a@x.org</a> b</div>'],
    [
      'a quote behind a link',
      `https://x.org/'onclick='x`,
      `<div><a href="https://x.org/&#39;onclick=&#39;x">https://x.org/&#39;onclick=&#39;x</a></div>`,
    ],
    ['other scripts', 'Grüße 語 😀', '<div>Grüße 語 😀</div>'],
    ['a rule', '_______\nNews', '<div>_______<br>\nNews</div>'],
  ])('%s', (_what, text, html) => {
    expect(deriveHtml(text)).toBe(html);
  });

  it.each([
    ['שלום.\nhttps://a.example', '<div dir="rtl">שלום.<br>'],
    ['-- \n1. السلام', '<div dir="rtl">-- <br>'],
    ['A list\nשלום', '<div>A list<br>'],
    ['Приветствие 日本', '<div>'],
  ])('%j runs as its first letter does', (source, start) => {
    expect(deriveHtml(source)).toMatch(new RegExp(`^${start.replaceAll('.', '\\.')}`));
  });

  const line = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc
      .array(
        fc.constantFrom(
          'https://',
          'www.',
          '@',
          'a.org',
          '"',
          "'",
          '<',
          '>',
          '&',
          ' ',
          '  ',
          '\t',
          '/',
          '-- ',
          'x=',
        ),
      )
      .map((parts) => parts.join('')),
  );
  const text = fc.array(line, { minLength: 1, maxLength: 5 }).map((lines) => lines.join('\n'));

  it('reads as the text, give or take blanks, and has no other markup than it should', () => {
    fc.assert(
      fc.property(text, (source) => {
        const html = deriveHtml(source);
        const { text: shown, elements, attributes } = read(html);
        expect(shown.replace(/\s/g, '')).toBe(source.replace(/\s/g, ''));
        expect([...elements].filter((name) => !['div', 'br', 'a'].includes(name))).toEqual([]);
        for (const [name, value] of attributes) {
          if (name === 'style') expect(value).toBe('font-family:monospace');
          else if (name === 'dir') expect(value).toBe('rtl');
          else expect([name, /^(?:https?:\/\/|mailto:)/i.test(value)]).toEqual(['href', true]);
        }
        expect(html).not.toMatch(/\n$/);
        expect(html.split('<br>')).toHaveLength(source.split('\n').length);
      }),
      { numRuns: 1000 },
    );
  });

  it('adds ASCII only', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (source) => {
        expect(deriveHtml(source)).toMatch(/^[\x00-\x7f]*$/);
      }),
    );
  });

  /** 64 KiB of what would send a careless pattern back to the start at every character; quadratic work takes minutes. */
  it.each([
    'a',
    '@',
    'a@',
    'a@b',
    'a@b.',
    '.',
    ' ',
    '  x',
    '\t',
    'http://',
    'http://-',
    'https://a',
    'www.',
    'www.-.',
    'www.a.b',
    'www.a.b@',
    'mailto:',
    'mailto:@',
    '(',
    'http://a)',
    'https://a.b/(',
    'http://[)',
    '-- ',
    '&',
    '"',
  ])(
    'comes to an end for 64 KiB of %j',
    (piece) => {
      const html = deriveHtml(piece.repeat(Math.ceil(65_536 / piece.length)));
      expect(html).toMatch(/<\/div>$/);
    },
    10_000,
  );
});
