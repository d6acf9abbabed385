import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completeFooters } from '../../src/footer/complete-footers.ts';

function complete(text: string, html: string, language = '') {
  const { footers, trouble } = completeFooters(text, html, language);
  return { text: footers?.text, html: footers?.html, trouble };
}

describe('what is in it', () => {
  it.each([
    ['its last newlines go', 'a\nb\n\n \n', 'a\nb'],
    ['leading blank lines stay', '\n\na\n', '\n\na'],
    ['blanks at line ends go', 'a  \nb\t\n  c \n', 'a\nb\n  c'],
    ['but not the signature’s', '-- \nThe list  \n', '-- \nThe list'],
    ['a signature at the end', 'a\n-- ', 'a\n-- '],
    ['CRLF', '-- \r\na\r\nb\r\n', '-- \na\nb'],
    ['lone CRs', 'a\rb\r', 'a\nb'],
    ['control characters', 'a\0b\x1bc\x07', 'abc'],
    ['no last newline', 'a', 'a'],
    ['a last line that shows nothing', 'a\n\u200b\n', 'a'],
  ])('text: %s', (_what, text, tidy) => {
    expect(complete(text, '<p>x</p>')).toEqual({ text: tidy, html: '<p>x</p>', trouble: '' });
  });

  it('HTML: a document’s inside, with any line ends', () => {
    const document =
      '<!DOCTYPE html>\r\n<html><head><title>T</title></head>\r\n<body>\r\n<p>\r\nü</p>\r\n</body></html>\r\n';
    expect(complete('x', document)).toMatchObject({ html: '<p>\nü</p>' });
  });

  it.each([
    ['<p>Hi <!-- open', '<p>Hi'],
    ['<p>Hi</p><style>p{}', '<p>Hi</p><style>p{}</style>'],
    ['<meter value="1"></meter>', '<meter value="1"></meter>'],
    ['<html><body>a</body></html>', 'a'],
  ])('HTML: %j does not swallow what follows it', (source, html) => {
    expect(complete('x', source)).toEqual({ text: 'x', html, trouble: '' });
  });

  it('HTML that shows nothing counts as none', () => {
    for (const html of ['<style>p{}</style>', '<p>&nbsp;</p>', '<title>T</title>', '<!-- x']) {
      expect(complete('a', html)).toMatchObject({ text: 'a', html: '<div dir="auto">a</div>' });
    }
  });
});

describe('the missing half', () => {
  it('HTML from text, with addresses clickable', () => {
    expect(complete('-- \nLeave: news-off@example.org\n', '\n')).toEqual({
      text: '-- \nLeave: news-off@example.org',
      html: '<div dir="auto">-- <br>\nLeave: <a href="mailto:news-off@example.org">news-off@example.org</a></div>',
      trouble: '',
    });
    expect(complete('a <b>\r\n\r\n', '')).toMatchObject({
      text: 'a <b>',
      html: '<div dir="auto">a &lt;b&gt;</div>',
    });
  });

  it('HTML in a language', () => {
    expect(complete('שלום', '', 'he')).toMatchObject({ html: '<div dir="rtl" lang="he">שלום</div>' });
    expect(complete('a', '', '"><x').html).toBe('<div dir="auto" lang="&quot;&gt;&lt;x">a</div>');
  });

  it('text from HTML, as mlmmjadmin leaves it: a lone newline beside a real HTML footer', () => {
    expect(complete('\n', '<p>Leave: <a href="mailto:news-off@example.org">here</a></p>\n')).toEqual({
      text: 'Leave: here <news-off@example.org>',
      html: '<p>Leave: <a href="mailto:news-off@example.org">here</a></p>',
      trouble: '',
    });
    expect(complete(' \n', '<p>a &lt;b&gt;</p>\n')).toMatchObject({
      text: 'a <b>',
      html: '<p>a &lt;b&gt;</p>',
    });
  });

  it.each([
    ['<hr>', '-'.repeat(40)],
    ['<img src="https://example.org/x.png">', '<https://example.org/x.png>'],
    ['<img src="cid:x">', '[picture]'],
    ['<svg></svg>', '[picture]'],
    ['<input type="image">', '[picture]'],
  ])('text from %s is not blank', (html, text) => {
    expect(complete('', html)).toEqual({ text, html, trouble: '' });
  });
});

describe('no footers', () => {
  it.each([
    ['', ''],
    [' \n\n', ''],
    ['\u200b', '<p><br></p>'],
    ['\u200b', '<p>&nbsp;</p>'],
    ['\u200b', '<!-- x --><div>\u200b</div>'],
    ['\ufeff', '<html><head><title>x</title></head><body>&nbsp;<!-- x --></body></html>'],
  ])('of %j and %j, which show nothing', (text, html) => {
    expect(completeFooters(text, html, '')).toEqual({ footers: null, trouble: '' });
  });

  it('where a derived half is too large', () => {
    expect(complete('"\n'.repeat(130_000), '')).toEqual({
      text: undefined,
      html: undefined,
      trouble: 'the derived footer is larger than 1024 KiB',
    });
    const deep = `${'<ul><li>'.repeat(100)}${'a<br>'.repeat(10_000)}`;
    expect(complete('', deep).trouble).toBe('the derived footer is larger than 1024 KiB');
    expect(complete('a', deep).trouble).toBe('');
  });
});

it('any halves give a whole pair or none, never blank, never ending in a newline, and stay as they are', () => {
  const half = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          '<p>',
          '</p>',
          '<html>',
          '<body>',
          '</body>',
          '<!--',
          '-->',
          '\r\n',
          '\r',
          ' ',
          '-- ',
        ),
        fc.constantFrom(
          'ü',
          'a',
          '&nbsp;',
          'https://x.org',
          '"',
          '<',
          '<li>',
          '<a href="https://x.org">',
          '\0',
        ),
        fc.string({ unit: 'binary', maxLength: 3 }),
      ),
      { maxLength: 20 },
    )
    .map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(half, half, (text, html) => {
      const pair = complete(text, html);
      expect(pair.trouble).toBe('');
      expect(pair.text === undefined).toBe(pair.html === undefined);
      if (pair.text === undefined) return;
      for (const made of [pair.text, pair.html!]) {
        expect(made).toMatch(/\S/);
        expect(made).not.toMatch(/\r|\0|\n\s*$/);
      }
      expect(complete(pair.text, pair.html!)).toEqual(pair);
    }),
    { numRuns: 1000 },
  );
});
