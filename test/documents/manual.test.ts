import { spawnSync } from 'node:child_process';
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
});
