import { describe, expect, it } from 'vitest';
import { FooterPair } from '../../src/footer/footer-pair.ts';
import { footerLines, htmlForCharset, textInsertion } from '../../src/insert/compose.ts';
import { ComposedFooters } from '../../src/insert/composed-footers.ts';
import { foldLines } from '../../src/insert/fold-lines.ts';
import { onItsOwnLine } from '../../src/insert/own-line.ts';
import { textEndOf } from '../../src/insert/text-end.ts';
import { TextFormat } from '../../src/insert/text-format.ts';
import { charsetNamed } from '../../src/mime/charset/charsets.ts';
import { TransferEncoding } from '../../src/mime/encoding/transfer-encoding.ts';

const end = (text: string) => textEndOf(Buffer.from(text, 'latin1'));
const PLAIN = new TextFormat(false, true);
const FLOWED = new TextFormat(true, true);
const UTF_8 = charsetNamed('utf-8')!;
const US_ASCII = charsetNamed('us-ascii')!;

describe('textInsertion', () => {
  it.each([
    ['', PLAIN, false, 'F'],
    ['text', PLAIN, false, '\nF'],
    ['text', PLAIN, true, '\nF\n'],
    ['text\n', PLAIN, false, 'F\n'],
    ['text \n', PLAIN, false, 'F\n'],
    ['text \n', FLOWED, false, '\nF\n'],
    ['text ', FLOWED, true, '\n\nF\n'],
    ['-- \n', FLOWED, false, 'F\n'],
  ])('after %j', (text, format, endLine, expected) => {
    expect(textInsertion('F', end(text), format, endLine)).toBe(expected);
  });
});

describe('footerLines', () => {
  it('stuffs flowed lines and ends none but the separator in a space (RFC 3676 §4.4)', () => {
    expect(footerLines('-- \n> a\nFrom b \n c\n-- x', FLOWED, UTF_8)).toBe('-- \n > a\n From b\n  c\n-- x');
    expect(footerLines('-- \n> a\nFrom b \n c', PLAIN, UTF_8)).toBe('-- \n> a\nFrom b \n c');
  });

  it('knows empty lines, and lines of blanks', () => {
    expect(footerLines('a\n\n   \n\nFrom', FLOWED, UTF_8)).toBe('a\n\n\n\nFrom');
  });
});

describe('foldLines', () => {
  it.each([
    ['a', 'utf-8'],
    ['ü', 'utf-8'],
    ['日本 ', 'utf-8'],
    ['😀', 'utf-8'],
    ['ü', 'iso-8859-1'],
    ['ü', 'utf-7'],
    ['日', 'gb18030'],
    ['日a', 'iso-2022-jp'],
  ])('keeps lines of %j under 998 bytes, and every character', (unit, name) => {
    const charset = charsetNamed(name)!;
    const text = `short\n${unit.repeat(1500)}\nshort`;
    const folded = foldLines(text, charset);
    for (const line of folded.split('\n')) expect(charset.encode(line)!.length).toBeLessThanOrEqual(998);
    expect(folded.replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
  });

  it.each(['&#26085;', '&amp;x', 'ab&nbsp;', 'a &#26085;&#8364;'])('never breaks %j', (unit) => {
    const text = unit.repeat(700);
    const folded = foldLines(text, US_ASCII);
    for (const line of folded.split('\n')) {
      expect(line.length).toBeLessThanOrEqual(998);
      expect(line).toMatch(/^(?:[^&]|&#?\w+;)+$/);
    }
    expect(folded.replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
  });

  it('breaks at the last blank', () => {
    const folded = foldLines(`${'word '.repeat(300)}end`, US_ASCII);
    expect(folded.split('\n').every((line) => /^(?:word ?)+(?:end)?$/.test(line))).toBe(true);
  });

  it.each([989, 990])('leaves a line of %i bytes', (length) => {
    const line = `${'word '.repeat(300)}`.slice(0, length);
    expect(foldLines(line, US_ASCII)).toBe(line);
    expect(foldLines(`${'日'.repeat(300)}`, charsetNamed('euc-jp')!)).not.toContain('\n');
  });
});

describe('htmlForCharset', () => {
  it.each([
    ['ü€😀', 'utf-8', false, 'ü€😀'],
    ['ü€😀', 'utf-8', true, '&#252;&#8364;&#128512;'],
    ['ü€😀', 'iso-8859-1', false, 'ü&#8364;&#128512;'],
    ['ü', 'us-ascii', false, '&#252;'],
    ['日ü', 'iso-2022-jp', true, '日&#252;'],
    ['a\ud800b', 'us-ascii', false, 'a&#65533;b'],
  ])('writes %j in %s', (html, charset, sevenBitOnly, expected) => {
    expect(htmlForCharset(html, charsetNamed(charset)!, sevenBitOnly)).toBe(expected);
  });
});

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
    '<p',
    '<1>',
    '',
  ])('puts %j on a line of its own', (html) => {
    expect(onItsOwnLine(html)).toBe(`<div>${html}</div>`);
  });

  it.each([
    '<p>News</p>',
    '<P class="a">News</P>',
    '<hr/>News',
    '<br>News',
    '<h1\nclass="a">News</h1>',
    '\n<!-- the footer -->\n<!--[if mso]><p><![endif]--><table><tr><td>News</table>',
  ])('leaves %j', (html) => {
    expect(onItsOwnLine(html)).toBe(html);
  });
});

describe('ComposedFooters', () => {
  const footers = new ComposedFooters(new FooterPair('für 日本', '<b>für</b>'));

  it('knows what a charset holds', () => {
    expect(footers.isAscii).toBe(false);
    expect([footers.fits(UTF_8), footers.fits(US_ASCII), footers.fits(UTF_8)]).toEqual([true, false, true]);
  });

  it('has HTML as references where 8-bit bytes have no place or no certain meaning', () => {
    expect(footers.html(TransferEncoding.EightBit, UTF_8)).toBe('<div><b>für</b></div>');
    expect(footers.html(TransferEncoding.SevenBit, UTF_8)).toBe('<div><b>f&#252;r</b></div>');
    expect(footers.htmlInAscii(TransferEncoding.EightBit)).toBe('<div><b>f&#252;r</b></div>');
  });

  it('gives the same form again, also when it had to forget it', () => {
    const long = new ComposedFooters(new FooterPair(`ü${'word '.repeat(60_000)}`, 'x'));
    const forms = ['utf-8', 'iso-8859-1', 'utf-8', 'iso-8859-1'].map((name) =>
      long.text(PLAIN, charsetNamed(name)!),
    );
    expect(forms[2]).toBe(forms[0]);
    expect(forms[3]).toBe(forms[1]);
  });

  it('takes linear time for any footer', () => {
    // Quadratic time would not be over before the test's timeout.
    for (let i = 0; i < 4; i++) {
      const footer = new ComposedFooters(new FooterPair('日'.repeat(65_536), '日&'.repeat(32_768)));
      footer.text(FLOWED, UTF_8);
      footer.textInAscii(FLOWED, US_ASCII);
      expect(footer.html(TransferEncoding.SevenBit, US_ASCII).length).toBeGreaterThan(65_536);
    }
  });
});
