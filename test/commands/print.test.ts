/** What a command prints is printed whole, also where its reader is slower than it: only a process of its own shows that. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { demandBuild, PROGRAMS } from '../helpers/programs.ts';

test.each(PROGRAMS)('more than a pipe holds: $name', ({ command }) => {
  demandBuild();
  const spool = mkdtempSync(join(tmpdir(), 'amime-print-'));
  onTestFinished(() => rmSync(spool, { recursive: true }));
  for (let list = 0; list < 300; list++) mkdirSync(join(spool, `${list}`, 'control'), { recursive: true });
  const check = [...command, 'check', '--json', '--all', spool, '--postfix-config', '/nonexistent'];
  const { stdout } = execaSync('sh', ['-c', '"$@" | { sleep 0.5; cat; }', 'sh', ...check]);
  expect(stdout.length).toBeGreaterThan(100_000);
  expect(JSON.parse(stdout).findings.length).toBeGreaterThan(300);
  const cut = execaSync('sh', ['-c', '"$@" | head -n 1', 'sh', ...check]);
  expect(cut).toMatchObject({ stdout: '{', stderr: '' });
});
