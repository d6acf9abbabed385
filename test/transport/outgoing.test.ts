/** The bytes of a message on its way out, against an array that simply grows. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Outgoing } from '../../src/transport/outgoing.ts';

/** As a runtime frees memory at its worst: what is read after it is wrong at once. */
function wipe(bytes: Uint8Array): void {
  bytes.fill(0x21);
}

const bytes = fc.uint8Array({ maxLength: 40_000, size: 'max' });
const step = fc.oneof(
  { weight: 6, arbitrary: bytes.map((added) => ({ kind: 'add' as const, added })) },
  { weight: 1, arbitrary: fc.constant({ kind: 'clear' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'start over' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'release' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'end the last line' as const }) },
);

test('what is pending is what was added since it last left, whatever memory it was in', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const outgoing = new Outgoing(wipe);
      let pending = Buffer.alloc(0);
      let lastByte = 0x0a;
      const add = (added: Uint8Array) => {
        pending = Buffer.concat([pending, added]);
        lastByte = added.at(-1) ?? lastByte;
      };
      for (const action of steps) {
        switch (action.kind) {
          case 'add': {
            const lent = action.added.slice();
            outgoing.add(lent);
            wipe(lent);
            add(action.added);
            break;
          }
          case 'clear':
            outgoing.clear();
            pending = Buffer.alloc(0);
            break;
          case 'start over':
            outgoing.startOver();
            pending = Buffer.alloc(0);
            lastByte = 0x0a;
            break;
          case 'release':
            outgoing.release();
            pending = Buffer.alloc(0);
            break;
          case 'end the last line':
            outgoing.endLastLine();
            if (lastByte !== 0x0a) add(Uint8Array.of(0x0a));
        }
        expect(pending.equals(outgoing.pending)).toBe(true);
      }
    }),
    { numRuns: 300, endOnFailure: true },
  );
});

test('memory that is grown out of, or not needed any more, is freed', () => {
  const freed: number[] = [];
  const outgoing = new Outgoing((bytes) => freed.push(bytes.length));
  for (let count = 0; count < 10; count++) outgoing.add(new Uint8Array(100_000));
  outgoing.release();
  const lengths = freed.filter((length) => length > 0);
  expect(lengths.at(-1)).toBeGreaterThanOrEqual(1_000_000);
  expect(lengths.length).toBeLessThan(6);
  outgoing.add(Uint8Array.of(1));
  expect([...outgoing.pending]).toEqual([1]);
});
