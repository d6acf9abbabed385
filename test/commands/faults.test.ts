/**
 * The system fails the executable in the middle of a delivery, one call at a time (strace's fault injection, with the
 * real mlmmj-receive), and one law is asked for: told that it was delivered, the mail system may forget the message, so
 * exactly one whole copy is stored; told anything else, it tries again, so none is.
 */
import { spawn, spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  demandBuild,
  MLMMJ_RECEIVE,
  makeSpool,
  PROGRAMS,
  post,
  type Spool,
  until,
} from '../helpers/programs.ts';

const [EXECUTABLE] = PROGRAMS[0]!.command;
/** One that is handed over whole, larger than a socket's buffer; and one that is streamed. */
const SIZES = [300_000, 1_500_000];
const FOOTER = 'The news list\n';

const mayTrace = spawnSync('strace', ['-f', '-o', '/dev/null', 'true']).status === 0;
const reason = mayTrace ? 'mlmmj-receive is not installed' : 'strace is not there, or may not trace';

let spool: Spool;
beforeAll(demandBuild);
afterEach(() => spool.remove());

interface End {
  readonly status: number | null;
  readonly stderr: string;
}

/** Delivers a message while strace does what `options` say: of each system call, it counts those of one thread. */
async function deliver(size: number, options: readonly string[]): Promise<End> {
  spool = await makeSpool({ listaddress: 'news@example.org\n', footer_text: FOOTER });
  const child = spawn(
    'strace',
    ['-f', '-o', '/dev/null', ...options, EXECUTABLE, '-L', spool.directory, '-P', '--deadline', '20'],
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
  const copies = await storedInTheEnd();
  const whole = Buffer.concat([post(size), Buffer.from(FOOTER)]);
  // SIGKILL: what has been handed over by then may well be delivered, but whole.
  const isKilled = status === null;
  expect({ status, stderr, stored: copies.map((copy) => copy.length) }).toSatisfy(
    (found: { stored: number[] }) => {
      if (status === 0) return stderr === '' && found.stored.length === 1;
      if (isKilled) return found.stored.length <= 1;
      return status === 75 && /^4\.3\.0 [^\n]{1,295}\n$/.test(stderr) && found.stored.length === 0;
    },
  );
  for (const copy of copies) expect(copy.equals(whole)).toBe(true);
}

/** What is stored once nothing is at work for the list any more: mlmmj-receive, or the guard that ends it. */
async function storedInTheEnd(): Promise<Buffer[]> {
  await until(async () => ((await workersFor(spool.directory)) === 0 ? true : undefined));
  return spool.stored();
}

async function workersFor(directory: string): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^[0-9]+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.filter((line) => line.includes(directory)).length;
}

describe.skipIf(!mayTrace || MLMMJ_RECEIVE === undefined)(`a fault in the system (else: ${reason})`, () => {
  const each = (call: string, faults: readonly string[], counts: readonly number[]) =>
    counts.flatMap((when) => faults.map((fault) => `${call}:${fault}:when=${when}`));
  const onTheWay = [
    ...each('socketpair', ['error=EMFILE'], [1, 2, 4]),
    ...each('vfork', ['error=EAGAIN', 'signal=SIGKILL'], [1, 2]),
    ...each('pidfd_open', ['error=EMFILE', 'signal=SIGTERM', 'signal=SIGKILL'], [1, 2]),
    ...each('pwrite64', ['error=ENOSPC', 'error=EIO', 'signal=SIGTERM', 'signal=SIGKILL'], [1]),
    ...each('sendto', ['signal=SIGTERM', 'signal=SIGKILL'], [2, 3]),
    ...each('epoll_ctl', ['error=ENOMEM'], [4, 8, 9, 10]),
    ...each('recvfrom', ['error=EIO'], [1]),
  ];
  describe.each(SIZES)('with a message of %i bytes', (size) => {
    test.each(onTheWay)('%s', async (fault) => {
      await expectTheLaw(size, await deliver(size, ['-e', `inject=${fault}`]));
    });
  });

  test('a memory file that is refused does not put the message into a socket', async () => {
    for (const fault of ['error=ENOBUFS', 'signal=SIGKILL']) {
      const refused = ['-e', 'inject=memfd_create:error=ENOMEM', '-e', `inject=sendto:${fault}:when=3`];
      await expectTheLaw(SIZES[0]!, await deliver(SIZES[0]!, refused));
      await spool.remove();
    }
  });

  test('a stream that fails is given up long before the deadline', async () => {
    const end = await deliver(SIZES[1]!, ['-e', 'inject=sendto:error=ENOBUFS:when=3']);
    expect(end.stderr).toBe('4.3.0 mlmmj-receive cannot be given the whole message\n');
    await expectTheLaw(SIZES[1]!, end);
  });
});
