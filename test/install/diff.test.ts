import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unifiedDiff } from '../../src/install/diff.ts';
import { lacks, program } from '../helpers/needs.ts';

test('is empty for equal texts', () => {
  expect(unifiedDiff('/f', 'a\nb\n', 'a\nb\n')).toBe('');
});

test('shows new and removed files against /dev/null', () => {
  expect(unifiedDiff('/f', undefined, 'a\nb\n')).toBe('--- /dev/null\n+++ /f\n@@ -0,0 +1,2 @@\n+a\n+b\n');
  expect(unifiedDiff('/f', 'a\n', undefined)).toBe('--- /f\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n');
});

const noPatch = lacks(program('patch'));

test.skipIf(noPatch)(`patch(1) makes the second text of the first with it${noPatch}`, () => {
  const directory = mkdtempSync(join(tmpdir(), 'mlmmj-amime-diff-'));
  const file = join(directory, 'file');
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', '', '+x', '- y', '@@'), { maxLength: 30 });
  const text = (all: string[]) => all.map((line) => `${line}\n`).join('');
  try {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const diff = unifiedDiff(file, text(before), text(after));
        writeFileSync(file, text(before));
        if (diff !== '') execaSync('patch', ['--silent', '--posix', file], { input: diff });
        expect(before.length > 0 && after.length === 0 ? '' : readFileSync(file, 'utf8')).toBe(text(after));
      }),
      { numRuns: 60 },
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
