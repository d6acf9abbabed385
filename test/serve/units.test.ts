/** The files that people copy: they name options that exist, and systemd and the shells take them. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseServeArguments } from '../../src/serve/options.ts';
import { ROOT } from '../helpers/programs.ts';

const SHELL_FILES = [
  'contrib/openrc/mlmmj-amime',
  'contrib/rc.d/mlmmj_amime.freebsd',
  'contrib/rc.d/mlmmj_amime.openbsd',
  'contrib/docker/new-list',
  'contrib/docker/maintain',
  'contrib/docker/start-postfix',
];
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const analyze = '/usr/bin/systemd-analyze';

test.each(SHELL_FILES)('%s is a shell script', (path) => {
  const { status, stderr } = spawnSync('sh', ['-n', join(ROOT, path)], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});

test.each([
  ['the unit', /ExecStart=\S+ serve (.*)/.exec(read('systemd/mlmmj-amime.service'))![1]!],
  ['OpenBSD', /daemon_flags="serve (.*)"/.exec(read('contrib/rc.d/mlmmj_amime.openbsd'))![1]!],
  [
    'FreeBSD',
    `--lists /var/spool/mlmmj ${/mlmmj_amime_flags="(--.*)"/.exec(read('contrib/rc.d/mlmmj_amime.freebsd'))![1]!}`,
  ],
  [
    'the container',
    [
      ...(
        JSON.parse(/^ENTRYPOINT (.*)$/m.exec(read('contrib/docker/Dockerfile.lists'))![1]!) as string[]
      ).slice(2),
      ...(JSON.parse(/^ {4}command: (\[.*\])$/m.exec(read('contrib/docker/compose.yaml'))![1]!) as string[]),
    ].join(' '),
  ],
])('%s calls the service with arguments that it takes', (_, line) => {
  expect(parseServeArguments(line.split(' ')).kind).toBe('serve');
});

test.skipIf(!existsSync(analyze))(
  'systemd takes the units, and the sandbox is tight (needs systemd-analyze)',
  () => {
    const directory = mkdtempSync(join(tmpdir(), 'amime-units-'));
    try {
      const unit = join(directory, 'mlmmj-amime.service');
      // Neither the program nor its manual page need be installed here.
      const text = read('systemd/mlmmj-amime.service').replace('/usr/bin/mlmmj-amime-receive', '/bin/true');
      writeFileSync(unit, text.replace(/^Documentation=.*$/m, ''));
      writeFileSync(join(directory, 'mlmmj-amime.socket'), read('systemd/mlmmj-amime.socket'));
      const verified = spawnSync(analyze, ['verify', unit, join(directory, 'mlmmj-amime.socket')], {
        encoding: 'utf8',
      });
      expect(verified.stderr).not.toMatch(/mlmmj-amime/);
      const security = spawnSync(analyze, ['security', '--offline=yes', '--threshold=20', unit], {
        encoding: 'utf8',
      });
      expect(security.stdout).toMatch(/Overall exposure level for mlmmj-amime\.service: [01]\.[0-9] OK/);
    } finally {
      rmSync(directory, { recursive: true });
    }
  },
);
