import { expect, it } from 'vitest';
import { codePointAt } from '../../../src/mime/charset/code-points.ts';

it.each([
  ['a', 0, 0x61],
  ['😀', 0, 0x1f600],
  ['😀', 1, 0xfffd],
  ['\ud83d', 0, 0xfffd],
  ['\ud83da', 0, 0xfffd],
])('%j has at %d the character %d', (text, index, code) => {
  expect(codePointAt(text, index)).toBe(code);
});
