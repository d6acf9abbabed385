/**
 * The system fails the native program in the middle of a delivery, one call at a time (strace's fault injection, with the
 * real mlmmj-receive), and one law is asked for: told that it was delivered, the mail system may forget the message, so
 * exactly one whole copy is stored; told anything else, it tries again, so none is.
 */
import { spawn } from 'node:child_process';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { lacks, MLMMJ, STRACE } from '../helpers/needs.ts';
import { demandBuild, makeSpool, PROGRAMS, post, runs, type Spool, until } from '../helpers/programs.ts';

const [EXECUTABLE] = PROGRAMS[0]!.command;
/** One that is kept in memory, and one that is not. */
const SIZES = [300_000, 1_500_000];
const FOOTER = 'The news list\n';

const missing = lacks(STRACE, MLMMJ);

let spool: Spool;
beforeAll(demandBuild);
afterEach(() => spool.remove());

interface End {
  readonly status: number | null;
  readonly stderr: string;
}

/** Delivers a message while strace does what `options` say, with the program itself and not with what it starts. */
async function deliver(size: number, options: readonly string[]): Promise<End> {
  spool = await makeSpool({ listaddress: 'news@example.org\n', footer_text: FOOTER });
  const child = spawn(
    'strace',
    ['-o', '/dev/null', ...options, EXECUTABLE, '-L', spool.directory, '-P', '--deadline', '20'],
    { env: { PATH: '/usr/bin:/bin' }, stdio: ['pipe', 'ignore', 'pipe'] },
  );
  let stderr = '';
  child.stderr.on('data', (piece) => {
    stderr += piece;
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(post(size));
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, stderr };
}

async function expectTheLaw(size: number, { status, stderr }: End): Promise<void> {
  // mlmmj-receive goes on where only we were killed.
  const copies = status === null ? await settled() : await spool.stored();
  const found = { status, stderr, stored: copies.map((copy) => copy.length) };
  expect(found).toSatisfy(({ stored }: typeof found) => {
    if (status === 0) return stderr === '' && stored.length === 1;
    if (status === null) return stored.length <= 1;
    return status === 75 && /^4\.3\.0 [^\n]{1,295}\n$/.test(stderr) && stored.length === 0;
  });
  const whole = Buffer.concat([post(size), Buffer.from(FOOTER)]);
  const asItCame = post(size);
  for (const copy of copies) expect(copy.equals(whole) || copy.equals(asItCame)).toBe(true);
}

/** What is stored once nothing is at work for the list any more. */
async function settled(): Promise<Buffer[]> {
  await until(() => (runs(spool.directory) ? undefined : true));
  return spool.stored();
}

describe.skipIf(missing)(`a fault in the system${missing}`, () => {
  const each = (call: string, faults: readonly string[], counts: readonly number[]) =>
    counts.flatMap((when) => faults.map((fault) => `${call}:${fault}:when=${when}`));
  const faults = [
    ...each('read', ['error=EIO', 'signal=SIGTERM', 'signal=SIGKILL'], [1, 3]),
    ...each('memfd_create', ['error=ENOSYS', 'error=EMFILE', 'signal=SIGKILL'], [1, 2]),
    ...each('write', ['error=ENOSPC', 'error=EIO', 'signal=SIGTERM', 'signal=SIGKILL'], [1, 2]),
    ...each('openat', ['error=EMFILE', 'error=EACCES'], [1, 2, 4]),
    ...each('pread64', ['error=EIO', 'retval=0'], [1, 2]),
    ...each('copy_file_range', ['error=EXDEV', 'error=EIO', 'retval=0'], [1, 2]),
    ...each('fstat', ['error=EIO'], [1]),
    ...each('lseek', ['error=EIO'], [1, 2]),
    ...each('mmap', ['error=ENOMEM'], [1, 2, 3]),
    ...each('vfork', ['error=EAGAIN', 'signal=SIGTERM', 'signal=SIGKILL'], [1]),
    ...each('wait4', ['signal=SIGTERM', 'signal=SIGKILL'], [1, 2]),
  ];
  describe.each(SIZES)('with a message of %i bytes', (size) => {
    test.each(faults)('%s', async (fault) => {
      await expectTheLaw(size, await deliver(size, ['-e', `inject=${fault}`]));
    });
  });
});
