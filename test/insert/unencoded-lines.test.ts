import { describe, expect, it } from 'vitest';
import { UnencodedLines } from '../../src/insert/unencoded-lines.ts';

describe('UnencodedLines', () => {
  it.each([
    ['a\n-- \nb', false, false],
    ['--\n--\r\n-- \t\r\n--', false, false],
    ['a\n--b', false, true],
    ['a\n--  b', false, true],
    ['---', false, true],
    ['a--b\n -- c\n-\n-x\n', false, false],
    [`${'x'.repeat(998)}\n`, false, false],
    [`a\n${'x'.repeat(999)}`, true, false],
  ])('of %j, however it is cut', (text, long, dashed) => {
    const bytes = Buffer.from(text);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const lines = new UnencodedLines();
      for (const piece of [bytes.subarray(0, cut), bytes.subarray(cut)]) lines.push(piece, piece.length);
      expect([lines.hasLongLine, lines.hasDashedLine], `cut at ${cut}`).toEqual([long, dashed]);
    }
  });
});
