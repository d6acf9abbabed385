import { describe, expect, it } from 'vitest';
import { unicodeRangesModule } from '../../scripts/unicode-ranges.ts';
import * as unicode from '../../src/footer/unicode.ts';
import { lacks } from '../helpers/needs.ts';
import { readSource } from './source.ts';

const table = readSource('unicode-ranges.ts');
const version = /Unicode ([\d.]+)/.exec(table)![1];

const PROPERTIES: readonly (readonly [name: string, ours: (code: number) => boolean, pattern: RegExp])[] = [
  ['letters', unicode.isLetter, /\p{L}/u],
  ['letters and numbers', unicode.isLetterOrNumber, /[\p{L}\p{N}]/u],
  ['Latin', unicode.isLatin, /\p{Script=Latin}/u],
  [
    'alphabets with blanks between words',
    unicode.isOfSpacedAlphabet,
    /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{Script=Georgian}]/u,
  ],
  ['invisible characters', unicode.isInvisible, /\p{Default_Ignorable_Code_Point}/u],
  ['white space', unicode.isSpace, /\s/u],
  [
    'scripts from right to left',
    unicode.runsFromRight,
    /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u,
  ],
];

const otherUnicode = lacks({
  what: `a Node with Unicode ${version}`,
  packages: [],
  isMet: () => version === process.versions.unicode,
});

describe.skipIf(otherUnicode)(`of Unicode ${version}${otherUnicode}`, () => {
  it('the tables are what is generated (else: npx tsx scripts/footer-tables.ts)', () => {
    expect(table).toBe(unicodeRangesModule());
  });

  it.each(PROPERTIES)('all %s are known, and no others', (_name, ours, pattern) => {
    const wrong: string[] = [];
    for (let code = 0; code < 0x110000; code++) {
      if (ours(code) !== pattern.test(String.fromCodePoint(code))) wrong.push(code.toString(16));
    }
    expect(wrong).toEqual([]);
  });
});
