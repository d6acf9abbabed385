import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveHtml } from '../../src/footer/derive-html.ts';
import { deriveText } from '../../src/footer/derive-text.ts';

describe('deriveText', () => {
  it.each([
    ['a paragraph', '<p>Hello</p>', 'Hello'],
    ['paragraphs', '<p>a</p><p>b</p>', 'a\n\nb'],
    ['line breaks', 'a<br>b<br><br>c', 'a\nb\n\nc'],
    ['blocks', '<div>a</div><div>b</div>', 'a\nb'],
    ['character references', '&lt;a&gt; &amp; &uuml; &#8364;', '<a> & ü €'],
    ['no-break spaces', 'a&nbsp;b', 'a b'],
    ['zero-width spaces', '<p>បញ្ជី\u200bសំបុត្រ</p>', 'បញ្ជី\u200bសំបុត្រ'],
    [
      'a link',
      'See <a href="https://x.org/a?b=1&amp;c=2">our archive</a>.',
      'See our archive <https://x.org/a?b=1&c=2>.',
    ],
    ['a link that is its text', '<a href="https://x.org/">https://x.org</a>', 'https://x.org'],
    ['a mail address', '<a href="mailto:a+b@x.org">a+b@x.org</a>', 'a+b@x.org'],
    ['a mail address with words', '<a href="mailto:a%2Bb@x.org">Unsubscribe</a>', 'Unsubscribe <a+b@x.org>'],
    [
      'a mail address with a subject',
      '<a href="mailto:a@x.org?subject=stop%20it">Stop</a>',
      'Stop <mailto:a@x.org?subject=stop%20it>',
    ],
    ['a link without text', '<a href="https://x.org/"></a>', 'https://x.org/'],
    [
      'a link around a picture',
      '<a href="https://x.org/"><img alt="Logo" src="cid:1"></a>',
      'Logo <https://x.org/>',
    ],
    [
      'a link with markup inside',
      '<a href="https://x.org/"><b>our</b> site</a>',
      'our site <https://x.org/>',
    ],
    [
      'links that lead nowhere',
      '<a href="#a">a</a> <a href="javascript:x()">b</a> <a name="c">c</a>',
      'a b c',
    ],
    [
      'a link with blanks and brackets in it',
      '<a href="https://x.org/a b<c>">d</a>',
      'd <https://x.org/a%20b%3Cc%3E>',
    ],
    [
      'a long link',
      `<p>a <a href="https://x.org/${'y'.repeat(200)}">b</a></p>`,
      `a b <https://x.org/${'y'.repeat(200)}>`,
    ],
    ['a long line', `<p>${'word '.repeat(50)}</p>`, 'word '.repeat(50).trim()],
    ['a list', '<ul><li>a</li><li>b</li></ul>', ' * a\n * b'],
    ['a numbered list', '<ol><li>a<li>b</ol>', ' 1. a\n 2. b'],
    [
      'a table',
      '<table><tr><th>Archive</th><td><a href="https://x.org">here</a></td></tr><tr><td>List</td><td>a@x.org</td></tr></table>',
      'Archive  here <https://x.org>\nList  a@x.org',
    ],
    ['a huge colspan', '<table><tr><td colspan="4000000000">a</td><td>b</td></tr></table>', 'a  b'],
    ['a rule', '<hr><p>a</p>', `${'-'.repeat(40)}\n\na`],
    ['a signature', '-- <br>The list', '-- \nThe list'],
    ['a heading', '<h2>Our list</h2>a', 'Our list\na'],
    ['a picture with words', '<img alt="Our logo" src="https://x.org/a.png"> News', 'Our logo News'],
    ['pictures beside text', '<img src="https://x.org/a.png"><p>News</p>', 'News'],
    ['only a picture', '<p><img width="1" src="https://x.org/a.png"></p>', '<https://x.org/a.png>'],
    ['only an enclosed picture', '<img src="cid:1">', '[picture]'],
    ['a style sheet, a script, a title', '<style>p{}</style><script>x()</script><title>T</title>a', 'a'],
    ['comments', 'a<!-- b --><!--[if mso]>c<![endif]-->', 'a'],
    ['preformatted text', '<pre>a  b\n c</pre>', 'a  b\n c'],
  ])('%s', (_what, html, text) => {
    expect(deriveText(html)).toBe(text);
  });

  it('survives nesting that no stack does', () => {
    expect(deriveText(`a${'<b>'.repeat(20_000)}b`)).toMatch(/^a/);
    expect(deriveText(`a${'<div>'.repeat(10_000)}b`)).toMatch(/^a/);
    expect(deriveText(`a${'<table><tr><td>'.repeat(4_000)}b`)).toMatch(/^a/);
  });

  /** 64 KiB of what would send a careless reader back to the start each time. */
  it.each([
    '<p>',
    '<ul>',
    '<ol>',
    '<li>',
    '<ol><li>a',
    '<td>',
    '<tr><td>a',
    '<table><tr><td>a',
    '<blockquote>a',
    '<a href="https://x.org">a',
    '<br>',
    '<pre>\n',
    '</p>',
    '</table>',
    '<h1>',
    '<dd>',
    '<option>',
    '<template>',
    '&nbsp;',
    '&',
    '<',
    ' ',
    'a ',
  ])(
    'comes to an end for 64 KiB of %j',
    (piece) => {
      expect(deriveText(`a${piece.repeat(Math.ceil(65_536 / piece.length))}`)).toMatch(/^\s*a|^ *\*/);
    },
    5_000,
  );

  it('is never blank and ends in no newline, for any soup', () => {
    const soup = fc
      .array(
        fc.constantFrom(
          '<p>',
          '</p>',
          '<a href="https://x.org">',
          '</a>',
          '<table>',
          '<tr>',
          '<td>',
          '</table>',
          '<ul>',
          '<li>',
          '<br>',
          '&nbsp;',
          ' ',
          '\n',
          'a',
          '<',
          '"',
          '<img>',
          '<hr>',
          '<!--',
          '<a href="',
        ),
        { maxLength: 20 },
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(soup, (html) => {
        const text = deriveText(html);
        expect(text).toMatch(/\S/);
        expect(text).not.toMatch(/\n$/);
      }),
      { numRuns: 500 },
    );
  });

  it('undoes deriveHtml', () => {
    for (const text of [
      '-- \nNews: https://x.org/a?b&c\nLeave: news+unsubscribe@x.org',
      'a\n\nb',
      '____\nGrüße <a@x.org>',
    ]) {
      expect(deriveText(deriveHtml(text, ''))).toBe(text);
    }
  });
});
