import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { COLLECT_LIMIT } from '../../src/transport/destination.ts';

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

  it('says from which size on a message is streamed, as docs/serve.md does', () => {
    const size = `${COLLECT_LIMIT / 1024} KB`;
    expect(readFileSync(page, 'utf8')).toContain(`A message of more than ${size} is streamed`);
    const serve = new URL('../../docs/serve.md', import.meta.url);
    expect(readFileSync(serve, 'utf8')).toContain(`Messages up to ${size} are collected`);
  });
});
