import { describe, expect, it } from 'vitest';
import { BoundaryMaker } from '../../src/footer/boundary.ts';
import { footerLines, htmlForCharset, textInsertion } from '../../src/footer/compose.ts';
import { endsWithFooter, textEnd } from '../../src/footer/decoded-tail.ts';
import { foldLines } from '../../src/footer/fold-lines.ts';
import { PgpBlocks } from '../../src/footer/pgp-blocks.ts';
import { transliterate } from '../../src/footer/transliterate.ts';
import { charsetNamed, US_ASCII, UTF_8 } from '../../src/mime/charset.ts';

const end = (text: string) => textEnd(Buffer.from(text, 'latin1'));
const PLAIN = { flowed: false, unencoded: true };
const FLOWED = { flowed: true, unencoded: true };

describe('textEnd', () => {
  it.each([
    ['', { isEmpty: true, endsWithLineEnd: false, flows: false, eol: undefined }],
    ['text', { isEmpty: false, endsWithLineEnd: false, flows: false, eol: undefined }],
    ['text\n', { isEmpty: false, endsWithLineEnd: true, flows: false, eol: '\n' }],
    ['a\r\ntext \r\n', { isEmpty: false, endsWithLineEnd: true, flows: true, eol: '\r\n' }],
    ['text ', { isEmpty: false, endsWithLineEnd: false, flows: true, eol: undefined }],
    ['a\n-- \n', { isEmpty: false, endsWithLineEnd: true, flows: false, eol: '\n' }],
    ['a\n>> -- \n', { isEmpty: false, endsWithLineEnd: true, flows: false, eol: '\n' }],
    ['a \n\n', { isEmpty: false, endsWithLineEnd: true, flows: false, eol: '\n' }],
  ])('of %j', (text, expected) => expect(end(text)).toEqual(expected));
});

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
  ])('behind %j', (text, format, endLine, expected) => {
    expect(textInsertion('F', end(text), format, endLine)).toBe(expected);
  });
});

describe('footerLines', () => {
  it('stuffs flowed lines and ends none but the separator in a space (RFC 3676 §4.4)', () => {
    expect(footerLines('-- \n> a\nFrom b \n c\n-- x', FLOWED, UTF_8)).toBe('-- \n > a\n From b\n  c\n-- x');
    expect(footerLines('-- \n> a\nFrom b \n c', PLAIN, UTF_8)).toBe('-- \n> a\nFrom b \n c');
  });
});

describe('foldLines', () => {
  it.each([
    ['a', UTF_8],
    ['ü', UTF_8],
    ['日本 ', UTF_8],
    ['😀', UTF_8],
    ['ü', charsetNamed('utf-7')!],
  ])('keeps lines of %j under 998 bytes, and every character', (unit, charset) => {
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
});

describe('htmlForCharset', () => {
  it.each([
    ['ü€😀', UTF_8, false, 'ü€😀'],
    ['ü€😀', UTF_8, true, '&#252;&#8364;&#128512;'],
    ['ü€😀', charsetNamed('iso-8859-1')!, false, 'ü&#8364;&#128512;'],
    ['ü', US_ASCII, false, '&#252;'],
    ['日ü', charsetNamed('iso-2022-jp')!, true, '日&#252;'],
  ])('writes %j', (html, charset, sevenBitOnly, expected) => {
    expect(htmlForCharset(html, charset, sevenBitOnly)).toBe(expected);
  });
});

describe('endsWithFooter', () => {
  it.each([
    ['text\n-- \nF', '-- \nF', 'text', true],
    ['text\r\n-- \r\nF\r\n\r\n', '-- \nF', 'text', true],
    ['text-- \nF', '-- \nF', 'text', false],
    ['F', 'F', 'text', true],
    ['<p>x</p><i>F</i>', '<i>F</i>', 'html', true],
    ['text\n-- \nF\nmore', '-- \nF', 'text', false],
    ['> -- \n> F', '-- \nF', 'text', false],
    ['>text\n>F', 'F', 'text', false],
    ['\x1b$BF|K\x5c\n\x1b(BF', 'F', 'text', true],
    ['F(BF', 'F', 'text', false],
    ['anything', '', 'text', false],
  ] as const)('%j, %j as %s: %j', (text, footer, format, expected) =>
    expect(endsWithFooter(text, footer, format)).toBe(expected),
  );
});

describe('PgpBlocks', () => {
  it.each([
    ['no PGP\n', false, false],
    ['-----BEGIN PGP MESSAGE-----\nx\n-----END PGP MESSAGE-----', true, false],
    ['-----BEGIN PGP SIGNED MESSAGE-----\nx\n-----BEGIN PGP SIGNATURE-----\n', true, true],
    ['> -----BEGIN PGP MESSAGE-----\n', false, false],
    ['see -----BEGIN PGP MESSAGE-----\n', false, false],
    ['a\n\r-----BEGIN PGP MESSAGE-----\n', false, false],
    ['-----BEGIN PGP MESSAGE-----\r\r\nx\r\r\n', true, true],
  ])('in %j, however it is cut', (text, seen, open) => {
    for (let cut = 0; cut <= text.length; cut++) {
      const blocks = new PgpBlocks();
      blocks.push(Buffer.from(text.slice(0, cut)));
      blocks.push(Buffer.from(text.slice(cut)));
      blocks.end();
      expect([blocks.seen, blocks.open], `cut at ${cut}`).toEqual([seen, open]);
    }
  });
});

describe('transliterate', () => {
  it('spells what it can and never leaves ASCII', () => {
    expect(transliterate('für „Grüße“ – Привет\n')).toBe('fur "Grusse" - Privet\n');
    expect(transliterate('\u{e000}日本')).toMatch(/^[ -~]+$/);
    expect(transliterate('x\u030c, \u200fשלום, soft\u00adhyphen')).toBe('x, slvm, softhyphen');
    expect(transliterate('I \u2764\ufe0f lists \u{1f44d}\u{1f3fd}')).toBe('I :heart: lists :thumbsup:');
  });
});

describe('BoundaryMaker', () => {
  it('makes the same boundary for the same header only, one that no encoded body can hold', () => {
    const of = (...pieces: string[]) => {
      const maker = new BoundaryMaker();
      for (const piece of pieces) maker.add(Buffer.from(piece));
      return maker.boundary;
    };
    expect(of('Received: a\n')).toBe(of('Received', ': a\n'));
    expect(of('Received: a\n')).not.toBe(of('Received: b\n'));
    expect(of('')).toMatch(/^=_footer_[0-9a-z_]{20,40}$/);
  });
});
