import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  decoded,
  encoded,
  MULTI_BYTE,
  nodeReader,
  pythonDecoded,
  SINGLE_BYTE,
  shortTexts,
  standardReader,
} from './readers.ts';

const bytesOf = (...bytes: number[]) => Uint8Array.from(bytes);
const latin1 = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));

/** What differs, as `hex ours theirs`. */
function differences(
  charset: string,
  texts: Iterable<Uint8Array>,
  read: (bytes: Uint8Array) => string | null,
): string[] {
  const found: string[] = [];
  for (const bytes of texts) {
    const [ours, theirs] = [decoded(charset, bytes), read(bytes)];
    if (ours !== theirs) found.push(`${Buffer.from(bytes).toString('hex')} ${ours} ${theirs}`);
  }
  return found;
}

describe.each([...SINGLE_BYTE, ...MULTI_BYTE])('%s', (charset) => {
  it('is read as the standard has it, for all texts of one and two bytes', () => {
    expect(differences(charset, shortTexts(charset), standardReader(charset))).toEqual([]);
  });

  it('is read as the standard has it, for any bytes', () => {
    const read = standardReader(charset);
    const byte = fc.oneof(
      fc.nat(0xff),
      fc.constantFrom(0x30, 0x39, 0x41, 0x81, 0x8e, 0x8f, 0xa1, 0xfe, 0xff),
    );
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 12 }).chain(() => fc.array(byte, { maxLength: 8 })),
        (bytes) => {
          expect(decoded(charset, Uint8Array.from(bytes))).toBe(read(Uint8Array.from(bytes)));
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe('longer codes', () => {
  it('all of EUC-JP’s three bytes are read as the standard has them', () => {
    const texts = Array.from({ length: 0x60 * 0x60 }, (_, i) => bytesOf(0x8f, 0xa0 + (i >> 8), i & 0xff));
    for (let lead = 0xa0; lead < 0x100; lead++)
      for (let trail = 0xa0; trail < 0x100; trail++) texts.push(bytesOf(0x8f, lead, trail));
    expect(differences('euc-jp', texts, standardReader('euc-jp'))).toEqual([]);
  });

  it('all of GB 18030’s four bytes in the basic plane, and where the others begin and end', () => {
    const texts: Uint8Array[] = [];
    const add = (pointer: number) => {
      const [ten, thousand] = [Math.floor(pointer / 10), Math.floor(pointer / 1260)];
      texts.push(
        bytesOf(
          0x81 + Math.floor(thousand / 10),
          0x30 + (thousand % 10),
          0x81 + (ten % 126),
          0x30 + (pointer % 10),
        ),
      );
    };
    for (let pointer = 0; pointer < 39_500; pointer++) add(pointer);
    for (let pointer = 188_900; pointer < 189_100; pointer++) add(pointer);
    for (let pointer = 1_237_500; pointer < 1_237_700; pointer++) add(pointer);
    for (let pointer = 200_000; pointer < 1_587_600; pointer += 997) add(pointer);
    expect(differences('gb18030', texts, standardReader('gb18030'))).toEqual([]);
  });
});

/**
 * Node's decoders are ICU's. They show control characters for bytes that the standard calls invalid, and know older or
 * smaller tables; wherever both read something, it is the same, but for what is listed.
 */
const NODE_DIFFERS: Readonly<Record<string, readonly string[]>> = {
  // RFC 2319 has what draws boxes there; the standard has Belarusian.
  'koi8-u': ['ae ў ╝', 'be Ў ╬'],
  // One character that vendors drew differently.
  big5: ['f9fe ￭ ▓'],
};

describe('Node’s TextDecoder', () => {
  const own = /^(?:us-ascii|iso-8859-(?:1|9|11|16)|tis-620|windows-1252)$/;
  const names = [...SINGLE_BYTE.filter((name) => !own.test(name)), 'gbk', 'gb18030', 'euc-jp', 'big5'];

  it.each(names)('reads %s alike where both read', (charset) => {
    const texts = shortTexts(charset).filter(([first]) => first! > 0x80);
    const both = differences(charset, texts, nodeReader(charset)).filter((line) => !/ null/.test(line));
    expect(both).toEqual(NODE_DIFFERS[charset] ?? []);
  });
});

/** Where Python’s tables and the standard’s give different characters for the same code. */
const PYTHON: readonly [charset: string, codec: string, differing: string][] = [
  [
    'gb18030',
    'gb18030',
    'a3a0 a6d9 a6da a6db a6dc a6dd a6de a6df a6ec a6ed a6f3 a8bc fe59 fe61 fe66 fe67 fe6d fe7e fe90 fea0',
  ],
  ['gbk', 'gbk', ''],
  ['gb2312', 'gb2312', 'a1a4 a1aa'],
  ['big5', 'big5hkscs', 'a145 a14e a1c2 a1e3 a1f2 a1f3 a241 a242 a244 a246 a247'],
  ['euc-jp', 'euc_jp', 'a1c1 a1c2 a1dd a1f1 a1f2 a2cc'],
  ['euc-kr', 'cp949', ''],
  ['shift_jis', 'cp932', ''],
  ['shift_jis', 'shift_jis', '8160 8161 817c 8191 8192 81ca'],
  ['koi8-u', 'koi8_u', 'ae be'],
  ['windows-874', 'cp874', ''],
  ['ibm866', 'cp866', ''],
  ['macintosh', 'mac_roman', ''],
  ['x-mac-cyrillic', 'mac_cyrillic', ''],
  ['iso-8859-1', 'cp1252', ''],
  ...[2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16].map(
    (n) => [`iso-8859-${n}`, `iso8859_${n}`, ''] as [string, string, string],
  ),
  ['tis-620', 'tis_620', ''],
  ['koi8-r', 'koi8_r', ''],
  ...[0, 1, 2, 3, 4, 5, 6, 7, 8].map((n) => [`windows-125${n}`, `cp125${n}`, ''] as [string, string, string]),
];

describe('Python', () => {
  const texts = (charset: string) =>
    shortTexts(charset).filter(([first, second = 0x40]) => first! > 0x7f && second > 0x3f);
  let read: (string | null)[][] = [];

  beforeAll(() => {
    read = pythonDecoded(PYTHON.map(([charset, codec]) => [codec, texts(charset)] as const));
  });

  it.each(PYTHON.map(([charset, codec, differing], i) => ({ charset, codec, differing, i })))(
    'reads $charset alike where its codec $codec reads, but for "$differing"',
    ({ charset, differing, i }) => {
      const found = texts(charset).filter((bytes, at) => {
        const [ours, theirs] = [decoded(charset, bytes), read[i]![at]!];
        return ours !== null && theirs !== null && ours !== theirs;
      });
      expect(found.map((bytes) => Buffer.from(bytes).toString('hex')).join(' ')).toBe(differing);
    },
  );
});

describe('what is not certain', () => {
  it.each<[string, string, Uint8Array]>([
    ['a byte above ASCII', 'us-ascii', bytesOf(0xe4)],
    ['a character that is cut', 'utf-8', bytesOf(0xe4, 0x20)],
    ['the end in a character', 'utf-8', bytesOf(0xe4, 0xb8)],
    ['the end in a character', 'shift_jis', bytesOf(0x81)],
    ['the end in a character', 'gb18030', bytesOf(0x81, 0x30, 0x81)],
    ['the end in a character', 'utf-16le', bytesOf(0x41)],
    ['the end in a surrogate pair', 'utf-16be', bytesOf(0xd8, 0x3d)],
    ['half a surrogate pair', 'utf-16be', bytesOf(0xd8, 0x3d, 0, 0x41)],
    ['half a surrogate pair', 'utf-16le', bytesOf(0, 0xdc)],
    ['a surrogate', 'utf-32le', bytesOf(0, 0xd8, 0, 0)],
    ['what is beyond Unicode', 'utf-32be', bytesOf(0, 0x11, 0, 0)],
    ['what is beyond Unicode', 'utf-32be', bytesOf(0xff, 0, 0, 0)],
    ['private use', 'shift_jis', bytesOf(0xf0, 0x40)],
    ['private use', 'gbk', bytesOf(0xaa, 0xa1)],
    ['private use', 'macintosh', bytesOf(0xf0)],
    ['control characters', 'iso-8859-15', bytesOf(0x80)],
    ['control characters', 'iso-8859-9', bytesOf(0x93)],
    ['a line that ends in kanji', 'iso-2022-jp', latin1('\x1b$BF|\na')],
    ['a text that ends in kanji', 'iso-2022-jp', latin1('\x1b$BF|')],
    ['a text that ends in an escape sequence', 'iso-2022-jp', latin1('a\x1b(')],
    ['an unknown table', 'iso-2022-jp', latin1('\x1b$(DF|\x1b(B')],
    ['two escape sequences', 'iso-2022-jp', latin1('\x1b$B\x1b(Ba')],
    ['eight bits', 'iso-2022-jp', bytesOf(0xa4, 0xa2)],
    ['a shift to another charset', 'iso-2022-jp', latin1('\x1b$)C\x0e0\x0f')],
    ['Korean that is not announced', 'iso-2022-kr', latin1('\x0e0!\x0f')],
    ['a line that ends in Korean', 'iso-2022-kr', latin1('\x1b$)C\x0e0!\n\x0f')],
    ['a text that ends in Korean', 'iso-2022-kr', latin1('\x1b$)C\x0e0!')],
    ['another announcement', 'iso-2022-kr', latin1('\x1b$)A\x0e0!\x0f')],
    ['half a character', 'iso-2022-kr', latin1('\x1b$)C\x0e0\x0f')],
    ['a line that ends in Chinese', 'hz-gb-2312', latin1('~{VP\n~}')],
    ['a text that ends in Chinese', 'hz-gb-2312', latin1('~{VP')],
    ['a tilde alone', 'hz-gb-2312', latin1('a ~ b')],
    ['eight bits', 'hz-gb-2312', bytesOf(0xd6, 0xd0)],
  ])('%s in %s', (_, label, bytes) => {
    expect(decoded(label, bytes)).toBeNull();
  });
});

describe('what is', () => {
  it.each<[string, Uint8Array, string]>([
    ['iso-8859-1', bytesOf(0x93, 0x80, 0xfc), '“€ü'],
    ['utf-8', bytesOf(0xef, 0xbb, 0xbf, 0x41), '\ufeffA'],
    ['utf-16le', bytesOf(0xff, 0xfe, 0x41, 0), '\ufeffA'],
    ['utf-16be', bytesOf(0xd8, 0x3d, 0xde, 0), '😀'],
    ['utf-32le', bytesOf(0, 0xf6, 1, 0), '😀'],
    ['shift_jis', bytesOf(0x87, 0x40), '①'],
    ['gb2312', bytesOf(0xc5, 0x5f), '臺'],
    ['big5', bytesOf(0x88, 0x62), 'Ê̄'],
    ['iso-2022-jp', latin1('\x1b$BF|K\\\x1b(B a\x1b(J\\~\x1b(I1\x1b(B'), '日本 a¥‾ｱ'],
    ['iso-2022-jp', latin1('\x1b$@F|K\\\x1b(J\n'), '日本\n'],
    ['iso-2022-jp', latin1('\x1b$B-!\x1b(B'), '①'],
    ['iso-2022-kr', latin1('\x1b$)C\n\x0eGQ1[\x0f a\n'), '\n한글 a\n'],
    ['hz-gb-2312', latin1('a~~~{<:Ky2;S{#,NpJ)l6HK!#~}~\nb\n'), 'a~己所不欲，勿施於人。b\n'],
  ])('%s %j', (label, bytes, text) => {
    expect(decoded(label, bytes)).toBe(text);
  });

  it('nothing, in every charset', () => {
    for (const name of [
      ...SINGLE_BYTE,
      ...MULTI_BYTE,
      'utf-8',
      'utf-16le',
      'utf-32be',
      'iso-2022-jp',
      'iso-2022-kr',
      'hz-gb-2312',
    ])
      expect(decoded(name, new Uint8Array(0))).toBe('');
  });

  it.each([
    ['iso-2022-kr', 'iso2022_kr'],
    ['hz-gb-2312', 'hz'],
  ])('Python reads %s alike, character by character', (label, codec) => {
    const [before, after] = label === 'hz-gb-2312' ? ['~{', '~}'] : ['\x1b$)C\x0e', '\x0f'];
    const texts: Uint8Array[] = [];
    for (let lead = 0x21; lead < 0x7f; lead++)
      for (let trail = 0x21; trail < 0x7f; trail++)
        texts.push(latin1(before + String.fromCharCode(lead, trail) + after));
    const theirs = pythonDecoded([[codec, texts]])[0]!;
    const differing = texts.filter((bytes, i) => theirs[i] !== null && decoded(label, bytes) !== theirs[i]);
    expect(differing.map((bytes) => Buffer.from(bytes).toString('latin1'))).toEqual(
      label === 'hz-gb-2312' ? ['~{!$~}', '~{!*~}'] : [],
    );
  });
});

const SAMPLES: readonly [label: string, text: string][] = [
  ['utf-8', 'Grüße 日本 😀\r\nab'],
  ['iso-8859-1', 'Grüße ÿ'],
  ['koi8-r', 'Привет'],
  ['gb18030', '你好 ä 😀 ü'],
  ['big5', '你好臺灣'],
  ['euc-jp', '日本語ｱテスト'],
  ['shift_jis', '日本語ｱテスト'],
  ['iso-2022-jp', '日本語 test テスト'],
  ['euc-kr', '한국어 똠'],
  ['utf-16le', 'Grüße 😀'],
  ['utf-16be', 'Grüße 😀'],
  ['utf-32le', 'Grüße 😀'],
  ['utf-32be', 'Grüße 😀'],
];

describe('pieces', () => {
  it.each(SAMPLES)('%s is the same however it is cut', (label, text) => {
    const bytes = encoded(label, text)!;
    for (let piece = 1; piece <= bytes.length; piece++) expect(decoded(label, bytes, piece)).toBe(text);
    for (let end = 0; end < bytes.length; end++) {
      const whole = decoded(label, bytes.subarray(0, end));
      for (let piece = 1; piece < end; piece++)
        expect(decoded(label, bytes.subarray(0, end), piece)).toBe(whole);
    }
  });

  it('so are texts longer than the decoders’ blocks', () => {
    for (const [label, text] of SAMPLES) {
      const long = text.repeat(1000);
      const bytes = encoded(label, long)!;
      for (const piece of [bytes.length, 1023, 4097]) expect(decoded(label, bytes, piece)).toBe(long);
    }
  });

  it('and texts that are not valid', () => {
    const label = fc.constantFrom(
      'utf-8',
      'gb18030',
      'euc-jp',
      'iso-2022-jp',
      'iso-2022-kr',
      'hz-gb-2312',
      'utf-16le',
      'utf-32be',
    );
    const byte = fc.oneof(
      fc.nat(0xff),
      fc.constantFrom(...Buffer.from('\x1b$B(BJI)C\x0e\x0f~{}\n0!\x8f\xa1\xd8\x00', 'latin1')),
    );
    fc.assert(
      fc.property(
        label,
        fc.array(byte, { maxLength: 20 }),
        fc.integer({ min: 1, max: 5 }),
        (name, bytes, piece) => {
          const text = Uint8Array.from(bytes);
          expect(decoded(name, text, piece)).toBe(decoded(name, text));
        },
      ),
      { numRuns: 5000 },
    );
  });
});
