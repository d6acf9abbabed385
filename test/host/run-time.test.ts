/** The run-time of the C that wasm2c makes, by itself, as all systems have it and as Linux has it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../helpers/programs.ts';
import { noCompiler } from './faulty-host.ts';

const HOST = join(ROOT, 'src/host');

function build(target: string, flags: readonly string[]): void {
  const warnings = ['-std=c11', '-Wall', '-Wextra', '-Werror', '-D_GNU_SOURCE'];
  const sources = [join(ROOT, 'test/host/run-time-test.c'), join(HOST, 'wasm-rt.c')];
  execFileSync('cc', [...warnings, ...flags, `-I${HOST}`, ...sources, '-o', target]);
}

describe.skipIf(noCompiler)(`the run-time of the native program${noCompiler}`, () => {
  test.each([
    ['as it is', ['-O2']],
    ['with POSIX alone', ['-O1', '-DPOSIX_ONLY']],
    [
      'with undefined behaviour trapped',
      ['-O1', '-fsanitize=undefined', '-fsanitize-undefined-trap-on-error'],
    ],
  ])('%s', (_, flags) => {
    const directory = mkdtempSync(join(tmpdir(), 'amime-run-time-'));
    try {
      const program = join(directory, 'test');
      build(program, flags);
      expect(spawnSync(program, { encoding: 'utf8' })).toMatchObject({ status: 0, stdout: 'all is right\n' });
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test('a machine that keeps its numbers the other way round is refused when it is compiled', () => {
    const big = ['-U__BYTE_ORDER__', '-D__BYTE_ORDER__=__ORDER_BIG_ENDIAN__'];
    const source = join(HOST, 'wasm-rt.c');
    const { status, stderr } = spawnSync('cc', ['-fsyntax-only', ...big, source], { encoding: 'utf8' });
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/little-endian/);
  });
});
