import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { everyByte, firstDifferingCut, randomCuts, twoPieceCuts } from '../helpers/cuts.ts';
import { type Fixture, fixtures, withCrlf } from '../helpers/fixtures.ts';
import { DEPTH, insertFooters } from '../helpers/insert.ts';
import { judge, type MarkedPair } from '../helpers/judge.ts';
import { ALL_PAIRS, AWKWARD, JAPANESE, WESTERN } from '../helpers/pairs.ts';
import { Readers } from '../helpers/readers.ts';

let readers: Readers;
beforeAll(() => {
  readers = new Readers();
});
afterAll(() => readers.close());

const all = fixtures();

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

describe.each(all.map((fixture) => [fixture.name, fixture] as const))('%s', (_, fixture) => {
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

  it('is the same however it is cut', () => {
    for (const [lines, input] of shapes(fixture)) {
      const pair = lines === 'CRLF' ? WESTERN : JAPANESE;
      const run = (bytes: Uint8Array, cut: readonly number[]) =>
        insertFooters(bytes, pair, fixture.wishes, cut);
      const whole = run(input, []);
      const cuts = function* () {
        yield everyByte(input.length);
        yield* randomCuts(input.length, input.length, 10 * DEPTH);
        if (input.length < 700 * DEPTH) yield* twoPieceCuts(input.length);
      };
      expect(firstDifferingCut(input, whole, cuts(), run), lines).toBeUndefined();
    }
  });

  it('carries the footer once when it passes twice', () => {
    for (const [lines, input] of shapes(fixture)) {
      for (const pair of ALL_PAIRS) {
        const once = insertFooters(input, pair, fixture.wishes);
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
