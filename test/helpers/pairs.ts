/** The footers that the suites put in: each is hard in its own way, and each carries an ASCII word to find it by. */
import type { MarkedPair } from './judge/sight.ts';

function linked(marker: string): string {
  return `<a href="https://lists.example.org/demo?a=1&amp;b=2">${marker}</a>`;
}

export const ASCII: MarkedPair = {
  name: 'ascii',
  marker: 'asciifootermark',
  text: '_______________________\nasciifootermark: the demo list\nhttps://lists.example.org/demo?a=1&b=2',
  html: `<hr><p>${linked('asciifootermark')}: the demo list</p>`,
};

export const WESTERN: MarkedPair = {
  name: 'western',
  marker: 'westernfootermark',
  text: '-- \nGrüße von der Liste, façade à côté: westernfootermark\nAbmelden für alle: demo+unsubscribe@example.org',
  html: `<div>Gr&uuml;ße von der Liste, façade à côté: ${linked('westernfootermark')} für alle</div>`,
};

export const JAPANESE: MarkedPair = {
  name: 'japanese',
  marker: 'japanfootermark',
  text: '——————\nメーリングリスト japanfootermark 😀\n配信停止はこちら: https://lists.example.org/',
  html: `<p>メーリングリスト ${linked('japanfootermark')} 😀<br>\n配信停止はこちら</p>`,
};

/** Lines that format=flowed has to stuff, a mailbox or SMTP could take for its own, and QP has to guard. */
export const AWKWARD: MarkedPair = {
  name: 'awkward',
  marker: 'awkwardfootermark',
  text: ' a line after a blank\n> not a quotation\nFrom nowhere awkwardfootermark\n.\n.dots\n=3D=\n--not-a-boundary--\ntab\tinside',
  html: '<pre> a line\n&gt; not a quotation\nFrom nowhere awkwardfootermark\n.\n.dots\n=3D=</pre>',
};

export const OVERLONG: MarkedPair = {
  name: 'overlong',
  marker: 'longfootermark',
  text: `longfootermark ${'wörter und mehr '.repeat(120)}\n${'x'.repeat(1500)}`,
  html: `<p>longfootermark ${'wörter und mehr '.repeat(120)}</p>`,
};

export const ALL_PAIRS: readonly MarkedPair[] = [ASCII, WESTERN, JAPANESE, AWKWARD, OVERLONG];
