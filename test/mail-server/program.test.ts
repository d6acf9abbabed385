import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { identifyProgram } from '../../src/mail-server/program.ts';
import { lacks, ROOT_USER } from '../helpers/needs.ts';
import { demandBuild, PROGRAMS, ROOT } from '../helpers/programs.ts';
import { PREDECESSOR } from '../install/private-postfix.ts';

function program(text: string, mode = 0o755): string {
  const directory = mkdtempSync(join(tmpdir(), 'amime-program-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  chmodSync(directory, 0o755);
  const path = join(directory, 'mlmmj-amime-receive');
  writeFileSync(path, text, { mode });
  return path;
}

describe('what has our name', () => {
  beforeAll(demandBuild);

  test('is us, native and on Node', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const [native, script] = PROGRAMS.map(({ command }) => command.at(-1)!);
    expect(await identifyProgram(native!)).toEqual({ kind: 'ours', version });
    const onNode = program(`#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`);
    expect(await identifyProgram(onNode)).toEqual({ kind: 'ours', version });
  });

  test('is the shell script, which is not even run', async () => {
    const marker = join(tmpdir(), `amime-was-run-${process.pid}`);
    expect(await identifyProgram(program(`${PREDECESSOR}touch ${marker}\n`))).toEqual({ kind: 'script' });
    expect(() => rmSync(marker)).toThrow('ENOENT');
  });

  test.each([
    ['says nothing', '#!/bin/sh\nexit 75\n'],
    ['says something else', '#!/bin/sh\necho altogether another 1.0\n'],
    ['is of no kind that runs', 'text\n'],
    ['waits for a message', '#!/bin/sh\ncat\n'],
  ])('is something that %s', async (_, text) => {
    expect(await identifyProgram(program(text))).toEqual({ kind: 'foreign' });
  });

  test('is missing', async () => {
    expect(await identifyProgram('/nowhere/mlmmj-amime-receive')).toEqual({ kind: 'missing' });
    expect(await identifyProgram('/etc/passwd/mlmmj-amime-receive')).toEqual({ kind: 'missing' });
  });

  const noRoot = lacks(ROOT_USER);
  test.skipIf(noRoot)(`is run by root as its owner${noRoot}`, async () => {
    const path = program('#!/bin/sh\necho "mlmmj-amime-receive 1.$(id -u)"\n', 0o550);
    chownSync(path, 1, 1);
    expect(await identifyProgram(path)).toEqual({ kind: 'ours', version: '1.1' });
  });
});
