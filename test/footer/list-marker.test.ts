import { describe, expect, it } from 'vitest';
import { Numbering, numberingOf, numeral, numeralLength, startOf } from '../../src/footer/list-marker.ts';

describe('numbers of a list', () => {
  it.each([
    [Numbering.Decimal, [-12, 0, 7, 10], ['-12', '0', '7', '10']],
    [Numbering.LowerLetter, [1, 26, 27, 52, 53, 702, 703], ['a', 'z', 'aa', 'az', 'ba', 'zz', 'aaa']],
    [Numbering.UpperLetter, [1, 28, 0, -1], ['A', 'AB', '0', '-1']],
    [
      Numbering.LowerRoman,
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 40, 90, 400, 900, 1994, 3888, 3999],
      [
        'i',
        'ii',
        'iii',
        'iv',
        'v',
        'vi',
        'vii',
        'viii',
        'ix',
        'xl',
        'xc',
        'cd',
        'cm',
        'mcmxciv',
        'mmmdccclxxxviii',
        'mmmcmxcix',
      ],
    ],
    [Numbering.UpperRoman, [0, 14, 4000, -3], ['0', 'XIV', '4000', '-3']],
  ])('of numbering %d', (numbering, numbers, texts) => {
    expect(numbers.map((number) => numeral(number, numbering))).toEqual(texts);
  });

  it('are as long as is said', () => {
    for (const type of ['1', 'a', 'A', 'i', 'I']) {
      for (let number = -120; number < 4200; number++) {
        const text = numeral(number, numberingOf(type));
        expect(numeralLength(number, numberingOf(type)), text).toBe(text.length);
      }
    }
  });

  it.each([
    ['5', 5],
    [' -3 ', -3],
    ['+7x', 7],
    ['', 1],
    ['x', 1],
    ['-', 1],
    ['0', 0],
    ['99999999999999999999', 999999999],
  ])('a list with start=%j begins at %d', (value, start) => {
    expect(startOf(value)).toBe(start);
  });
});
