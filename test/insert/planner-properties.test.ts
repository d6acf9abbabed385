import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brokenMessage, soup, wellFormedMessage, wishes } from '../helpers/arbitrary-message.ts';
import { NOTHING } from '../helpers/expectation.ts';
import { carryOut, DEPTH, insertFooters, planFooters, undo } from '../helpers/insert.ts';
import { judge } from '../helpers/judge.ts';
import { ALL_PAIRS, JAPANESE } from '../helpers/pairs.ts';
import { Readers } from '../helpers/readers.ts';

let readers: Readers;
beforeAll(() => {
  readers = new Readers();
});
afterAll(() => readers.close());

const pairs = () => fc.constantFrom(...ALL_PAIRS);
const widths = () => fc.integer({ min: 64, max: 300 });

describe.each([
  [
    'any well-formed message',
    'carries the footer where its tree says, and is otherwise what it was',
    wellFormedMessage,
  ],
  ['any broken message', 'loses nothing but gains footers', brokenMessage],
] as const)('%s', (_, stands, arbitrary) => {
  it(stands, async () => {
    await fc.assert(
      fc.asyncProperty(arbitrary(), pairs(), async (message, pair) => {
        const output = insertFooters(message.bytes, pair, message.wishes);
        const faults = await judge(message.bytes, output, pair, message.expectation, readers);
        expect(faults, output.toString('latin1')).toEqual([]);
      }),
      { numRuns: 800 * DEPTH },
    );
  });

  it('has the same plan through any window', () => {
    fc.assert(
      fc.property(arbitrary(), pairs(), widths(), (message, pair, width) => {
        const { plan } = planFooters(message.bytes, pair, message.wishes);
        expect(planFooters(message.bytes, pair, message.wishes, width).plan).toEqual(plan);
      }),
      { numRuns: 500 * DEPTH },
    );
  });
});

describe('any well-formed message', () => {
  it('carries the footer once when it passes twice', () => {
    fc.assert(
      fc.property(wellFormedMessage(), pairs(), (message, pair) => {
        const once = insertFooters(message.bytes, pair, message.wishes);
        expect(insertFooters(once, pair, message.wishes).toString('latin1')).toBe(once.toString('latin1'));
      }),
      { numRuns: 300 * DEPTH },
    );
  });
});

describe('any soup of bytes', () => {
  it('loses nothing but gains footers', async () => {
    await fc.assert(
      fc.asyncProperty(soup(), pairs(), wishes(), async (bytes, pair, wish) => {
        const output = insertFooters(bytes, pair, wish);
        const faults = await judge(bytes, output, pair, { ...NOTHING, why: 'soup', loose: true }, readers);
        expect(faults, `${bytes.toString('latin1')}\n=> ${output.toString('latin1')}`).toEqual([]);
      }),
      { numRuns: 1500 * DEPTH },
    );
  });

  it('comes back when the plan is undone, whatever the window and the pieces', () => {
    fc.assert(
      fc.property(soup(), wishes(), widths(), (bytes, wish, width) => {
        const { plan } = planFooters(bytes, JAPANESE, wish);
        expect(planFooters(bytes, JAPANESE, wish, width).plan).toEqual(plan);
        const output = carryOut(bytes, plan);
        expect(carryOut(bytes, plan, width).equals(output)).toBe(true);
        expect(undo(bytes, output, plan)?.equals(bytes) ?? true).toBe(true);
      }),
      { numRuns: 1500 * DEPTH },
    );
  });
});
