import fc from 'fast-check';
import { expect, it } from 'vitest';
import { OperationKind } from '../../src/insert/plan.ts';
import { DEPTH, FOOTERS, textMessage } from './arbitrary-text.ts';
import { planText } from './one-text.ts';

const LONG = 60_000 * DEPTH;

const planning = fc.record({
  width: fc.integer({ min: 64, max: 300 }),
  piece: fc.integer({ min: 1, max: 300 }),
});

it(
  'the plan is the same for every width of the window, and the message is for every size of a piece',
  () => {
    fc.assert(
      fc.property(
        textMessage,
        fc.constantFrom(...FOOTERS),
        planning,
        fc.boolean(),
        (input, footer, { width, piece }, avoidsUnencoded) => {
          const whole = planText(input, footer, { avoidsUnencoded });
          const same = planText(input, footer, { width, piece, avoidsUnencoded });
          expect(same.output.toString('latin1')).toBe(whole.output.toString('latin1'));
          expect(same.plan).toEqual(whole.plan);
        },
      ),
      { numRuns: 1500 * DEPTH },
    );
  },
  LONG,
);

it(
  'undone it is the message that came; where a text is written anew, all around it',
  () => {
    fc.assert(
      fc.property(textMessage, fc.constantFrom(...FOOTERS), (input, footer) => {
        const { whole, output, plan } = planText(input, footer);
        expect(plan.placed === null).toBe(plan.reason !== 0);
        if (whole.isEmpty) {
          expect(output.equals(input)).toBe(true);
          return;
        }
        let came = 0;
        let went = 0;
        for (const { kind, start, end, length } of whole.operations) {
          if (kind !== OperationKind.Insert) expect(start).toBe(came);
          if (kind === OperationKind.Keep) {
            expect(output.subarray(went, went + length).equals(input.subarray(start, end))).toBe(true);
          }
          if (kind !== OperationKind.Insert) came = end;
          went += length;
        }
        expect([came, went]).toEqual([input.length, output.length]);
      }),
      { numRuns: 1500 * DEPTH },
    );
  },
  LONG,
);

it(
  'a second pass adds nothing, and what was 7-bit clean stays so',
  () => {
    fc.assert(
      fc.property(textMessage, fc.constantFrom(...FOOTERS), (input, footer) => {
        const { output } = planText(input, footer);
        const again = planText(output, footer);
        expect(again.output.toString('latin1')).toBe(output.toString('latin1'));
        if (isSevenBit(input)) {
          expect(output.some((byte) => byte > 0x7f)).toBe(false);
        }
      }),
      { numRuns: 1500 * DEPTH },
    );
  },
  LONG,
);

/** No 8-bit byte, and none announced: what is announced as 8bit is encoded on its way in any case. */
function isSevenBit(message: Buffer): boolean {
  return !/Encoding: (?:8bit|binary)|[\x80-\xff]/.test(message.toString('latin1'));
}
