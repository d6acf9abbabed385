import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HeldMessage } from '../../src/library/held-message.ts';

test('a message is the same however it comes and wherever it is read', () => {
  const sizes = fc.array(fc.oneof(fc.nat(40), fc.nat(300_000)), { maxLength: 12 });
  fc.assert(
    fc.property(sizes, fc.nat(), fc.nat(400_000), (lengths, place, width) => {
      const pieces = lengths.map((length, index) => Buffer.alloc(length, `${index} of them, `));
      const held = new HeldMessage();
      for (const piece of pieces) {
        const lent = Uint8Array.from(piece);
        held.add(lent);
        lent.fill(0);
      }
      const whole = Buffer.concat(pieces);
      expect(held.size).toBe(whole.length);
      const offset = place % (whole.length + 1);
      const into = Buffer.alloc(width, '-');
      const length = held.read(offset, into);
      expect(length).toBe(Math.min(width, whole.length - offset));
      expect(into.subarray(0, length).equals(whole.subarray(offset, offset + length))).toBe(true);
      expect(into.subarray(length).equals(Buffer.alloc(width - length, '-'))).toBe(true);
      expect(Buffer.concat([...held.pieces()]).equals(whole)).toBe(true);
    }),
    { numRuns: 200 },
  );
});
