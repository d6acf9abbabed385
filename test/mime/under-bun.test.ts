/** The executable's runtime has native code that this one lacks, so what uses it is tested there as well. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { findBun } from '../../scripts/find-bun.ts';
import { ROOT } from '../helpers/programs.ts';

test('base64, under Bun', () => {
  const { status, stderr } = spawnSync(findBun(ROOT), ['test', 'test/mime/base64.test.ts'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  expect(stderr).toMatch(/^ *[1-9][0-9]* pass$/m);
  expect(stderr).toMatch(/^ *0 fail$/m);
});
