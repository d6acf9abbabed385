import { expect, test } from 'vitest';
import { lacks, MLMMJ } from '../helpers/needs.ts';
import { PROGRAMS } from './service.ts';
import { middling, soak } from './soak.ts';

const noMlmmj = lacks(MLMMJ);

/** Milliseconds: a thousand processes, on a machine that may have other work. */
const TIME = 300_000;

test.skipIf(noMlmmj).each(PROGRAMS)(
  `300 messages of all kinds, $name: stored is what was acknowledged${noMlmmj}`,
  async (program) => {
    const report = await soak(program, 300);
    expect(report.differences).toEqual([]);
    expect(report.stored).toBe(report.acknowledged);
    expect(report.acknowledged).toBeGreaterThan(350);
    expect(report.descriptors.last).toBeLessThan(60);
  },
  TIME,
);

test.skipIf(noMlmmj).each(PROGRAMS)(
  `150 messages of 18 to 220 KB, $name: no list gets a byte of what another one got${noMlmmj}`,
  async (program) => {
    const report = await soak(program, 150, undefined, middling());
    expect(report.differences).toEqual([]);
    expect(report.stored).toBe(report.acknowledged);
    expect(report.acknowledged).toBeGreaterThan(175);
  },
  TIME,
);
