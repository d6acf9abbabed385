/** A short soak. `npm run soak` is the long one: 100,000 messages, and memory that stays. */
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PROGRAMS } from './service.ts';
import { soak } from './soak.ts';

test.skipIf(!existsSync('/usr/bin/mlmmj-receive')).each(PROGRAMS)(
  '600 messages of all kinds, $name: stored is what was acknowledged (needs the Debian package mlmmj)',
  async (program) => {
    const report = await soak(program, 600);
    expect(report.differences).toEqual([]);
    expect(report.stored).toBe(report.acknowledged);
    expect(report.acknowledged).toBeGreaterThan(700);
    expect(report.descriptors.last).toBeLessThan(60);
  },
);
