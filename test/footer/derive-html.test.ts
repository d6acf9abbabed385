import fc from 'fast-check';
import { Parser } from 'htmlparser2';
import { describe, expect, it } from 'vitest';
import { deriveHtml as derive } from '../../src/footer/derive-html.ts';

const deriveHtml = (text: string) => derive(text, '');

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
    ['one line', 'a', '<div dir="auto">a</div>'],
    ['lines', 'a\nb', '<div dir="auto">a<br>\nb</div>'],
    ['a signature', '-- \nThe list', '<div dir="auto">-- <br>\nThe list</div>'],
    ['blank lines', '\na\n\nb', '<div dir="auto"><br>\na<br>\n<br>\nb</div>'],
    [
      'markup in the text',
      '<b> & "c" \'d\'',
      '<div dir="auto">&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;</div>',
    ],
    ['an entity in the text', '&lt;', '<div dir="auto">&amp;lt;</div>'],
    ['blanks at a line’s start', ' a\n  b', '<div dir="auto">&nbsp;a<br>\n&nbsp;&nbsp;b</div>'],
    ['two blanks after a sentence', 'A.  B', '<div dir="auto">A.&nbsp; B</div>'],
    [
      'columns',
      'Archive   here',
      '<div dir="auto" style="font-family:monospace">Archive&nbsp;&nbsp; here</div>',
    ],
    ['a tab', 'a\tb', `<div dir="auto" style="font-family:monospace">a${'&nbsp;'.repeat(6)} b</div>`],
    ['a tab at the start', '\ta', `<div dir="auto">${'&nbsp;'.repeat(8)}a</div>`],
    [
      'a link',
      'https://x.org/?a=1&b=2',
      '<div dir="auto"><a href="https://x.org/?a=1&amp;b=2">https://x.org/?a=1&amp;b=2</a></div>',
    ],
    ['an address', 'to a+b@x.org.', '<div dir="auto">to <a href="mailto:a+b@x.org">a+b@x.org</a>.</div>'],
    [
      'a link in angle brackets',
      '<https://x.org>',
      '<div dir="auto">&lt;<a href="https://x.org">https://x.org</a>&gt;</div>',
    ],
    ['a blank behind a link', 'a@x.org b', '<div dir="auto"><a href="mailto:a@x.org">a@x.org</a> b</div>'],
    [
      'a quote behind a link',
      `https://x.org/'onclick='x`,
      `<div dir="auto"><a href="https://x.org/&#39;onclick=&#39;x">https://x.org/&#39;onclick=&#39;x</a></div>`,
    ],
    ['other scripts', 'Grüße 語 😀', '<div dir="auto">Grüße 語 😀</div>'],
    ['a rule', '_______\nNews', '<div dir="auto">_______<br>\nNews</div>'],
  ])('%s', (_what, text, html) => {
    expect(deriveHtml(text)).toBe(html);
  });

  it.each([
    ['שלום.\nhttps://a.example', '<div dir="rtl">שלום.<br>'],
    ['-- \n1. السلام', '<div dir="rtl">-- <br>'],
    ['A list\nשלום', '<div dir="auto">A list<br>'],
    ['Приветствие 日本', '<div dir="auto">'],
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
          else if (name === 'dir') expect(value).toMatch(/^(?:auto|rtl)$/);
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
