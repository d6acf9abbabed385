import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const page = fileURLToPath(new URL('../../man/mlmmj-amime-receive.8', import.meta.url));
const linters = [
  {
    name: 'mandoc',
    argv: ['-Tlint', '-Wall', page],
    known: /outdated mandoc\.db|referenced manual not found/,
  },
  { name: 'groff', argv: ['-mdoc', '-ww', '-z', '-Tutf8', page], known: /^$/ },
];

describe('the manual page', () => {
  for (const { name, argv, known } of linters) {
    const missing = spawnSync(name, ['-V']).error !== undefined;
    it.skipIf(missing)(`has nothing that ${name} complains about (package ${name})`, () => {
      const { stdout, stderr } = spawnSync(name, argv, { encoding: 'utf8' });
      const complaints = `${stdout}${stderr}`.split('\n').filter((line) => line !== '' && !known.test(line));
      expect(complaints).toEqual([]);
    });
  }

  it('says up to which size a message is kept in memory', () => {
    const host = readFileSync(new URL('../../src/host/spool.c', import.meta.url), 'utf8');
    const limit = Number(/^#define IN_MEMORY (\d+)$/m.exec(host)![1]);
    expect(readFileSync(page, 'utf8')).toContain(`A message of up to ${limit / 1024} KB is kept in memory`);
  });
});
