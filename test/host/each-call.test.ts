/**
 * Every call that the native program makes of the system is made to fail, one at a time and in several ways, and the program
 * is killed at each. Told that it was delivered, the mail system forgets the message: exactly one whole copy is stored then.
 * Told anything else it tries again: none is.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { lacks, MLMMJ, STRACE } from '../helpers/needs.ts';
import { makeSpool, PROGRAMS, post, runs, type Spool, until } from '../helpers/programs.ts';

const missing = lacks(STRACE, MLMMJ);
const [EXECUTABLE] = PROGRAMS[0]!.command;
const FOOTER = 'The news list\n';

/** The C library's first steps cannot fail on a machine that runs; where they do, it ends the process in its own way. */
const NOT_OURS = ['execve', 'exit_group', 'rt_sigreturn', 'arch_prctl', 'mprotect'];

/** Ways in which any call may fail; some others where they mean more. */
const FAULTS = ['error=EIO', 'error=EINTR', 'signal=SIGTERM', 'signal=SIGKILL'];
const MORE_FAULTS: Readonly<Record<string, readonly string[]>> = {
  openat: ['error=EMFILE', 'error=EACCES', 'error=ENOSPC'],
  memfd_create: ['error=ENOSYS', 'error=EACCES', 'error=EINVAL', 'error=EMFILE'],
  write: ['error=ENOSPC', 'error=EDQUOT', 'error=EFBIG', 'error=EAGAIN', 'error=EPIPE', 'retval=1'],
  read: ['error=EAGAIN', 'error=EISDIR'],
  copy_file_range: ['error=ENOSYS', 'error=EXDEV', 'error=ENOSPC', 'retval=0'],
  vfork: ['error=EAGAIN', 'error=ENOSYS'],
  mmap: ['error=EPERM'],
  mremap: ['error=EFAULT'],
};

let directory: string;
let spool: Spool;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'amime-calls-'));
});
afterAll(() => rmSync(directory, { recursive: true }));
afterEach(() => spool.remove());

interface End {
  readonly status: number | null;
  readonly output: string;
  readonly error: string;
}

async function deliver(message: Buffer, options: readonly string[]): Promise<End> {
  const args = [...options, EXECUTABLE, '-L', spool.directory, '-P', '--deadline', '20'];
  const child = spawn('strace', args, { env: { PATH: '/usr/bin:/bin' }, stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  let error = '';
  child.stdout.on('data', (piece) => {
    output += piece;
  });
  child.stderr.on('data', (piece) => {
    error += piece;
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(message);
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, output, error };
}

/** How often the program makes each call. */
async function callsFor(message: Buffer): Promise<ReadonlyMap<string, number>> {
  const trace = join(directory, 'trace');
  spool = await makeSpool({ footer_text: FOOTER });
  await deliver(message, ['-o', trace]);
  await spool.remove();
  const counts = new Map<string, number>();
  for (const [, call = ''] of readFileSync(trace, 'utf8').matchAll(/^(\w+)\(/gm)) {
    counts.set(call, (counts.get(call) ?? 0) + 1);
  }
  for (const call of NOT_OURS) counts.delete(call);
  return counts;
}

async function expectTheLaw(message: Buffer, fault: string): Promise<void> {
  spool = await makeSpool({ footer_text: FOOTER });
  const { status, output, error } = await deliver(message, ['-o', '/dev/null', '-e', `inject=${fault}`]);
  // mlmmj-receive goes on where only we were killed.
  await until(() => (runs(spool.directory) ? undefined : true));
  const copies = await spool.stored();
  const whole = Buffer.concat([message, Buffer.from(FOOTER)]);
  for (const copy of copies) {
    expect(copy.equals(whole) || (copy.equals(message) && output.startsWith('no footer: ')), fault).toBe(
      true,
    );
  }
  const found = { fault, status, output, error, stored: copies.length };
  if (status === 0) expect(found, fault).toMatchObject({ stored: 1 });
  else if (status === null) expect(found.stored, fault).toBeLessThanOrEqual(1);
  else {
    expect(found, fault).toMatchObject({ status: 75, stored: 0, output: '' });
    // Where it is the line that cannot be written, there is none.
    if (!fault.startsWith('write')) expect(error, fault).toMatch(/^4\.3\.0 [^\n]{1,295}\n$/);
  }
  await spool.remove();
}

describe.skipIf(missing)(`each system call${missing}`, () => {
  test.each([
    ['kept in memory', post(3000)],
    ['not kept in memory', post(600_000)],
  ])(
    'a message that is %s',
    async (_, message) => {
      const calls = await callsFor(message);
      expect([...calls.keys()]).toEqual(
        expect.arrayContaining(['read', 'write', 'memfd_create', 'vfork', 'wait4']),
      );
      for (const [call, count] of calls) {
        // The same again and again: the first, and the last.
        const turns = [...Array(count).keys()]
          .map((turn) => turn + 1)
          .filter((turn) => turn <= 3 || turn === count);
        for (const fault of [...FAULTS, ...(MORE_FAULTS[call] ?? [])]) {
          for (const turn of turns) await expectTheLaw(message, `${call}:${fault}:when=${turn}`);
        }
      }
      spool = await makeSpool();
    },
    600_000,
  );
});
