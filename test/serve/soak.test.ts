/** A short soak. `npm run soak` is the long one: 100,000 messages, and memory that stays. */
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PROGRAMS } from './service.ts';
import { middling, soak } from './soak.ts';

/** Milliseconds: a thousand processes, on a machine that may have other work. */
const TIME = 300_000;

test.skipIf(!existsSync('/usr/bin/mlmmj-receive')).each(PROGRAMS)(
  '600 messages of all kinds, $name: stored is what was acknowledged (needs the Debian package mlmmj)',
  async (program) => {
    const report = await soak(program, 600);
    expect(report.differences).toEqual([]);
    expect(report.stored).toBe(report.acknowledged);
    expect(report.acknowledged).toBeGreaterThan(700);
    expect(report.descriptors.last).toBeLessThan(60);
  },
  TIME,
);

test.skipIf(!existsSync('/usr/bin/mlmmj-receive')).each(PROGRAMS)(
  '300 messages of 18 to 220 KB, $name: no list gets a byte of what another one got (needs the Debian package mlmmj)',
  async (program) => {
    const report = await soak(program, 300, undefined, middling());
    expect(report.differences).toEqual([]);
    expect(report.stored).toBe(report.acknowledged);
    expect(report.acknowledged).toBeGreaterThan(350);
  },
  TIME,
);
