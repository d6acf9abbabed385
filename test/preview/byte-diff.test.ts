import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changesOf, renderChanges } from '../../src/preview/byte-diff.ts';

/** The second message, made of the first and the changes alone. */
function applied(before: Buffer, after: Buffer): Buffer {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const change of changesOf(before, after)) {
    pieces.push(before.subarray(at, change.before.offset));
    expect(Buffer.concat(pieces).length).toBe(change.after.offset);
    pieces.push(after.subarray(change.after.offset, change.after.offset + change.after.length));
    at = change.before.offset + change.before.length;
  }
  return Buffer.concat([...pieces, before.subarray(at)]);
}

describe('changesOf', () => {
  it('gives the second message when it is applied to the first', () => {
    const lines = fc.array(fc.constantFrom('a\n', 'b\n', 'c\r\n', '\n', 'd'), { maxLength: 30 });
    fc.assert(
      fc.property(lines, lines, (a, b) => {
        const [before, after] = [Buffer.from(a.join('')), Buffer.from(b.join(''))];
        expect(applied(before, after)).toEqual(after);
      }),
      { numRuns: 2000 },
    );
  });

  it('finds the few lines that are new, in two places', () => {
    const before = Buffer.from('a\nb\nc\nd\n');
    const after = Buffer.from('a\nb\nX\nc\nd\nY\n');
    expect(changesOf(before, after)).toEqual([
      { before: { offset: 4, length: 0 }, after: { offset: 4, length: 2 } },
      { before: { offset: 8, length: 0 }, after: { offset: 10, length: 2 } },
    ]);
  });

  it('shows a part that was written anew as one change', () => {
    const before = Buffer.from(
      `head\n${Array.from({ length: 3000 }, (_, i) => `old ${i}\n`).join('')}tail\n`,
    );
    const after = Buffer.from(`head\n${Array.from({ length: 3000 }, (_, i) => `new ${i}\n`).join('')}tail\n`);
    expect(changesOf(before, after)).toHaveLength(1);
    expect(applied(before, after)).toEqual(after);
  });
});

it('every byte can be read', () => {
  const out = renderChanges('x', Buffer.from('a\n'), Buffer.from('a \t\\\xff\r\nend', 'latin1'));
  expect(out).toBe(
    '--- x\n+++ x with the footer\n@@ -0,2 +0,10 @@ bytes\n-a\n+a \\x09\\x5c\\xff\\x0d\n+end\n\\ no newline at the end\n',
  );
});
