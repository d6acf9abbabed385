import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fixture, fixtures, withCrlf } from '../helpers/fixtures.ts';
import { carryOut, DEPTH, insertFooters, planFooters, undo } from '../helpers/insert.ts';
import { judge, type MarkedPair, withLastNewline } from '../helpers/judge.ts';
import { ALL_PAIRS, AWKWARD, JAPANESE, WESTERN } from '../helpers/pairs.ts';
import { Readers } from '../helpers/readers.ts';

let readers: Readers;
beforeAll(() => {
  readers = new Readers();
});
afterAll(() => readers.close());

const WIDTHS = [64, 97, 1024, 262_144];

/** In LF as pipe(8) writes it, and in CRLF as LMTP brings it. */
function shapes({ bytes }: Fixture): [lines: string, bytes: Buffer][] {
  const crlf = withCrlf(bytes);
  return crlf === undefined
    ? [['as it is', bytes]]
    : [
        ['LF', bytes],
        ['CRLF', crlf],
      ];
}

describe.each(fixtures().map((fixture) => [fixture.name, fixture] as const))('%s', (_, fixture) => {
  it.each(ALL_PAIRS.map((pair) => [pair.name, pair] as const))(
    'carries the %s footer as it should',
    async (_, pair) => {
      for (const [lines, input] of shapes(fixture)) {
        // The line ending is one question, the footer another: two footers ask both.
        if (lines === 'CRLF' && DEPTH === 1 && pair !== WESTERN && pair !== AWKWARD) continue;
        const output = insertFooters(input, pair, fixture.wishes);
        const faults = await judge(input, output, pair, fixture.expectation, readers);
        expect(faults, report(lines, pair, fixture, output)).toEqual([]);
      }
    },
  );

  it('has the same plan through any window, and the plan can be undone', () => {
    for (const [lines, input] of shapes(fixture)) {
      for (const pair of [WESTERN, JAPANESE]) {
        const { plan } = planFooters(input, pair, fixture.wishes);
        const output = carryOut(input, plan);
        expect(plan.isEmpty || plan.length === output.length, lines).toBe(true);
        const before = undo(input, output, plan);
        if (before !== undefined) expect(before.equals(input), lines).toBe(true);
        for (const width of WIDTHS) {
          const other = planFooters(input, pair, fixture.wishes, width).plan;
          expect(other, `${lines}, window of ${width}`).toEqual(plan);
          expect(carryOut(input, other, width).equals(output), `${lines}, pieces of ${width}`).toBe(true);
        }
      }
    }
  });

  it('carries the footer once when it passes twice', () => {
    for (const [lines, input] of shapes(fixture)) {
      for (const pair of ALL_PAIRS) {
        const once = withLastNewline(insertFooters(input, pair, fixture.wishes), input);
        const twice = insertFooters(once, pair, fixture.wishes);
        expect(twice.toString('latin1'), `${lines}, ${pair.name}`).toBe(once.toString('latin1'));
      }
    }
  });
});

function report(lines: string, pair: MarkedPair, fixture: Fixture, output: Buffer): string {
  const shown = output.toString('latin1');
  return `${fixture.name}, ${lines}, ${pair.name} footer: ${fixture.expectation.why}\n${shown.slice(0, 3000)}`;
}
