import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Pieces } from '../../src/transport/pieces.ts';

/** Pieces of a message, small and large in turns. */
const message = fc.array(
  fc
    .oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 4000, max: 40_000 }))
    .chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 0, max: 255 }))),
  { maxLength: 30 },
);

function filled([size, value]: [number, number]): Buffer {
  return Buffer.alloc(size, value);
}

test.each(['lasting', 'lent'] as const)('what went in comes out, in order (%s)', (life) => {
  fc.assert(
    fc.property(message, (sizes) => {
      const pieces = new Pieces(life);
      const whole = Buffer.concat(sizes.map(filled));
      for (const size of sizes) {
        const piece = filled(size);
        pieces.add(piece);
        // Whoever lends it uses it again.
        if (life === 'lent') piece.fill(0xee);
      }
      expect(pieces.length).toBe(whole.length);
      expect(Buffer.concat([...pieces]).equals(whole)).toBe(true);
    }),
    { numRuns: 200, endOnFailure: true },
  );
});

test('the head is the beginning, as long as was asked for or longer', () => {
  fc.assert(
    fc.property(message, fc.integer({ min: 0, max: 100_000 }), (sizes, limit) => {
      const pieces = new Pieces('lasting');
      const whole = Buffer.concat(sizes.map(filled));
      for (const size of sizes) pieces.add(filled(size));
      const head = Buffer.from(pieces.head(limit));
      expect(head.equals(whole.subarray(0, head.length))).toBe(true);
      expect(head.length).toBeGreaterThanOrEqual(Math.min(limit, whole.length));
    }),
    { numRuns: 200, endOnFailure: true },
  );
});

test('a message that comes byte by byte is held in few pieces', () => {
  const pieces = new Pieces('lasting');
  for (let at = 0; at < 100_000; at++) pieces.add(Uint8Array.of(at & 0xff));
  expect([...pieces].length).toBeLessThan(10);
  expect(Buffer.concat([...pieces])).toEqual(
    Buffer.from(Array.from({ length: 100_000 }, (_, at) => at & 0xff)),
  );
});

test('large pieces that last are not copied', () => {
  const pieces = new Pieces('lasting');
  const large = Buffer.alloc(65_536, 1);
  pieces.add(Buffer.from('first'));
  pieces.add(large);
  expect([...pieces][1]).toBe(large);
});

test('what was cleared is gone', () => {
  const pieces = new Pieces('lent');
  pieces.add(Buffer.from('a'));
  pieces.add(Buffer.from('b'));
  pieces.clear();
  pieces.add(Buffer.from('c'));
  expect(pieces.length).toBe(1);
  expect(Buffer.concat([...pieces]).toString()).toBe('c');
});
