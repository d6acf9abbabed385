/** A child's input and its complaints in files without names: real children, real file systems that are full. */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SpareFiles, spawnFromFile } from '../../src/platform/nameless-file.ts';
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

test('a child that has ended well has ended well, also where it cannot be seen how far it came', async () => {
  const before = openFiles();
  const exited = Promise.resolve({ code: 0, signal: null, said: '' });
  const child = spawnFromFile(['/bin/true'], Buffer.from('x'), {
    spawnReading(_, input, words) {
      closeSync(input);
      closeSync(words);
      return { pid: 0, kill: () => undefined, exited };
    },
  });
  expect(await child.exited).toEqual({ code: 0, signal: null, said: '' });
  expect(await child.tookAll()).toBeUndefined();
  expect(openFiles()).toBe(before);
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

describe('files that are used again', () => {
  test('each child finds its own input and nothing of those before it', async () => {
    const spare = new SpareFiles();
    const before = openFiles();
    const copy = join(directory, 'own');
    // Longer and shorter ones in turn, one of them empty.
    for (const [round, length] of [70_000, 300_000, 5, 0, 4096, 4095, 300_001, 1].entries()) {
      const input = Buffer.alloc(length, `${round}`);
      const child = spawnFromFile(['/bin/sh', '-c', `cat > ${copy}`], input, platform, spare);
      expect((await child.exited).code).toBe(0);
      expect(await child.tookAll()).toBe(true);
      expect(readFileSync(copy).equals(input)).toBe(true);
    }
    if (process.platform === 'linux') expect(openFiles()).toBe(before + 1);
    spare.drop();
    expect(openFiles()).toBe(before);
  });

  test('many at once', async () => {
    const spare = new SpareFiles();
    const before = openFiles();
    await Promise.all(
      Array.from({ length: 60 }, async (_, at) => {
        for (let round = 0; round < 3; round++) {
          const copy = join(directory, `many-${at}`);
          const input = Buffer.alloc(1 + ((at * 7919 + round * 104_729) % 150_000), `${at}.${round}.`);
          await spawnFromFile(['/bin/sh', '-c', `cat > ${copy}`], input, platform, spare).exited;
          expect(readFileSync(copy).equals(input)).toBe(true);
        }
      }),
    );
    spare.drop();
    expect(openFiles()).toBe(before);
  });

  test('that of a child which failed, or left some of its input unread, is not', async () => {
    const spare = new SpareFiles();
    const before = openFiles();
    const input = Buffer.alloc(200_000, 'x');
    for (const [name, script] of [
      ['unread', 'exit 0'],
      ['failed', 'head -c 200000 >/dev/null; exit 1'],
    ] as const) {
      const later = join(directory, `later-${name}`);
      // What the child leaves running has its input open, and reads it when others have long had theirs.
      const left = `exec 3<&0; (sleep 0.5; cat /proc/self/fd/3 > ${later}.part; mv ${later}.part ${later}) & ${script}`;
      await spawnFromFile(['/bin/sh', '-c', left], input, platform, spare).exited;
      const next = ['/bin/sh', '-c', 'cat >/dev/null'] as const;
      for (let round = 0; round < 3; round++) {
        await spawnFromFile(next, Buffer.alloc(150_000, 'y'), platform, spare).exited;
      }
      await expect.poll(() => existsSync(later), { timeout: 5000 }).toBe(true);
      expect(readFileSync(later).includes('y')).toBe(false);
    }
    const missing = spawnFromFile(['/nowhere/program'], input, platform, spare);
    expect((await missing.exited).failure).toMatchObject({ code: 'ENOENT' });
    spare.drop();
    expect(openFiles()).toBe(before);
  });
});

const mayMount = spawnSync('unshare', ['--mount', 'true']).status === 0;

describe.runIf(mayMount)('where a file system is full', () => {
  const handOver = join(ROOT, 'test/platform/hand-over.ts');

  /** Runs it where /dev/shm and the directory for temporary files have so many KB; returns what came of it. */
  function handedOver(memory: number, temporary: number, again = '', before = 'true'): string {
    const counted = join(directory, 'counted');
    const script = [
      before,
      `mount -t tmpfs -o size=${memory}k none /dev/shm`,
      `mkdir -p ${directory}/tmp`,
      `mount -t tmpfs -o size=${temporary}k none ${directory}/tmp`,
      `TMPDIR=${directory}/tmp ${process.execPath} --import tsx ${handOver} ${counted} ${again}`,
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
  test.each([
    ['memory is full when a file is used again: the disk takes it', 60, 1000, '100000'],
    ['both are full when a file is used again: the error says so', 60, 60, 'ENOSPC'],
  ])('%s', (_, memory, temporary, outcome) => {
    expect(handedOver(memory, temporary, 'again')).toBe(outcome);
  });
  test('files cannot be opened a second time', () => {
    expect(handedOver(1000, 4, 'again', 'mount -t tmpfs none /proc')).toBe('100000');
  });
});
