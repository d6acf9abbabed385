/** A child's input and its complaints in files without names: real children, real file systems that are full. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { spawnFromFile } from '../../src/platform/nameless-file.ts';
import { platform } from '../../src/platform/node.ts';
import { ROOT } from '../helpers/programs.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'nameless-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

function shell(script: string, input: Uint8Array) {
  return spawnFromFile(['/bin/sh', '-c', script], input, platform);
}

function openFiles(): number {
  return process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0;
}

test('the child finds all of its input, and is known to have read it', async () => {
  const input = Buffer.alloc(300_000, 'line\n');
  const child = shell(`cat > ${directory}/copy`, input);
  expect(await child.exited).toEqual({ code: 0, signal: null, said: '' });
  expect(await child.tookAll()).toBe(true);
  expect(readFileSync(join(directory, 'copy')).equals(input)).toBe(true);
});

test('a child that reads half, or nothing, is known not to have read it', async () => {
  for (const script of ['head -c 10000 > /dev/null', 'true']) {
    const child = shell(script, Buffer.alloc(200_000, 'x'));
    expect((await child.exited).code).toBe(0);
    expect(await child.tookAll()).toBe(false);
  }
});

test('what a child that fails complains of is read, as far as 4 KiB', async () => {
  const said = await shell('echo first >&2; echo second >&2; exit 3', Buffer.from('x')).exited;
  expect(said).toEqual({ code: 3, signal: null, said: 'first\nsecond\n' });
  const long = await shell('yes complaint | head -c 100000 >&2; exit 1', Buffer.from('x')).exited;
  expect(long.said).toHaveLength(4096);
  const killed = await shell('echo dying >&2; kill -9 $$', Buffer.from('x')).exited;
  expect(killed).toEqual({ code: null, signal: 'SIGKILL', said: 'dying\n' });
});

test('a grandchild that goes on holding standard error is not waited for, and may go on writing', async () => {
  const mark = join(directory, 'grandchild');
  const begun = Date.now();
  await shell(`(sleep 1; echo late >&2 && touch ${mark}) & exit 0`, Buffer.from('x')).exited;
  expect(Date.now() - begun).toBeLessThan(1000);
  await expect.poll(() => readdirSync(directory), { timeout: 5000 }).toContain('grandchild');
});

test('no descriptor stays open, also where the program cannot be started', async () => {
  const before = openFiles();
  for (let count = 0; count < 20; count++) {
    const child = shell('cat > /dev/null', Buffer.from('x'));
    await child.exited;
    await child.tookAll();
    const missing = spawnFromFile(['/nowhere/program'], Buffer.from('x'), platform);
    expect((await missing.exited).failure).toMatchObject({ code: 'ENOENT' });
  }
  expect(openFiles()).toBe(before);
});

const mayMount = spawnSync('unshare', ['--mount', 'true']).status === 0;

describe.runIf(mayMount)('where a file system is full', () => {
  const handOver = join(ROOT, 'test/platform/hand-over.ts');

  /** Runs it where /dev/shm and the directory for temporary files have so many KB; returns what came of it. */
  function handedOver(memory: number, temporary: number): string {
    const counted = join(directory, 'counted');
    const script = [
      `mount -t tmpfs -o size=${memory}k none /dev/shm`,
      `mkdir -p ${directory}/tmp`,
      `mount -t tmpfs -o size=${temporary}k none ${directory}/tmp`,
      `TMPDIR=${directory}/tmp ${process.execPath} --import tsx ${handOver} ${counted}`,
    ].join(' && ');
    rmSync(counted, { force: true });
    const { stdout, stderr } = spawnSync('unshare', ['--mount', 'sh', '-c', script], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    return (existsSync(counted) ? readFileSync(counted, 'utf8') : stdout || stderr).trim();
  }

  test('memory has room', () => expect(handedOver(1000, 4)).toBe('100000'));
  test('memory is full: the disk takes it', () => expect(handedOver(4, 1000)).toBe('100000'));
  test('both are full: the error says so, and no child runs', () => expect(handedOver(4, 4)).toBe('ENOSPC'));
});
