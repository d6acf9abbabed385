import fc from 'fast-check';
import { expect, it } from 'vitest';
import { GrowingBytes } from '../../src/mime/growing-bytes.ts';

it('puts pieces together, and what was given out before stays as it was', () => {
  const piece = fc.record({ bytes: fc.uint8Array(), dropped: fc.nat(20), kept: fc.nat(40) });
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const memory = new GrowingBytes();
      let bytes: Uint8Array = new Uint8Array(0);
      const given: [Uint8Array, string][] = [];
      for (const { bytes: more, dropped, kept } of pieces) {
        const expected = Buffer.concat([bytes, more]).toString('hex');
        bytes = memory.join(bytes, more);
        given.push([bytes, expected]);
        // Both ends may be cut off between two calls.
        bytes = bytes.subarray(dropped, dropped + kept);
      }
      for (const [view, expected] of given) expect(Buffer.from(view).toString('hex')).toBe(expected);
    }),
  );
});
