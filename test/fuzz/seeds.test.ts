/** The laws that the fuzzer tries (plan.c) for the messages that it starts from, and for those that once broke one. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { COMPILER, lacks } from '../helpers/needs.ts';
import { ROOT } from '../helpers/programs.ts';

const noCompiler = lacks(COMPILER);

/** The shared code is compiled to C once more, without its optimizations. */
const BUILD_TIME = 600_000;

it.skipIf(noCompiler)(
  `every seed is planned within the laws${noCompiler}`,
  () => {
    const seeds = readdirSync(join(ROOT, 'test/fuzz/seeds'));
    const { status, stdout, stderr } = spawnSync('make', ['-s', 'fuzz-seeds'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
    expect(stdout).toContain(`${seeds.length} messages\n`);
  },
  BUILD_TIME,
);
