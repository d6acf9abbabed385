import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText } from '../../src/footer/decode-text.ts';
import { isBlank, showsSomething } from '../../src/footer/visible.ts';

const utf16 = (text: string, littleEndian: boolean) =>
  Uint8Array.from(
    `\ufeff${text}`.split('').flatMap((character) => {
      const unit = character.charCodeAt(0);
      return littleEndian ? [unit & 255, unit >> 8] : [unit >> 8, unit & 255];
    }),
  );
const utf8 = (text: string) => new TextEncoder().encode(text);

describe('decodeText', () => {
  it.each([
    ['UTF-8', utf8('Grüße €\n'), 'Grüße €\n'],
    ['UTF-8 with a mark', utf8('\ufeffGrüße'), 'Grüße'],
    ['UTF-16, little end first', utf16('Grüße €\r\n', true), 'Grüße €\n'],
    ['UTF-16, big end first', utf16('Grüße €\r\n', false), 'Grüße €\n'],
    [
      'UTF-16 with halves of pairs',
      Uint8Array.of(0xff, 0xfe, 0, 0xdc, 0x41, 0, 0, 0xd8, 0x42, 0),
      '\ufffdA\ufffdB',
    ],
    ['UTF-16 with a pair', utf16('\u{1f600}', false), '\u{1f600}'],
    ['UTF-16 cut in a pair', Uint8Array.of(0xfe, 0xff, 0xd8, 0x3d, 0xde), '\ufffd'],
    ['UTF-16 with an odd byte', Uint8Array.of(0xff, 0xfe, 0x41, 0, 0x42), 'A\ufffd'],
    ['Latin-1 by accident', Uint8Array.of(0x47, 0x72, 0xfc, 0xdf, 0x65), 'Grüße'],
    ['windows-1252', Uint8Array.of(0x80, 0x20, 0x93, 0x41, 0x94, 0x96), '€ “A”–'],
    ['a UTF-8 mark before Latin-1', Uint8Array.of(0xef, 0xbb, 0xbf, 0x41, 0xe9), 'Aé'],
    ['UTF-8 cut in the middle', Uint8Array.of(0x41, 0xc3), 'AÃ'],
    ['CRLF, CR and LF', utf8('a\r\nb\rc\nd\r\r\ne'), 'a\nb\nc\nd\n\ne'],
    ['control characters', utf8('a\u0007b\u001b[31mc\fd\u007f\u0085\te'), 'ab[31mcd\te'],
    ['nothing', new Uint8Array(), ''],
    ['a mark and nothing', utf8('\ufeff'), ''],
  ])('%s', (_what, bytes, text) => {
    expect(decodeText(bytes)).toBe(text);
  });

  it.each([
    ['a NUL', utf8('a\0b')],
    ['UTF-16 without a mark', utf16('abc', true).subarray(2)],
    ['UTF-32', Uint8Array.of(0xff, 0xfe, 0, 0, 0x41, 0, 0, 0)],
    ['an executable', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0)],
  ])('%s is not text', (_what, bytes) => {
    expect(decodeText(bytes)).toBeNull();
  });

  it('windows-1252 agrees with the platform’s own decoder where that is right', () => {
    const all = Uint8Array.from({ length: 224 }, (_, index) => index + 32);
    const expected = new TextDecoder('windows-1252').decode(all);
    // Some Nodes decode the label as Latin-1; the test is about ours.
    if (expected[0x80 - 32] === '€') expect(decodeText(all)).toBe(expected.replace(/[\u007f-\u009f]/g, ''));
  });

  it('gives text without NUL, CR or control characters, or nothing, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(decodeText(bytes) ?? '').not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
      }),
    );
  });

  it('leaves any printable Unicode as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodeText(utf8(text))).toBe(text);
      }),
    );
  });
});

describe('what shows', () => {
  it.each([
    '',
    ' ',
    '\n',
    ' \t\n',
    '\u00a0',
    '\u200b\u200d',
    '\ufeff',
    '\u00ad',
    '\u2060',
    '\u3000',
    '\u2800',
    '\ufe0f',
  ])('%j is blank', (text) => {
    expect(isBlank(text)).toBe(true);
  });

  it.each(['a', '-- ', '.', '—', 'é', '語', '👍', '\u200b.'])('%j is not', (text) => {
    expect(isBlank(text)).toBe(false);
  });

  it.each([
    ['&nbsp;', false],
    ['&nbsp &#160;&#xA0;&#x200b;&shy;&zwnj;&#65279;&Tab;', false],
    ['&amp;', true],
    ['&', true],
    ['&nbspx', true],
    ['&nbsp;x', true],
    ['&#16;&#1600;', true],
    ['&mdash;', true],
  ])('%j shows something: %j', (text, shows) => {
    expect(showsSomething(text)).toBe(shows);
  });
});
