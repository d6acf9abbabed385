import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { charsetNamed } from '../../../src/mime/charset/charsets.ts';
import { decoded, encoded, MULTI_BYTE, pythonDecoded, SINGLE_BYTE, standardReader } from './readers.ts';

/** Python's name for the charset, and a text that it can hold. */
const SAMPLES: readonly [label: string, python: string, text: string][] = [
  ['us-ascii', 'ascii', 'plain'],
  ['utf-8', 'utf-8', 'Grüße 日本 😀'],
  ['UTF8', 'utf-8', 'Grüße'],
  ['iso-8859-1', 'latin-1', 'Grüße ÿ'],
  ['ISO8859-15', 'iso8859-15', '€ Grüße'],
  ['iso-8859-2', 'iso8859-2', 'Zażółć gęślą'],
  ['iso-8859-5', 'iso8859-5', 'Привет'],
  ['iso-8859-7', 'iso8859-7', 'Ελληνικά'],
  ['iso-8859-9', 'iso8859-9', 'İstanbul ğ'],
  ['iso-8859-16', 'iso8859-16', 'Șț €'],
  ['windows-1250', 'cp1250', '“Zażółć”'],
  ['cp1252', 'cp1252', '“€” Grüße'],
  ['windows-1251', 'cp1251', 'Привіт'],
  ['windows-1256', 'cp1256', 'مرحبا'],
  ['koi8-r', 'koi8-r', 'Привет'],
  ['koi8-u', 'koi8-u', 'Привіт їжак'],
  ['gb2312', 'gb2312', '你好世界'],
  ['gbk', 'gbk', '你好臺灣'],
  ['gb18030', 'gb18030', '你好 ä 😀 ü'],
  ['big5', 'big5', '你好臺灣'],
  ['euc-jp', 'euc-jp', '日本語テスト'],
  ['euc-jp', 'euc-jp', 'ｱｲｳ'],
  ['shift_jis', 'shift_jis', '日本語テスト'],
  ['shift_jis', 'shift_jis', 'ｱｲｳ'],
  ['iso-2022-jp', 'iso2022-jp', '日本語 test テスト'],
  ['iso-2022-jp', 'iso2022-jp', '日本\r\n\r\n語'],
  ['euc-kr', 'euc-kr', '한국어'],
  ['euc-kr', 'cp949', '똠방각하'],
  ['iso-2022-kr', 'iso2022-kr', 'plain'],
  ['hz-gb-2312', 'hz', 'plain ~ text'],
  ['windows-874', 'cp874', 'ภาษาไทย'],
  ['tis-620', 'tis-620', 'ภาษาไทย'],
  ['utf-7', 'utf-7', 'Grüße + 1 😀'],
  ['utf-7', 'utf-7', 'üü+ß日本語テ-'],
  ['UNICODE-1-1-UTF-7', 'utf-7', 'Grüße + 1 😀'],
  ['utf-16le', 'utf-16-le', 'Grüße 😀'],
  ['utf-16be', 'utf-16-be', 'Grüße 😀'],
  ['utf-32le', 'utf-32-le', 'Grüße 😀'],
  ['utf-32be', 'utf-32-be', 'Grüße 😀'],
];

/**
 * Every character of the basic plane, and some of the others; all of plane 2 where the charset has any. Of what a
 * single-byte charset cannot have, a sample.
 */
function* characters(charset: string = ''): Generator<string> {
  const step = SINGLE_BYTE.includes(charset) ? 7 : 1;
  for (let code = 0; code < 0x10000; code += code < 0x2800 || code > 0xfaff ? 1 : step)
    if (code < 0xd800 || code > 0xdfff) yield String.fromCharCode(code);
  for (let code = 0x10000; code < 0x110000; ) {
    yield String.fromCodePoint(code);
    code += charset === 'big5' && code >= 0x20000 && code < 0x30000 ? 1 : 256;
  }
}

/** What is written and not read back as it was. */
function changed(charset: string, read: (bytes: Uint8Array) => string | null): string[] {
  return [...characters(charset)].filter((character) => {
    const bytes = encoded(charset, character);
    return bytes !== null && read(bytes) !== character;
  });
}

describe('encode', () => {
  it('writes what Python reads back, in every charset', () => {
    const written = SAMPLES.map(([label, python, text]) => [python, [encoded(label, text)!]] as const);
    expect(pythonDecoded(written)).toEqual(SAMPLES.map(([, , text]) => [text]));
  });

  it.each([
    ['us-ascii', 'ü'],
    ['iso-8859-1', '€'],
    ['iso-8859-1', '\x85'],
    ['iso-8859-9', '“'],
    ['gb2312', '臺'],
    ['gb2312', 'ⅰ'],
    ['gb2312', '€'],
    ['shift_jis', '①'],
    ['euc-jp', '①'],
    ['euc-jp', '丂'],
    ['iso-2022-jp', 'ü'],
    ['iso-2022-jp', '㈱'],
    ['iso-2022-jp', 'ｱ'],
    ['iso-2022-jp', '\x1b'],
    ['iso-2022-jp', 'a\x0e'],
    ['iso-2022-kr', '한'],
    ['iso-2022-kr', '\x0f'],
    ['hz-gb-2312', '中'],
    ['tis-620', '–'],
    ['tis-620', '\xa0'],
    ['euc-kr', '😀'],
    ['gbk', '😀'],
    ['big5', '𠄡'],
    ['big5', 'リ'],
    ['koi8-r', '\ud83d'],
    ['macintosh', '\uf8ff'],
  ])('knows that %s cannot hold %j', (label, text) => {
    expect(charsetNamed(label)!.encode(text)).toBeNull();
  });

  it.each([
    ['gbk', '€', [0x80]],
    ['gb18030', '€', [0xa2, 0xe3]],
    ['gb18030', '\u0080', [0x81, 0x30, 0x81, 0x30]],
    ['gb18030', '\u{10ffff}', [0xe3, 0x32, 0x9a, 0x35]],
    ['big5', '十', [0xa4, 0x51]],
    ['big5', '═', [0xa2, 0xa4]],
    ['koi8-u', 'Ў', [0xbe]],
    ['windows-1255', '\u05ba', [0xca]],
    ['euc-kr', '€', [0xa2, 0xe6]],
    ['utf-16le', '\ud800a', [0xfd, 0xff, 0x61, 0]],
    ['utf-8', '\udc00', [0xef, 0xbf, 0xbd]],
    ['utf-7', '', []],
  ])('writes in %s %j as %j', (label, text, bytes) => {
    expect([...encoded(label, text)!]).toEqual(bytes);
  });

  it.each([...SINGLE_BYTE, ...MULTI_BYTE])(
    'in %s the standard reads back every character that is written',
    (charset) => {
      expect(changed(charset, standardReader(charset))).toEqual([]);
    },
  );

  it.each([
    'utf-8',
    'utf-16le',
    'utf-16be',
    'utf-32le',
    'utf-32be',
    'iso-2022-jp',
    'iso-2022-kr',
    'hz-gb-2312',
  ])('what is written in %s is read back', (charset) => {
    expect(changed(charset, (bytes) => decoded(charset, bytes))).toEqual([]);
  });

  it('writes in GB 18030 every character that is not for private use', () => {
    const lacking = [...characters()].filter((character) => encoded('gb18030', character) === null);
    expect(lacking.filter((character) => character < '\ue000' || character > '\uf8ff')).toEqual([]);
  });

  it('writes nothing that a strict reader has no character for', () => {
    const strict = [
      ['gb2312', 'gb2312'],
      ['tis-620', 'tis_620'],
      ['iso-8859-1', 'latin-1'],
      ['shift_jis', 'shift_jis'],
      ['euc-jp', 'euc_jp'],
      ['iso-2022-jp', 'iso2022_jp'],
    ] as const;
    const written = strict.map(([charset, codec]) => {
      const all = [...characters()].map((character) => encoded(charset, character));
      return [codec, all.filter((bytes) => bytes !== null)] as const;
    });
    expect(pythonDecoded(written).map((read) => read.includes(null))).toEqual(strict.map(() => false));
  });

  it('writes a text as its characters one by one, where the charset does not shift', () => {
    const charset = fc.constantFrom(...SINGLE_BYTE, ...MULTI_BYTE, 'utf-8', 'utf-16be', 'utf-32le');
    const text = fc.string({ unit: fc.constantFrom(...'aä€Яあ한中国①ｱ😀\n') });
    fc.assert(
      fc.property(charset, text, (name, all) => {
        const parts = Array.from(all, (character) => encoded(name, character));
        const whole = encoded(name, all);
        if (parts.includes(null)) expect(whole).toBeNull();
        else expect(Buffer.from(whole!)).toEqual(Buffer.concat(parts as Uint8Array[]));
      }),
    );
  });
});

describe('properties', () => {
  it('say what a charset is', () => {
    const of = (label: string) => {
      const { asciiCompatible, sevenBit, unit, isSingleByte } = charsetNamed(label)!;
      return { asciiCompatible, sevenBit, unit, isSingleByte };
    };
    expect(of('koi8-r')).toEqual({ asciiCompatible: true, sevenBit: false, unit: 1, isSingleByte: true });
    expect(of('us-ascii')).toEqual({ asciiCompatible: true, sevenBit: true, unit: 1, isSingleByte: true });
    expect(of('gbk')).toEqual({ asciiCompatible: true, sevenBit: false, unit: 1, isSingleByte: false });
    expect(of('utf-8')).toEqual({ asciiCompatible: true, sevenBit: false, unit: 1, isSingleByte: false });
    expect(of('utf-16le')).toEqual({ asciiCompatible: false, sevenBit: false, unit: 2, isSingleByte: false });
    expect(of('utf-32be')).toEqual({ asciiCompatible: false, sevenBit: false, unit: 4, isSingleByte: false });
    for (const label of ['iso-2022-jp', 'iso-2022-kr', 'hz-gb-2312', 'utf-7'])
      expect(of(label)).toEqual({ asciiCompatible: true, sevenBit: true, unit: 1, isSingleByte: false });
    expect(charsetNamed('utf-7')!.decoder()).toBeNull();
  });

  it('seven-bit charsets write seven bits', () => {
    for (const label of ['us-ascii', 'iso-2022-jp', 'iso-2022-kr', 'hz-gb-2312', 'utf-7']) {
      const written = [...characters()].map((character) => encoded(label, character) ?? new Uint8Array(0));
      expect([label, Buffer.concat(written).every((byte) => byte < 0x80)]).toEqual([label, true]);
    }
  });
});

describe('resetAfter', () => {
  const reset = (label: string, text: string) =>
    Buffer.from(charsetNamed(label)!.resetAfter(Buffer.from(text, 'latin1'))).toString('latin1');

  it.each([
    ['iso-2022-jp', '', ''],
    ['iso-2022-jp', 'abc', ''],
    ['iso-2022-jp', '\x1b$BF|\x1b(B', ''],
    ['iso-2022-jp', '\x1b$BF|\x1b(Jx', ''],
    ['iso-2022-jp', '\x1b$BF|', '\x1b(B'],
    ['iso-2022-jp', '\x1b$BF|\n', '\x1b(B'],
    ['iso-2022-jp', '\x1b(I1', '\x1b(B'],
    ['iso-2022-jp', 'a\x1b', '\x1b(B'],
    ['iso-2022-jp', 'a\x1b(', '\x1b(B'],
    ['iso-2022-kr', '\x1b$)C\x0eGQ\x0f', ''],
    ['iso-2022-kr', '\x1b$)C\x0eGQ', '\x0f'],
    ['iso-2022-kr', '\x1b$)C', ''],
    ['hz-gb-2312', '~{VP~}', ''],
    ['hz-gb-2312', '~{VP', '~}'],
    ['hz-gb-2312', '~{VP\n', ''],
    ['hz-gb-2312', 'a~~{', ''],
    ['hz-gb-2312', '~', ''],
    ['utf-8', '\x1b$B', ''],
    ['utf-7', '+AOQ', ''],
    ['gbk', '\x81', ''],
  ])('leads %s back after %j with %j', (label, text, expected) => {
    expect(reset(label, text)).toBe(expected);
  });
});
