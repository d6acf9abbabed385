import { expect, test } from 'vitest';
import { tagTrouble } from '../../src/check/html-tags.ts';

test.each([
  '',
  'plain words',
  '<p>one<p>two',
  '<p class="x">one</p><hr><img src="a.png"><br/>two<BR>',
  '<table><tr><td>a<td>b</table>',
  '<ul><li>a<li>b</ul>',
  '<div><b>bold</B></div>',
  '<!-- a comment --><i>x</i>',
  'a < b and b > c',
  '<a href="https://example.com/?a=1&amp;b=2">link</a>',
])('is content with %j', (html) => {
  expect(tagTrouble(html)).toEqual([]);
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
])('says of %j what would break the page', (html, trouble) => {
  expect(tagTrouble(html)).toEqual(expect.arrayContaining(trouble));
});
