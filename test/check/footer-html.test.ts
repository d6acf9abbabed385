import { describe, expect, test } from 'vitest';
import { htmlFlaws } from '../../src/check/footer-html.ts';

describe('the tags of a footer', () => {
  test.each([
    '',
    'plain words',
    '<p>one<p>two',
    '<p class="x">one</p><hr><img src="https://example.com/a.png"><br/>two<BR>',
    '<table><tr><td>a<td>b</table>',
    '<ul><li>a<li>b</ul>',
    '<div><b>bold</B></div>',
    '<!-- a comment --><i>x</i>',
    'a < b and b > c',
    '<a href="https://example.com/?a=1&amp;b=2">link</a>',
    'Gr\u00fc\u00dfe \u{1f600}, <b>\u4f60</b>',
    '<x-very-long-name-of-an-element-that-is-nobody-s-but-ours-and-longer>x</x-very-long-name-of-an-element-that-is-nobody-s-but-ours-and-longer>',
    '<style>p > b { color: red } </b></style>',
  ])('are in order in %j', (html) => {
    expect(htmlFlaws(html).tags).toEqual([]);
  });

  test.each([
    ['<b>bold', ['<b> without </b>']],
    ['<div><p>text</p>', ['<div> without </div>']],
    ['text</div>', ['</div> without <div>']],
    ['<b><i>both</b>', ['<i> without </i>']],
    ['<table><tr><td>a', ['<table> without </table>']],
    ['<style>p {}', ['<style> without </style>']],
    ['a <!-- never ends', ['<!-- without -->']],
    ['text <a href="x', ['<a href="x without >']],
    ['text <a href', ['<a href without >']],
    ['<DIV>\u{1f600}</span>', ['</span> without <span>', '<div> without </div>']],
    // HTML takes no notice of the slash: the element stays open.
    ['<div/>', ['<div> without </div>']],
  ])('would break the page in %j', (html, trouble) => {
    expect(htmlFlaws(html).tags).toEqual(trouble);
  });
});

describe('what mail readers do not show', () => {
  test.each([
    'plain words about javascript: and cid:',
    '<a href="https://example.com/">a</a><a href="mailto:a@example.com">b</a><a href="#top">c</a>',
    '<img src="//example.com/a.png"><a href="$control link$">d</a><a href="tel:+49">e</a>',
    '<p title="<script> onload=x" style="color: red">text</p>',
    '<img src="data:image/gif;base64,R0lGOD">',
  ])('is not in %j', (html) => {
    expect(htmlFlaws(html).dead).toEqual([]);
  });

  test.each([
    ['<script>x()</script>', ['<script>']],
    ['<img src=cid:logo@example.com>', ['src="cid:logo@example.com"']],
    ['<td background="CID:logo">', ['background="CID:logo"']],
    ['<p style="background: url(\'cid:logo\')">', ['style="background: url(\'cid:logo\')"']],
    [
      '<a href="/unsubscribe">a</a><a href="imprint.html">b</a>',
      ['href="/unsubscribe"', 'href="imprint.html"'],
    ],
    ['<a href="javascript:x()" onclick = "y()">a</a>', ['onclick=', 'href="javascript:x()"']],
    ['<iframe src="https://example.com/"></iframe>', ['<iframe>']],
    ['\u{1f600}\u{1f600}<a onclick="y()">a</a>', ['onclick=']],
  ])('is found in %j', (html, dead) => {
    expect(htmlFlaws(html).dead).toEqual(dead);
  });
});
