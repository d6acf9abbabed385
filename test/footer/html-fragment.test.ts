import fc from 'fast-check';
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { describe, expect, it } from 'vitest';
import { htmlFragment } from '../../src/footer/html-fragment.ts';

describe('htmlFragment', () => {
  it.each([
    ['<p>a</p>', '<p>a</p>'],
    ['  <p>a</p>\n\n', '<p>a</p>'],
    ['<p>a', '<p>a'],
    ['a < b', 'a < b'],
    ['<!-- note --><p>a</p><!-- end -->', '<!-- note --><p>a</p><!-- end -->'],
    ['<style>p{}</style><p>a</p>', '<style>p{}</style><p>a</p>'],
    ['<!--[if mso]><p>x</p><![endif]--><p>a</p>', '<!--[if mso]><p>x</p><![endif]--><p>a</p>'],
    ['<![if !mso]><p>a</p><![endif]>', '<![if !mso]><p>a</p><![endif]>'],
    ['<P TITLE="</body>">a</P>', '<P TITLE="</body>">a</P>'],
  ])('a fragment stays: %j', (source, fragment) => {
    expect(htmlFragment(source)).toBe(fragment);
  });

  it.each([
    ['<html><body><p>a</p></body></html>', '<p>a</p>'],
    [
      '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>T</title>\n</head>\n<body class="x">\n<p>a</p>\n</body>\n</html>\n',
      '<p>a</p>',
    ],
    ['<HTML><HEAD><STYLE>body{color:red}</STYLE></HEAD><BODY BGCOLOR="#fff">a</BODY ></HTML>', 'a'],
    ['<?xml version="1.0"?><html><body>a</body></html>', 'a'],
    ['<html><head><!-- <body>no</body> --></head><body title="<body>">a</body></html>', 'a'],
    ['<html><head><script>var s = "<body>no</body>";</script></head><body>a</body></html>', 'a'],
    ['<html><head><title><body>no</title></head><body>a</body></html>', 'a'],
    ['<body>a<textarea></body>b</textarea>c</body>', 'a<textarea></body>b</textarea>c'],
    ['<body>a<!-- </body> -->b</body>', 'a<!-- </body> -->b'],
    ['<html><title>T</title><p>a</p>', '<p>a</p>'],
    ['<html>a', 'a'],
    ['<head><title>T</title><p>a</p>', '<p>a</p>'],
    ['<head><style>x</style>a', 'a'],
    ['<body>a', 'a'],
    ['a</body></html>', 'a'],
    ['<html><body>a</body>b</html>c', 'abc'],
    ['<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1"><p>a</p>', '<p>a</p>'],
    ['<title>T</title><base href="https://x/"><p>a</p>', '<p>a</p>'],
    ['<html><head></head><body><style>p{}</style><p>a</p></body></html>', '<style>p{}</style><p>a</p>'],
    ['<html><body>a</body', 'a'],
    ['<p>a</p', '<p>a'],
    ['<p>a</p><a href="https://x', '<p>a</p>'],
    ['<p>a</p><!-- never ends', '<p>a</p>'],
    ['<p>a</p><style>p{}\n', '<p>a</p><style>p{}</style>'],
    ['<p>a</p><SCRIPT>x', '<p>a</p><SCRIPT>x</script>'],
    ['<p>a</p><textarea>', '<p>a</p><textarea></textarea>'],
    ['<p title="it\'s > that">a</p>', '<p title="it\'s > that">a</p>'],
    ['<html><body><img src="x.png"></body></html>', '<img src="x.png">'],
  ])('a document is reduced: %j', (source, fragment) => {
    expect(htmlFragment(source)).toBe(fragment);
  });

  it.each([
    '<hr>',
    '<HR/>',
    '<img src=x>',
    '<p><img alt="" src="x"></p>',
    '<svg><path d="M0"/></svg>',
    '<p>&nbsp;.</p>',
    '<p>&copy;</p>',
  ])('shows something: %j', (source) => {
    expect(htmlFragment(source)).toBe(source);
  });

  it.each([
    '',
    '\n',
    '<br>',
    '<p></p>',
    '<p>&nbsp;</p>',
    '<p><br></p>\n<p>&#160;&#xa0;</p>',
    '<!-- a -->',
    '<!-- <img src=x> <p>a</p> -->',
    '<!-- never ends <p>a</p>',
    '<style>p{}</style>',
    '<style>never ends <p>a</p>',
    '<script>document.write("a")</script>',
    '<title>T</title>',
    '<html><head><title>T</title></head><body></body></html>',
    '<html><head><title>T</title></head><body>&nbsp;<br>\u200b</body></html>',
    '<template><p>a</p></template>',
    '<a title="a > b"></a>',
    '<p title="text"',
  ])('shows nothing: %j', (source) => {
    expect(htmlFragment(source)).toBe('');
  });
});

describe('properties', () => {
  const soup = fc
    .array(
      fc.constantFrom(
        '<html>',
        '<head>',
        '</head>',
        '<body x="',
        '<body>',
        '</body>',
        '</html>',
        '<!--',
        '-->',
        '<style>',
        '</style>',
        '<title>',
        '</title>',
        '<p>',
        '</p',
        '"',
        "'",
        '>',
        '<',
        '!',
        '<!doctype html>',
        '<?',
        '<![CDATA[',
        ']]>',
        'text',
        ' ',
        '\n',
        '&nbsp;',
        '<img>',
        '<textarea>',
        '</textarea>',
        '<script>',
        '</script>',
        '<template>',
        '</template>',
        '<svg>',
        '</svg>',
        '<plaintext>',
        '<details>',
        '<noscript>',
        '<table><td>',
        'b>',
      ),
      { maxLength: 25, size: 'max' },
    )
    .map((parts) => parts.join(''));

  it('the result is the source with something left out and what is open ended, for any soup', () => {
    fc.assert(
      fc.property(soup, (source) => {
        const fragment = htmlFragment(source).replaceAll('&lt;', '<');
        const ends = /(?:-->|\]\]>)?(?:<\/[^>]+>)*$/.exec(fragment)!;
        let at = 0;
        for (const character of fragment.slice(0, ends.index)) {
          at = source.indexOf(character, at) + 1;
          expect(at).toBeGreaterThan(0);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('what has no document around it is not touched', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!/<[!?/a-z]|<\s*$/i.test(text));
        const isBlank = !/[^\s\p{Default_Ignorable_Code_Point}\u2800]/u.test(text);
        expect(htmlFragment(text)).toBe(isBlank ? '' : text.trim());
      }),
    );
  });

  it('a fragment is its own fragment', () => {
    fc.assert(
      fc.property(soup, (source) => {
        const fragment = htmlFragment(source);
        expect(htmlFragment(fragment)).toBe(fragment);
      }),
      { numRuns: 2000 },
    );
  });

  it('what follows it is seen, and nothing of the page is changed by it', () => {
    fc.assert(
      fc.property(soup, (source) => {
        // parse5 has no CDATA sections in the titles of SVG, which browsers have (§13.2.5.42).
        fc.pre(!source.includes('CDATA'));
        const page = `<!DOCTYPE html><body><p>before</p>${htmlFragment(source)}\n<p id="after">after</p></body>`;
        const around = wayTo('after', parse(page, { scriptingEnabled: false }));
        expect(around, page).toBeDefined();
        for (const name of around!) expect(UNSEEN, page).not.toContain(name);
      }),
      { numRuns: 2000 },
    );
  });

  const UNSEEN = ['template', 'select', 'svg', 'math', 'object', 'details', 'title', 'textarea'];

  type Node = DefaultTreeAdapterTypes.Node;

  /** The names of the elements around one with an id, as an independent parser finds them. */
  function wayTo(id: string, node: Node): string[] | undefined {
    if ('attrs' in node && node.attrs.some(({ name, value }) => name === 'id' && value === id)) return [];
    const children = 'content' in node ? [node.content] : 'childNodes' in node ? node.childNodes : [];
    for (const child of children as Node[]) {
      const way = wayTo(id, child);
      if (way !== undefined) return [node.nodeName, ...way];
    }
    return undefined;
  }
});

describe('what follows the footer in a post', () => {
  it.each([
    ['a comment', '<p>a</p><!-- b', '<p>a</p>'],
    ['a comment in a list', '<ul><li>a<!--b', '<ul><li>a'],
    ['a tag', '<p>a</p><img src="x', '<p>a</p>'],
    ['a `<` at the end', 'a <', 'a &lt;'],
    ['a `<` before blanks that go', 'a < </body>', 'a &lt;'],
    ['an end tag’s beginning', 'a </', 'a &lt;/'],
    ['a `<` before what goes', 'a <<body>b> c', 'a &lt;b> c'],
    ['a template', 'a<template>b', 'a<template>b</template>'],
    ['a menu', 'a<select><option>b', 'a<select><option>b</option></select>'],
    ['several', 'a<details><svg><desc>', 'a<details><svg><desc></desc></svg></details>'],
    [
      'what a table keeps open',
      'a<details><table><td>b',
      'a<details><table><td>b</td></tr></tbody></table></details>',
    ],
    ['an element of another name', 'a<details><xü>b', 'a<details><xü>b</xü></details>'],
    ['a style sheet in a picture', 'a<svg><style>b<!-- c', 'a<svg><style>b</style></svg>'],
    ['several, with raw text', 'a<object><textarea>b', 'a<object><textarea>b</textarea></object>'],
    ['a style sheet whose end is cut', 'a<style>b</sty', 'a<style>b</sty</style>'],
    ['a script that looks like a comment', 'a<script><!-- <script>', 'a<script><!-- <script>--></script>'],
    ['an end tag that is cut', 'a<style>b</style x', 'a<style>b</style>'],
    ['plain text without an end', 'a<plaintext>b<i>c</i>', 'ab<i>c</i>'],
  ])('%s does not swallow it', (_what, source, fragment) => {
    expect(htmlFragment(source)).toBe(fragment);
  });

  it.each(['<svg width="1"/>a', '<math/>a', '<details><summary>a</summary>b</details>', '<select></select>'])(
    '%s is complete',
    (source) => {
      expect(htmlFragment(source)).toBe(source);
    },
  );
});

/** 64 KiB of what would send a careless reader back to the start each time. */
describe('size', () => {
  it.each([
    '<',
    '<!--',
    '<a ',
    '<template>',
    '<<body>',
    '</',
    '<!',
    '&',
    '&#',
    '<style>',
    '<svg>',
    '<title>',
    '"<a b="',
  ])(
    '64 KiB of %j',
    (piece) => {
      const source = `x${piece.repeat(Math.ceil(65_536 / piece.length))}`;
      const fragment = htmlFragment(source);
      expect(fragment).toMatch(/^x/);
      expect(fragment.length).toBeLessThan(5 * source.length);
    },
    5_000,
  );
});
