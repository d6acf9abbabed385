import { describe, expect, it } from 'vitest';
import { onItsOwnLine } from '../../src/footer/own-line.ts';

describe('onItsOwnLine', () => {
  it.each([
    'To leave, <a href="https://a.example">click</a>',
    '<a href="https://a.example">Leave</a>',
    '<b>News</b><p>Leave</p>',
    '<img src="https://a.example/logo.png">',
    '<!-- the footer --> News',
    '<!-- the footer',
    '<pa>News',
    '< p>News',
  ])('puts %j on a line of its own', (html) => {
    expect(onItsOwnLine(html)).toBe(`<div>${html}</div>`);
  });

  it.each([
    '<p>News</p>',
    '<P class="a">News</P>',
    '<hr/>News',
    '<br>News',
    '\n<!-- the footer -->\n<!--[if mso]><p><![endif]--><table><tr><td>News</table>',
  ])('leaves %j', (html) => {
    expect(onItsOwnLine(html)).toBe(html);
  });
});
