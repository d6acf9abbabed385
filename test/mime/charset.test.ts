import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { charsetNamed, excludesAscii, utf16ByMark } from '../../src/mime/charset.ts';

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
  ['shift_jis', 'shift_jis', '日本語テスト'],
  ['iso-2022-jp', 'iso2022-jp', '日本語 test テスト'],
  ['euc-kr', 'euc-kr', '한국어'],
  ['windows-874', 'cp874', 'ภาษาไทย'],
  ['tis-620', 'tis-620', 'ภาษาไทย'],
  ['utf-7', 'utf-7', 'Grüße + 1 😀'],
  ['UNICODE-1-1-UTF-7', 'utf-7', 'Grüße + 1 😀'],
  ['utf-16le', 'utf-16-le', 'Grüße 😀'],
  ['utf-16be', 'utf-16-be', 'Grüße 😀'],
];

/** Decodes all samples at once: python3 takes longer to start than to read them. */
function decodedByPython(samples: readonly (readonly [python: string, base64: string])[]): string[] {
  const program = `
import base64, json, sys
print(json.dumps([base64.b64decode(data).decode(name) for name, data in json.load(sys.stdin)]))
`;
  return JSON.parse(
    execFileSync('python3', ['-c', program], { input: JSON.stringify(samples), encoding: 'utf8' }),
  );
}

describe('charsetNamed', () => {
  it('writes what Python reads back, in every charset', () => {
    const encoded = SAMPLES.map(([label, python, text]) => {
      const bytes = charsetNamed(label)?.encode(text);
      return [python, Buffer.from(bytes ?? []).toString('base64')] as const;
    });
    expect(decodedByPython(encoded)).toEqual(SAMPLES.map(([, , text]) => text));
  });

  it.each(SAMPLES.filter(([, python]) => python !== 'utf-7'))(
    'reads back what it wrote in %s',
    (label, _, text) => {
      const charset = charsetNamed(label)!;
      expect(charset.decode(charset.encode(text)!)).toBe(text);
    },
  );

  it.each([
    ['us-ascii', 'ü'],
    ['iso-8859-1', '€'],
    ['iso-8859-1', '\x85'],
    ['gb2312', '臺'],
    ['shift_jis', '①'],
    ['euc-jp', '①'],
    ['iso-2022-jp', 'ü'],
    ['iso-2022-jp', '㈱'],
    ['gb2312', 'ⅰ'],
    ['tis-620', '–'],
    ['tis-620', '\xa0'],
    ['euc-kr', '😀'],
  ])('knows that %s cannot hold %j', (label, text) => {
    expect(charsetNamed(label)?.encode(text)).toBeUndefined();
  });

  it.each([
    ['us-ascii', [0xe4]],
    ['utf-8', [0xe4, 0x20]],
    ['iso-8859-1', [0x93]],
    ['shift_jis', [0x81]],
    ['iso-2022-jp', [0x1b, 0x24, 0x42, 0x46, 0x7c, 0x0a, 0x61]],
  ])('does not read what is not valid %s', (label, bytes) => {
    expect(charsetNamed(label)?.decode(Uint8Array.from(bytes))).toBeUndefined();
  });

  it.each(['x-unknown', '', 'utf-32', 'iso-8859-12', 'none'])('does not know %j', (label) => {
    expect(charsetNamed(label)).toBeUndefined();
  });

  it('knows which unknown ones cannot take ASCII either', () => {
    expect(['utf-32', 'UTF-16', 'ucs-2', 'cp037', 'ebcdic-us'].every(excludesAscii)).toBe(true);
    expect(['x-unknown', 'cp850', 'viscii', 'unicode-1-1-utf-8'].some(excludesAscii)).toBe(false);
  });

  it('tells UTF-16 by its mark', () => {
    expect(utf16ByMark(Uint8Array.of(0xff, 0xfe, 65, 0))?.name).toBe('utf-16le');
    expect(utf16ByMark(Uint8Array.of(0xfe, 0xff, 0, 65))?.name).toBe('utf-16be');
    expect(utf16ByMark(Uint8Array.of(65, 0))).toBeUndefined();
  });
});
