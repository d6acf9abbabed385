/** The release archive: its C builds with cc and make alone, and is what its TypeScript gives. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMPILER, GIT_CHECKOUT, lacks } from '../helpers/needs.ts';
import { ROOT } from '../helpers/programs.ts';

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
const NAME = `mlmmj-amime-receive-${version}`;
const missing = lacks(COMPILER, GIT_CHECKOUT);

let place: string;
let unpacked: string;
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'amime-archive-'));
  unpacked = join(place, NAME);
});
afterAll(() => rmSync(place, { recursive: true }));

/** A PATH with nothing in it but what a host without Node has. */
function pathWithout(): string {
  const bin = join(place, 'bin');
  mkdirSync(bin);
  for (const tool of [
    'cc',
    'as',
    'ld',
    'make',
    'sh',
    'printf',
    'echo',
    'rm',
    'install',
    'mkdir',
    'id',
    'head',
    'grep',
    'dirname',
    'readlink',
    'mktemp',
  ]) {
    const found = spawnSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).stdout.trim();
    if (found.startsWith('/')) symlinkSync(found, join(bin, tool));
  }
  return bin;
}

describe.skipIf(missing)(`the release archive${missing}`, () => {
  test('builds with cc and make, and is installed', { timeout: 300_000 }, () => {
    execFileSync('make', ['-s', 'dist-c'], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
    execFileSync('tar', ['-xzf', join(ROOT, `dist/release/${NAME}.tar.gz`), '-C', place]);
    const env = { PATH: pathWithout() };
    const target = join(place, 'root');
    for (const goal of ['all', 'install']) {
      const made = spawnSync('make', ['-s', '-C', unpacked, goal, `DESTDIR=${target}`], {
        env,
        encoding: 'utf8',
      });
      expect(made).toMatchObject({ status: 0, stderr: '' });
    }
    const program = join(target, 'usr/local/bin/mlmmj-amime-receive');
    expect(spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout).toBe(
      `mlmmj-amime-receive ${version}\n`,
    );
    for (const file of ['man/man8/mlmmj-amime-receive.8', 'doc/mlmmj-amime-receive/tools-licenses.txt'])
      expect(existsSync(join(target, 'usr/local/share', file)), file).toBe(true);
    // The commands are there for where there is Node.
    const asks = (PATH: string) =>
      spawnSync(program, ['preview', '--help'], { env: { PATH }, encoding: 'utf8' });
    expect(asks(`${dirname(process.execPath)}:/bin:/usr/bin`).stdout).toContain(
      'Usage: mlmmj-amime-receive preview',
    );
    const without = asks(join(place, 'bin'));
    expect(without).toMatchObject({ status: 69, stdout: '' });
    expect(without.stderr).toMatch(/^mlmmj-amime-receive: the commands need Node 20 or newer, .*\n$/);
    const gone = spawnSync('make', ['-s', '-C', unpacked, 'uninstall', `DESTDIR=${target}`], {
      env,
      encoding: 'utf8',
    });
    expect(gone).toMatchObject({ status: 0, stderr: '' });
    expect(
      readdirSync(target, { recursive: true, withFileTypes: true }).filter((file) => file.isFile()),
    ).toEqual([]);
  });

  test('its C is what its TypeScript gives', { timeout: 300_000 }, () => {
    symlinkSync(join(ROOT, 'node_modules'), join(unpacked, 'node_modules'));
    execFileSync('make', ['-s', '-f', 'development.mk', 'dist/native/core.c'], {
      cwd: unpacked,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    for (const file of ['core.c', 'core.h', 'image.c']) {
      const given = readFileSync(join(unpacked, 'native', file));
      expect(readFileSync(join(unpacked, 'dist/native', file)).equals(given), file).toBe(true);
    }
  });
});
