/** A footer as a part of its own, where multiparts with texts lie in each other: nobody is shown it twice. */
import { describe, expect, it } from 'vitest';
import { insertFooters } from '../helpers/insert.ts';

const FOOTERS = { text: 'FOOTER', html: '<p>FOOTER</p>' };
/** What cannot be changed. */
const BINARY = 'a\0b';

/** Mail as Apple sends it: an alternative that is a multipart with an attachment. */
function message(text: string, html: string): Buffer {
  return Buffer.from(`Content-Type: multipart/mixed; boundary=outer

--outer
Content-Type: multipart/alternative; boundary=alternatives

--alternatives
Content-Type: text/plain

${text}
--alternatives
Content-Type: multipart/mixed; boundary=inner

--inner
Content-Type: text/html

${html}
--inner
Content-Type: application/pdf

x
--inner--
--alternatives--

--outer--
`);
}

/** What stands before each footer: a text, or the boundary of the multipart that has it as a part. */
function footersIn(post: Buffer): string[] {
  const out = insertFooters(post, FOOTERS).toString('latin1');
  return [...out.matchAll(/FOOTER/g)].map(({ index }) => {
    const before = out.slice(0, index).replace(/<p>$/, '');
    const inText = before.split('\n\n').at(-1)!.trim();
    return inText === '' ? [...before.matchAll(/^--\w+$/gm)].at(-1)![0] : inText;
  });
}

describe('the footer of an alternative that is a multipart', () => {
  it.each([
    ['both can be changed', 'text', '<b>html</b>', ['text', '<b>html</b>']],
    ['the text cannot: no part is shown with the HTML that has it', BINARY, '<b>html</b>', ['<b>html</b>']],
    ['the HTML cannot: a part is shown with it alone', 'text', BINARY, ['text', '--inner']],
    ['neither can: one part is shown with both', BINARY, BINARY, ['--outer']],
  ])('%s', (_, text, html, expected) => expect(footersIn(message(text, html))).toEqual(expected));

  it('is next to the text where no alternative lacks it', () => {
    const nested = message('', BINARY)
      .toString('latin1')
      .replace('multipart/alternative', 'multipart/mixed')
      .replace('--alternatives\nContent-Type: text/plain\n\n\n', '');
    expect(footersIn(Buffer.from(nested, 'latin1'))).toEqual(['--inner']);
  });

  it('is there once, however often the message passes', () => {
    for (const text of ['text', BINARY])
      for (const html of ['<b>html</b>', BINARY]) {
        const once = insertFooters(message(text, html), FOOTERS);
        expect(insertFooters(once, FOOTERS).equals(once), `${text} ${html}`).toBe(true);
      }
  });
});
