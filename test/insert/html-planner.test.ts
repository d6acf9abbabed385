import { describe, expect, it } from 'vitest';
import { Reason } from '../../src/insert/outcome.ts';
import { insertFooters, planFooters } from '../helpers/insert.ts';
import { planHtml, shown, withFooter } from './one-html.ts';

const FOOTER = '<p>the footer</p>';

/** What comes of HTML, with `[footer]` in place of the footer and its line end. */
function placed(html: string, header?: string): string {
  return withFooter(html, FOOTER, header)
    .replace(`${FOOTER}\n`, '[footer]')
    .replace(FOOTER, '[footer, unended]');
}

function reasonFor(html: string, header = 'Content-Type: text/html'): string {
  return Reason[planHtml(`${header}\n\n${html}`, FOOTER).plan.reason]!;
}

describe('the place', () => {
  it.each([
    ['<body>text</body></html>', '<body>text\n[footer]</body></html>'],
    ['<body>text\n</body>\n', '<body>text\n[footer]</body>\n'],
    ['text</html>', 'text\n[footer]</html>'],
    ['text', 'text\n[footer]'],
    ['text\n', 'text\n[footer]'],
    ['', '[footer]'],
    ['</body>', '[footer]</body>'],
    [
      'a</body></html>\n<html><body>b</body></html>',
      'a</body></html>\n<html><body>b\n[footer]</body></html>',
    ],
    ['a</body>b</html>', 'a</body>b\n[footer]</html>'],
    ['a</html>b</body>c</html> ', 'a</html>b</body>c\n[footer]</html> '],
    ['a</body></html>\n--\nsent by a phone\n', 'a</body></html>\n--\nsent by a phone\n[footer]'],
    ['a</BODY\n></hTML >', 'a\n[footer]</BODY\n></hTML >'],
    ['a</body bgcolor="</body>"></html>', 'a\n[footer]</body bgcolor="</body>"></html>'],
    ['<!-- </body> -->a</body>', '<!-- </body> -->a\n[footer]</body>'],
    ['<script>"</body>"</script>a</body>', '<script>"</body>"</script>a\n[footer]</body>'],
    [
      '<script><!--<script></script></body></script>a</body>',
      '<script><!--<script></script></body></script>a\n[footer]</body>',
    ],
    ['<a title="</body>">a</a></body>', '<a title="</body>">a</a>\n[footer]</body>'],
    ['<!--[if mso]></body><![endif]-->a</body>', '<!--[if mso]></body><![endif]-->a\n[footer]</body>'],
    ['<svg><style></body></style></svg>a', '<svg><style></body></style></svg>a\n[footer]'],
  ])('of %j', (html, expected) => expect(placed(html)).toBe(expected));

  it('is before the end of a body that nothing follows which is seen', () => {
    const unseen = [
      '\n&nbsp;&#160;&zwnj;\n',
      '<!-- a comment -->',
      '<style>p {}</style><script>x()</script><title>t</title>',
      '<div style="display:none">a tracker</div>',
      '<div style="font-size:0">a<b>b</b></div>',
      '<img src="https://a.example/open.gif" width="1" height="1">',
      '<img src="https://a.example/open.gif">',
      '<img style="display:none" width=200>',
      '<input type=hidden value=x>',
      '<template>x</template><noembed>y</noembed>',
    ];
    for (const after of unseen) expect(placed(`a</body>${after}`), after).toBe(`a\n[footer]</body>${after}`);
  });

  it('is after what is in an open SVG or MathML, and would be read as HTML once that is closed', () => {
    for (const after of ['<details><![CDATA[></body>', '<![CDATA[>x', '<g><title>x</title></g>', '<p>', 'x'])
      for (const root of ['svg', 'math'])
        expect(placed(`a<${root}></body>${after}`), `${root} ${after}`).toMatch(/\[footer\](?:<\/body>)?$/);
    expect(placed('a<svg></body>\n<!-- c -->\n</html>')).toBe(
      'a<svg>\n</svg>\n[footer]</body>\n<!-- c -->\n</html>',
    );
  });

  it('is after frames, which a footer before them would undo', () => {
    expect(placed('</body><frameset>x')).toBe('</body><frameset>x\n[footer]');
    expect(placed('</body></html><frameset><frame></frameset></html>')).toMatch(
      /<\/frameset>\n?\[footer\]<\/html>$/,
    );
  });

  it('is after what is seen', () => {
    const seen = [
      '<div style="font-size:0"><b style="font-size:12px">b</b></div>',
      '<img src="a.png" width="120">',
      '<hr>',
      '<input>',
      '&amp;',
      '\xe9',
      '<',
      '<table><tr><td>x</table>',
      '<noscript>x</noscript>',
    ];
    for (const after of seen) {
      expect(placed(`a</body>${after}\n`), after).toBe(`a</body>${after}\n[footer]`);
    }
  });

  it('is found through everything that is longer than a block', () => {
    for (const length of [65_500, 65_536, 70_000, 200_000]) {
      const long = 'x'.repeat(length);
      for (const html of [
        `${long}</body></html>`,
        `a</body ${long}></html>`,
        `a</body><!-- ${long} -->`,
        `<p ${long}>a</body>`,
        `a</html><style>${long}</style>`,
      ]) {
        const at = html.includes('</body') ? html.indexOf('</body') : html.indexOf('</html');
        const lead = html.startsWith('<p') || html.startsWith('a') || html.startsWith('x') ? '\n' : '';
        expect(
          placed(html) === `${html.slice(0, at)}${lead}[footer]${html.slice(at)}`,
          html.slice(0, 20),
        ).toBe(true);
      }
    }
  });
});

describe('what is open is closed', () => {
  it.each([
    ['<a href=x>text</body>', '</a>'],
    ['<b><p>text</p>', '</b>'],
    ['<p><font size=1><i>text', '</i></font>'],
    ['<font><font><font><font>text', '</font></font></font></font>'],
    ['<h1>text', '</h1>'],
    ['<pre>text', '</pre>'],
    ['<div style="display:none">text', '</div>'],
    ['<div style="display:none"><table><tr><td>text', '</table></div>'],
    ['<span hidden><div>text', '</div></span>'],
    ['<div style="font-size:0">text', '</div>'],
    ['<details>text', '</details>'],
    ['<details open><summary>text', '</summary></details>'],
    ['<select><option>text', '</option></select>'],
    ['<select><optgroup label=x><option>text', '</option></optgroup></select>'],
    ['<template><p>text', '</p></template>'],
    ['<button>text', '</button>'],
    ['<marquee>text', '</marquee>'],
    ['<progress>text', '</progress>'],
    ['<canvas>text', '</canvas>'],
    ['<object><a href=x>text', '</a></object>'],
    ['<video>text', '</video>'],
    ['<svg><g><text>text', '</svg>'],
    ['<svg><foreignObject><p>text', '</p></svg>'],
    ['<math><mi>text', '</math>'],
    ['<dialog open>text', '</dialog>'],
    ['<p>x<noscript>text', '</noscript>'],
    ['<ruby>text<rt>x', '</rt></ruby>'],
    ['<x-y style="display:none">text', '</x-y>'],
    ['<o:p>text', ''],
    ['<ul><li>text', ''],
    ['<blockquote><div><center>text', ''],
    ['<table><tr><td>text', ''],
    ['<table><tr><td>text</td></tr>', '</table>'],
    ['<table><tr><td>text</td></tr>\n</body></html>', '</table>'],
    ['<table><tr><td><table><tr><td>text</td></tr></body>', '</table>'],
    ['<table><tr><td><a href=x>text', '</a>'],
    ['<a href=x><table><tr><td>text', '</table></a>'],
    ['<textarea>text', '</textarea>'],
    ['<title>text', '</title>'],
    ['<style>p{} text', '</style>'],
    ['<script>text', '</script>'],
    ['<script><!-- <script> text', '--></script>'],
    ['<xmp>text', '</xmp>'],
    ['<iframe>text', '</iframe>'],
    ['<!-- text', '-->'],
    ['<![if text', '>'],
    ['<div hidden><style>text', '</style></div>'],
  ])('in %j: %s', (html, closing) => {
    const at = html.search(/\n?<\/body>/) < 0 ? html.length : html.search(/<\/body>/);
    const lead = html[at - 1] === '\n' ? '' : '\n';
    const ends = closing === '' ? '' : `${closing}\n`;
    expect(placed(html)).toBe(`${html.slice(0, at)}${lead}${ends}[footer]${html.slice(at)}`);
  });

  it('in lines that are short, two hundred elements and more', () => {
    const output = withFooter(`<b>x${'<span><i class=a>'.repeat(100)}`, FOOTER);
    expect(
      Math.max(
        ...output
          .split('\n')
          .slice(1)
          .map((line) => line.length),
      ),
    ).toBeLessThan(80);
    expect(output.match(/<\/span>/g)?.length).toBe(100);
  });

  it('but no more than can be: the plan says so then', () => {
    const hidden = (html: string) =>
      planHtml(`Content-Type: text/html\n\n${html}`, FOOTER).plan.placed?.mayBeHidden;
    expect(hidden('<span>'.repeat(250))).toBe(false);
    expect(hidden('<span>'.repeat(260))).toBe(true);
    expect(hidden('<div>'.repeat(500))).toBe(false);
    expect(hidden('<div>'.repeat(600))).toBe(true);
    expect(hidden('<plaintext>')).toBe(true);
    expect(hidden('<body style="display:none">x</body>')).toBe(true);
    expect(hidden('<frameset><frame src=a></frameset></html>')).toBe(true);
    expect(hidden(`<${'x'.repeat(70)} hidden>`)).toBe(true);
    expect(hidden(`<${'x'.repeat(70)}>`)).toBe(false);
    expect(hidden('<x\xe9 hidden>')).toBe(true);
  });

  it('and nothing that hides what comes after the body’s end: the footer goes after that', () => {
    const html = '<div style="display:none">a</body>b</div></html>';
    expect(placed(html)).toBe('<div style="display:none">a</body>b</div>\n[footer]</html>');
  });
});

describe('the footer is shown after the text', () => {
  it.each([
    '<p>text',
    '<table><tr><td>text</td></tr></table>',
    '<table><tr><td>text</td></tr>\n</body></html>\n',
    '<table><tbody><tr><th>text</TH >\n',
    '<table><tr><td><table><tr><td>text</td></tr></body>',
    '<table><tr><td>text</td></tr></table></td></tr></body>',
    '<table><tr><td>text</body>',
  ])('of %j', (html) => expect(shown(withFooter(html, FOOTER))).toBe('text the footer'));

  it.each(['News, <a href="https://a.example">leave</a>', '<img src="https://a.example/logo.png">'])(
    'and on a line of its own, though %j does not begin one',
    (html) => {
      expect(withFooter('<body>text</body>\n', html)).toBe(`<body>text\n<div>${html}</div>\n</body>\n`);
    },
  );

  it('where two-byte characters are not shifted back: not every reader takes a line end for that', () => {
    const html = withFooter('<p>\x1b$BF|K\\8l\n', FOOTER, 'Content-Type: text/html; charset=iso-2022-jp');
    expect(html).toBe('<p>\x1b$BF|K\\8l\n\x1b(B<p>the footer</p>\n');
  });
});

describe('HTML in base64', () => {
  /** Of what looks like the beginning of a tag, each is decided by what follows it. */
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
        const after = planHtml(head + lines, FOOTER).output.toString('latin1');
        const content = Buffer.from(after.slice(after.indexOf('\n\n')), 'base64').toString(encoding);
        expect(content.includes(FOOTER)).toBe(true);
      }
    },
  );

  it('keeps the groups before and after the footer: blanks fill it up', () => {
    for (let length = 0; length < 7; length++) {
      const html = `${'x'.repeat(length)}</body></html>`;
      const head = 'Content-Type: text/html\nContent-Transfer-Encoding: base64\n\n';
      const after = planHtml(head + Buffer.from(html).toString('base64'), FOOTER).output.toString('latin1');
      const text = Buffer.from(after.slice(head.length), 'base64').toString();
      expect(text).toMatch(
        new RegExp(`^${'x'.repeat(length)}(?:\\r\\n)?<p>the footer</p>\r\n {0,2}</body></html>$`),
      );
    }
  });
});

describe('characters', () => {
  const german = '<p>Grüße</p>';

  it.each([
    ['utf-8', '8bit', 'é</body>', Buffer.from('<p>Grüße</p>').toString('latin1')],
    ['utf-8', '7bit', 'e</body>', '<p>Gr&#252;&#223;e</p>'],
    ['us-ascii', '8bit', 'e</body>', '<p>Gr&#252;&#223;e</p>'],
    ['x-unknown', '8bit', 'e</body>', '<p>Gr&#252;&#223;e</p>'],
    ['iso-8859-1', '8bit', '\xe9</body>', '<p>Gr\xfc\xdfe</p>'],
    ['iso-8859-1', '8bit', 'e</body>', '<p>Gr\xfc\xdfe</p>'],
    ['koi8-r', '8bit', '\xe9</body>', '<p>Gr&#252;&#223;e</p>'],
    // UTF-8 under another label: readers that repair it go on doing so.
    ['windows-1250', '8bit', '\xc3\xa9</body>', '<p>Gr&#252;&#223;e</p>'],
    ['windows-1250', '8bit', '\xc3\xa9\xe9</body>', '<p>Gr\xfc\xdfe</p>'],
  ])('in %s, %s', (charset, encoding, html, expected) => {
    const header = `Content-Type: text/html; charset=${charset}\nContent-Transfer-Encoding: ${encoding}`;
    const output = withFooter(html, german, header);
    expect(output).toContain(`\n${expected}\n</body>`);
  });
});

describe('no footer', () => {
  it.each([
    ['<p title="x>text</p>', 'UnfinishedTag'],
    ['text <', 'UnfinishedTag'],
    ['text </', 'UnfinishedTag'],
    ['text <b', 'UnfinishedTag'],
    ['text\0', 'NotReallyText'],
    ['%PDF-1.4\n', 'NotReallyText'],
    [`text\n${FOOTER}\n`, 'AlreadyThere'],
    [`text${FOOTER}</body>\n`, 'None'],
    [`<b>text</b>${FOOTER}</body>\n`, 'AlreadyThere'],
    [`text\r\n${FOOTER}\r\n \r\n</body></html>`, 'AlreadyThere'],
    [FOOTER, 'AlreadyThere'],
    [`text\n${FOOTER}</body>more`, 'None'],
  ])('in %j: %s', (html, reason) => expect(reasonFor(html)).toBe(reason));

  it('where an unfinished tag follows the body’s end it has one all the same', () => {
    expect(placed('text</body><p title="x')).toBe('text\n[footer]</body><p title="x');
  });

  it('in other content', () => {
    const encoded = (encoding: string) => `Content-Type: text/html\nContent-Transfer-Encoding: ${encoding}`;
    expect(reasonFor('text', encoded('x-uuencode'))).toBe('UnknownEncoding');
    expect(reasonFor('<p>This is plain text, with a wrong label.</p>\n'.repeat(20), encoded('base64'))).toBe(
      'BrokenBase64',
    );
    expect(reasonFor('text', 'Content-Type: text/html; charset=utf-16le')).toBe('UnusableCharset');
    expect(reasonFor('PA==', `${encoded('base64')}\nX: y`)).toBe('UnfinishedTag');
  });
});

describe('blank HTML', () => {
  const isBlank = (html: string, charset = 'utf-8') =>
    planHtml(`Content-Type: text/html; charset=${charset}\n\n${html}`, FOOTER).plan.isBlank;

  it.each([
    '',
    ' \r\n',
    '<html><head><title>A title</title><style>p{}</style></head><body><p>&nbsp;</p><br></body></html>',
    '<p>\xc2\xa0\xe2\x80\x8b\xef\xbb\xbf</p>',
    '<p>&zwnj;&#8203;&#xFEFF;&shy;</p>',
    '<!-- text --><script>text</script><template>text</template>',
    '<img src=x width=1 height=1><input type=hidden>',
  ])('is %j', (html) => expect(isBlank(html)).toBe(true));

  it.each([
    'x',
    '&amp;',
    '&nbsp;x',
    '&',
    '<p>\xc3\xa9</p>',
    '<img src=x>',
    '<hr>',
    '<div style="display:none">text</div>',
    '<textarea>x</textarea>',
    '<',
    '<svg><text><![CDATA[ text ]]>',
  ])('is not %j', (html) => expect(isBlank(html)).toBe(false));

  it('in a charset of single bytes', () => {
    expect(isBlank('<p>\xa0</p>', 'iso-8859-1')).toBe(true);
    expect(isBlank('<p>\xa0</p>', 'koi8-r')).toBe(false);
  });

  it('however a reference is cut', () => {
    for (let fill = 65_520; fill < 65_540; fill++) {
      expect(isBlank(`${' '.repeat(fill)}&nbsp;&#8203;<p>`)).toBe(true);
      expect(isBlank(`${' '.repeat(fill)}&eacute;<p>`)).toBe(false);
    }
  });
});

describe('delimiters', () => {
  const PAIR = { text: 'the footer', html: FOOTER };
  const message = (html: string) =>
    `MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n${html}\n--b--\n`;

  it.each([
    ['<p>Hi</p>\n--b--</body></html>', '--b--<!---->\n<p>the footer</p>\n</body></html>'],
    ['<a>Hi\n--b</body>', '--b</a>\n<p>the footer</p>\n</body>'],
    ['<!-- \n--c-- ', '--c-- -->\n<p>the footer</p>\n'],
    ['<p>Hi</p>\n-- <b></body></html>', '-- <b></b>\n<p>the footer</p>\n</body></html>'],
  ])('are not made of %j', (html, end) => {
    const input = Buffer.from(message(html));
    expect(planFooters(input, PAIR).outcome.placed.length).toBe(1);
    expect(insertFooters(input, PAIR).toString()).toContain(end);
  });
});
