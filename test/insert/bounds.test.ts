import { describe, expect, it } from 'vitest';
import { Reason } from '../../src/insert/outcome.ts';
import { GROWTH_LIMIT, PLACE_LIMIT } from '../../src/insert/plan.ts';
import { planFooters } from '../helpers/insert.ts';

/** A list's owner cannot be made to send gigabytes by whoever writes a message of many small parts. */

const PAIR = { text: 'the list', html: '<p>the list</p>' };

function alternatives(count: number, part = '\nx\n'): Buffer {
  const type = 'Content-Type: multipart/alternative; boundary=b\n\n';
  return Buffer.from(`${type}${`--b\n${part}`.repeat(count)}--b--\n`);
}

describe('a message of many texts', () => {
  it('gets all its footers, up to a hundred', () => {
    const { plan, outcome } = planFooters(alternatives(PLACE_LIMIT), PAIR);
    expect(plan.operations.filter(({ bytes }) => Buffer.from(bytes).includes('the list'))).toHaveLength(100);
    expect(outcome.placed).toHaveLength(1);
  });

  it.each([PLACE_LIMIT + 1, 20_000])('gets none beyond that: %d', (count) => {
    const { plan, outcome } = planFooters(alternatives(count), PAIR);
    expect(plan.isEmpty).toBe(true);
    expect(outcome.placed).toEqual([]);
    expect(outcome.reasons).toContain(Reason.TooManyPlaces);
  });

  it('gets none where they are more than a mebibyte together', () => {
    const long = { text: 'x'.repeat(70).concat('\n').repeat(800), html: PAIR.html };
    const fitting = Math.floor(GROWTH_LIMIT / (long.text.length + 2));
    expect(planFooters(alternatives(fitting), long).plan.isEmpty).toBe(false);
    const { plan, outcome } = planFooters(alternatives(fitting + 1), long);
    expect(plan.isEmpty).toBe(true);
    expect(outcome.reasons).toContain(Reason.TooMuchGrowth);
  });
});
