import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reduceDocument } from '../../src/list/html-document.ts';
import { htmlFragment } from '../../src/list/html-fragment.ts';

describe('htmlFragment', () => {
  it.each([
    ['<p>a</p>', '<p>a</p>'],
    ['  <p>a</p>\n\n', '<p>a</p>'],
    ['<p>a', '<p>a'],
    ['a < b', 'a < b'],
    ['a <', 'a <'],
    ['<!-- note --><p>a</p><!-- end -->', '<!-- note --><p>a</p><!-- end -->'],
    ['<style>p{}</style><p>a</p>', '<style>p{}</style><p>a</p>'],
    ['<!--[if mso]><p>x</p><![endif]--><p>a</p>', '<!--[if mso]><p>x</p><![endif]--><p>a</p>'],
    ['<![if !mso]><p>a</p><![endif]>', '<![if !mso]><p>a</p><![endif]>'],
    ['<P TITLE="</body>">a</P>', '<P TITLE="</body>">a</P>'],
  ])('a fragment stays: %j', async (source, fragment) => {
    expect(await htmlFragment(source)).toBe(fragment);
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
  ])('a document is reduced: %j', async (source, fragment) => {
    expect(await htmlFragment(source)).toBe(fragment);
  });

  it.each([
    '<hr>',
    '<HR/>',
    '<img src=x>',
    '<p><img alt="" src="x"></p>',
    '<svg><path d="M0"/></svg>',
    '<p>&nbsp;.</p>',
    '<p>&copy;</p>',
  ])('shows something: %j', async (source) => {
    expect(await htmlFragment(source)).toBe(source);
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
  ])('shows nothing: %j', async (source) => {
    expect(await htmlFragment(source)).toBeUndefined();
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
      ),
      { maxLength: 25 },
    )
    .map((parts) => parts.join(''));

  it('the result is the source with something left out, for any soup', () => {
    fc.assert(
      fc.property(soup, (source) => {
        const { fragment } = reduceDocument(source);
        let at = 0;
        for (const character of fragment) {
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
        fc.pre(!/<[!?/a-z]/i.test(text));
        expect(reduceDocument(text).fragment).toBe(text);
      }),
    );
  });

  it('reduced once is reduced', () => {
    fc.assert(
      fc.property(soup, (source) => {
        fc.pre(!/<!--|<\?|<!\[|<(?:style|script|textarea|title)|["']/.test(source));
        const once = reduceDocument(source).fragment;
        expect(reduceDocument(once).fragment.replace(/\s/g, '')).toBe(once.replace(/\s/g, ''));
      }),
    );
  });
});
