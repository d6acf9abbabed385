import { describe, expect, it } from 'vitest';
import { allLabels } from '../../../scripts/charset-labels.ts';
import {
  charsetByMark,
  charsetNamed,
  excludesAscii,
  needsByteOrderMark,
} from '../../../src/mime/charset/charsets.ts';
import { MULTI_BYTE, SINGLE_BYTE } from './readers.ts';

/** Those that the rows of a table name: nothing else comes out of any label. */
const CHARSETS = [
  ...SINGLE_BYTE,
  ...MULTI_BYTE,
  'utf-8',
  'utf-7',
  'utf-16le',
  'utf-16be',
  'utf-32le',
  'utf-32be',
  'iso-2022-jp',
  'iso-2022-kr',
  'hz-gb-2312',
];

function nameOf(label: string): string | undefined {
  return charsetNamed(label)?.name;
}

describe('charsetNamed', () => {
  it('knows every label of WHATWG, of IANA and of mail', () => {
    for (const [label, charset] of allLabels()) {
      const expected = charset === 'utf-16' || charset === 'utf-32' ? undefined : charset;
      expect([label, nameOf(label)]).toEqual([label, expected]);
    }
  });

  it('knows each charset by its own name, and makes it once', () => {
    expect(new Set([...allLabels().values()].filter((name) => !/^utf-(16|32)$/.test(name)))).toEqual(
      new Set(CHARSETS),
    );
    for (const name of CHARSETS) {
      expect(nameOf(name)).toBe(name);
      expect(charsetNamed(name)).toBe(charsetNamed(name.toUpperCase()));
    }
  });

  it.each([
    ['koi8_r', 'koi8-r'],
    ['koi8', 'koi8-r'],
    ['cskoi8r', 'koi8-r'],
    ['utf_8', 'utf-8'],
    ['utf8mb4', 'utf-8'],
    ['cp65001', 'utf-8'],
    ['x-cp1250', 'windows-1250'],
    ['x-cp1251', 'windows-1251'],
    ['x-cp1252', 'windows-1252'],
    ['win-1251', 'windows-1251'],
    ['csisolatin1', 'iso-8859-1'],
    ['latin5', 'iso-8859-9'],
    ['l2', 'iso-8859-2'],
    ['l5', 'iso-8859-9'],
    ['l9', 'iso-8859-15'],
    ['latin9', 'iso-8859-15'],
    ['cp874', 'windows-874'],
    ['dos-874', 'windows-874'],
    ['tis620', 'tis-620'],
    ['visual', 'iso-8859-8'],
    ['logical', 'iso-8859-8'],
    ['iso-8859-8-i', 'iso-8859-8'],
    ['ISO-8859-6-E', 'iso-8859-6'],
    ['arabic', 'iso-8859-6'],
    ['greek', 'iso-8859-7'],
    ['hebrew', 'iso-8859-8'],
    ['shift-jis', 'shift_jis'],
    ['csshiftjis', 'shift_jis'],
    ['ms_kanji', 'shift_jis'],
    ['cp932', 'shift_jis'],
    ['ms932', 'shift_jis'],
    ['windows-31j', 'shift_jis'],
    ['x-sjis', 'shift_jis'],
    ['csbig5', 'big5'],
    ['cn-big5', 'big5'],
    ['cp950', 'big5'],
    ['big5-hkscs', 'big5'],
    ['chinese', 'gb2312'],
    ['gb_2312', 'gb2312'],
    ['gb_2312-80', 'gb2312'],
    ['ms936', 'gbk'],
    ['cp936', 'gbk'],
    ['x-gbk', 'gbk'],
    ['iso-2022-jp-1', 'iso-2022-jp'],
    ['iso-2022-jp-2', 'iso-2022-jp'],
    ['iso-2022-jp-3', 'iso-2022-jp'],
    ['iso-2022-jp-ms', 'iso-2022-jp'],
    ['cp50220', 'iso-2022-jp'],
    ['ks_c_5601-1987', 'euc-kr'],
    ['ks_c_5601-1989', 'euc-kr'],
    ['ks_c_5601', 'euc-kr'],
    ['korean', 'euc-kr'],
    ['cp949', 'euc-kr'],
    ['uhc', 'euc-kr'],
    ['iso-2022-kr', 'iso-2022-kr'],
    ['hz-gb-2312', 'hz-gb-2312'],
    ['x-mac-roman', 'macintosh'],
    ['x-mac-ukrainian', 'x-mac-cyrillic'],
    ['646', 'us-ascii'],
    ['ansi_x3.4-1968', 'us-ascii'],
    ['UNICODE-1-1-UTF-7', 'utf-7'],
    ['unicode-1-1-utf-8', 'utf-8'],
  ])('knows %j for %s', (label, name) => {
    expect(nameOf(label)).toBe(name);
  });

  it.each([
    " 'ISO-8859-15' ",
    'iso8859_15',
    'ISO 8859-15',
    'iso_8859-15:1999',
    'iso-8859-15-euro',
    'ISO8859-15',
    '"iso-8859-15"',
  ])('takes %j for iso-8859-15', (label) => {
    expect(nameOf(label)).toBe('iso-8859-15');
  });

  it.each([
    'x-unknown',
    '',
    ' ',
    '-',
    'utf-32',
    'utf-16',
    'iso-8859-12',
    'iso-8859-',
    'iso-8859',
    'none',
    'x',
    'x-',
    'x-user-defined',
    'replacement',
    'unknown-8bit',
    'viscii',
    'cp850',
    'utf-80',
    'ütf-8é',
    'constructor',
    'utf-8'.repeat(50),
    '\u0100',
    'z'.repeat(64),
  ])('does not know %j', (label) => {
    expect(charsetNamed(label)).toBeNull();
  });

  it('finds no label in the middle of the table', () => {
    for (const label of allLabels().keys()) {
      const longer = charsetNamed(`${label}\u0101a`);
      expect(longer === null || allLabels().has(`${label}a`) || /8859|x/.test(label)).toBe(true);
    }
  });
});

describe('excludesAscii', () => {
  it.each([
    'utf-32',
    'UTF-16',
    'utf16',
    'ucs-2',
    'UCS-4LE',
    'iso-10646-ucs-2',
    'ISO-10646-J-1',
    'unicode',
    'csUnicode',
    'csUCS4',
    'cp037',
    'IBM037',
    'ibm-1047',
    '500',
    'IBM01140',
    'CP01148',
    'CCSID01149',
    'ebcdic-us',
    'EBCDIC-CP-NL',
    'csEBCDICFISE',
    'csIBMEBCDICATDE',
    'OSD_EBCDIC_DF04_15',
    'IBM-Thai',
    'BOCU-1',
    'Extended_UNIX_Code_Fixed_Width_for_Japanese',
  ])('%j cannot take ASCII', (label) => {
    expect(excludesAscii(label)).toBe(true);
  });

  it.each([
    'x-unknown',
    '',
    'cp850',
    'ibm852',
    '866',
    'viscii',
    'unicode-1-1-utf-8',
    'csUnicode11UTF7',
    'ISO-10646-UTF-1',
    'CESU-8',
    'IBM437',
    '37a',
    '99999999999',
  ])('%j can, as far as anybody knows', (label) => {
    expect(excludesAscii(label)).toBe(false);
  });

  it('agrees with what is known', () => {
    for (const label of allLabels().keys()) {
      const charset = charsetNamed(label);
      if (charset !== null) expect([label, excludesAscii(label)]).toEqual([label, !charset.asciiCompatible]);
    }
  });
});

describe('byte-order marks', () => {
  it('tell the order where the label does not', () => {
    expect(['utf-16', 'UTF16', 'ucs-2', 'unicode', 'utf-32'].every(needsByteOrderMark)).toBe(true);
    expect(['utf-16le', 'utf-8', 'x-unknown', ''].some(needsByteOrderMark)).toBe(false);
  });

  const named = (label: string, bytes: number[]) => charsetByMark(label, Uint8Array.from(bytes))?.name;

  it('are those of RFC 2781', () => {
    expect(named('utf-16', [0xff, 0xfe, 65, 0])).toBe('utf-16le');
    expect(named('UCS2', [0xfe, 0xff, 0, 65])).toBe('utf-16be');
    expect(named('utf-16', [0xff, 0xfe, 0, 0])).toBe('utf-16le');
    for (const other of [[65, 0], [0xff], []]) expect(named('utf-16', other)).toBeUndefined();
  });

  it('are four bytes in UTF-32', () => {
    expect(named('utf-32', [0xff, 0xfe, 0, 0])).toBe('utf-32le');
    expect(named('ucs-4', [0, 0, 0xfe, 0xff, 65])).toBe('utf-32be');
    const others = [
      [0xff, 0xfe, 65, 0],
      [0, 0, 0xff, 0xfe],
      [0xff, 0xfe, 0],
      [0xff, 0, 0, 0],
      [0, 0, 0, 0],
    ];
    for (const other of others) expect(named('utf-32', other)).toBeUndefined();
  });

  it('tell nothing of other labels', () => {
    for (const label of ['utf-8', 'utf-16le', 'x-unknown', ''])
      expect(named(label, [0xff, 0xfe, 0, 0])).toBeUndefined();
  });
});
