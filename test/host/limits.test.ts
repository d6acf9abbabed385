/** Where there is little of everything: memory, descriptors, processes, room on the disk. And started in odd ways. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { lacks, MOUNTING, ROOT_USER } from '../helpers/needs.ts';
import {
  demandBuild,
  makeSpool,
  PROGRAMS,
  type Program,
  post,
  run,
  type Spool,
  standIn,
  start,
  until,
} from '../helpers/programs.ts';

const [NATIVE, NODE] = PROGRAMS as [Program, Program];
const FOOTER = 'The news list\n';
const SMALL = post(3000);
const LARGE = post(1_500_000);
const noRoot = lacks(ROOT_USER);
const noMounting = lacks(MOUNTING);
/** An ordinary user's id; nobody needs to have it. */
const SOMEBODY = 12_345;

let spool: Spool;
beforeAll(demandBuild);
afterEach(() => spool.remove());

/** The program, started by a shell after some commands of its own. */
function startedBy(commands: string, { name, command }: Program): Program {
  return { name, command: ['/bin/sh', '-c', `${commands}; exec "$@"`, 'sh', ...command] };
}

async function deliver(program: Program, message: Buffer, args: string[] = [], uid?: number) {
  spool = await makeSpool({ footer_text: FOOTER }, uid);
  if (uid !== undefined) await chmod(spool.spool, 0o755);
  const argv = ['-L', spool.directory, '--mlmmj-receive', standIn('stores'), ...args];
  return run(program, argv, { input: message, ...(uid === undefined ? {} : { uid }) });
}

async function expectDelivered(program: Program, message: Buffer, uid?: number): Promise<void> {
  expect(await deliver(program, message, [], uid)).toMatchObject({
    status: 0,
    stdout: 'footer added: text/plain\n',
  });
  const whole = Buffer.concat([message, Buffer.from(FOOTER)]);
  expect((await spool.stored()).map((stored) => stored.equals(whole))).toEqual([true]);
}

async function expectDeferred(program: Program, message: Buffer, words: RegExp, uid?: number): Promise<void> {
  const result = await deliver(program, message, [], uid);
  expect(result).toMatchObject({ status: 75, stdout: '' });
  expect(result.stderr).toMatch(/^4\.3\.0 [^\n]{1,295}\n$/);
  expect(result.stderr).toMatch(words);
  expect(await spool.stored()).toEqual([]);
}

describe('the native program', () => {
  test.each([8000, 20_000, 33_500, 50_000])('in %i KB of addresses', async (kilobytes) => {
    await expectDelivered(startedBy(`ulimit -v ${kilobytes}`, NATIVE), SMALL);
    await spool.remove();
    await expectDelivered(startedBy(`ulimit -v ${kilobytes}`, NATIVE), LARGE);
  });

  test('with a stack of 256 KB', async () => {
    await expectDelivered(startedBy('ulimit -s 256', NATIVE), LARGE);
  });

  test('without a descriptor to spare', async () => {
    for (const message of [SMALL, LARGE]) {
      await expectDeferred(startedBy('ulimit -n 3', NATIVE), message, /\(EMFILE\)/);
      await spool.remove();
    }
  });

  test.skipIf(noRoot)(`where no process can be started${noRoot}`, async () => {
    const program = { name: 'alone', command: ['prlimit', '--nproc=0', ...NATIVE.command] as const };
    await expectDeferred(program, SMALL, /could not be started \(EAGAIN\)/, SOMEBODY);
  });

  test('where files may not be large', async () => {
    // In blocks of 512 bytes.
    await expectDeferred(startedBy('ulimit -f 500', NATIVE), LARGE, /no room for the message \(EFBIG\)/);
  });

  test('keeps its head where standard descriptors are closed', async () => {
    await expectDelivered(startedBy('exec 2>&-', NATIVE), SMALL);
    await spool.remove();
    expect(await deliver(startedBy('exec 1>&-', NATIVE), SMALL)).toMatchObject({
      status: 0,
      stdout: '',
      stderr: '',
    });
    expect(await spool.stored()).toHaveLength(1);
    await spool.remove();
    await expectDeferred(startedBy('exec 0<&-', NATIVE), SMALL, /empty/);
    await spool.remove();
    expect(await deliver(startedBy('exec 0<&- 1>&- 2>&-', NATIVE), SMALL)).toMatchObject({ status: 75 });
    expect(await spool.stored()).toEqual([]);
  });

  test('where signals are blocked or ignored', async () => {
    const blocking = [
      'import os, signal, sys',
      'signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))',
      'for each in (signal.SIGHUP, signal.SIGPIPE, signal.SIGXFSZ, signal.SIGALRM): signal.signal(each, signal.SIG_IGN)',
      'os.execv(sys.argv[1], sys.argv[1:])',
    ].join('\n');
    await expectDelivered(
      { name: 'blocked', command: ['python3', '-c', blocking, ...NATIVE.command] },
      LARGE,
    );
  });

  test('what it starts finds the signals as they were, and none blocked', async () => {
    spool = await makeSpool();
    const showing = join(spool.spool, 'mlmmj-receive');
    writeFileSync(showing, '#!/bin/sh\ncat > /dev/null\ngrep ^Sig /proc/self/status >&2\nexit 1\n', {
      mode: 0o755,
    });
    const argv = ['-L', spool.directory, '--mlmmj-receive', showing];
    const state = (program: Program) => run(program, argv, { input: SMALL });
    // SigQ comes first; what is blocked and ignored comes after it.
    const { stderr } = await state(startedBy("trap '' HUP PIPE", NATIVE));
    expect(stderr).toMatch(/^4\.3\.0 mlmmj-receive failed with status 1: SigQ/);
    const listing = join(spool.spool, 'mlmmj-listing');
    writeFileSync(
      listing,
      '#!/bin/sh\ncat > /dev/null\nsed -n "s/^Sig\\(Blk\\|Ign\\):[^0-9a-f]*//p" /proc/$$/status | tr "\\n" " " >&2\nexit 1\n',
      { mode: 0o755 },
    );
    const { stderr: own } = await run({ ...NATIVE, command: [listing] }, [], { input: SMALL });
    const [blocked, ignored] = own.trim().split(' ');
    const listed = async (program: Program) =>
      (await run(program, ['-L', spool.directory, '--mlmmj-receive', listing], { input: SMALL })).stderr
        .trim()
        .split(' ')
        .slice(-2);
    expect(await listed(NATIVE)).toEqual([blocked, ignored]);
    // SIGHUP is the first, SIGPIPE the thirteenth.
    const more = (BigInt(`0x${ignored}`) | 0x1001n).toString(16).padStart(16, '0');
    expect(await listed(startedBy("trap '' HUP PIPE", NATIVE))).toEqual([blocked, more]);
  });

  test('is called by a relative name, through links, and through PATH', async () => {
    spool = await makeSpool({ footer_text: FOOTER });
    const bin = join(spool.spool, 'bin');
    mkdirSync(bin);
    symlinkSync(NATIVE.command[0], join(bin, 'amime'));
    for (const script of [
      'cd "$1" && exec ./amime check --help',
      'PATH=$1 exec amime check --help',
      'exec "$1/amime" check --help',
    ]) {
      const { status, stdout } = spawnSync('/bin/sh', ['-c', script, 'sh', bin], { encoding: 'utf8' });
      expect({ script, status }).toEqual({ script, status: 0 });
      expect(stdout).toMatch(/check/);
    }
  });

  test('a command whose program is not installed', async () => {
    spool = await makeSpool();
    const alone = join(spool.spool, 'mlmmj-amime-receive');
    spawnSync('cp', [NATIVE.command[0], alone]);
    expect(await run({ name: 'alone', command: [alone] }, ['check'])).toMatchObject({
      status: 69,
      stdout: '',
      stderr:
        'mlmmj-amime-receive: the command "check" is in mlmmj-amime-receive-tools, which is not installed\n',
    });
    mkdirSync(join(spool.spool, 'mlmmj-amime-receive-tools'));
    expect(await run({ name: 'alone', command: [alone] }, ['check'])).toMatchObject({
      status: 69,
      stderr: 'mlmmj-amime-receive: mlmmj-amime-receive-tools cannot be started (EACCES)\n',
    });
  });

  test.skipIf(noMounting)(`asks nothing of /proc and /dev/shm${noMounting}`, async () => {
    spool = await makeSpool({ footer_text: FOOTER });
    const script = 'for d in /proc /dev/shm; do mount -t tmpfs -o size=4k none $d; done; exec "$@"';
    const program = {
      name: 'bare',
      command: ['unshare', '--mount', 'sh', '-c', script, 'sh', ...NATIVE.command] as const,
    };
    for (const message of [SMALL, LARGE]) {
      const argv = ['-L', spool.directory, '--mlmmj-receive', standIn('stores')];
      expect(await run(program, argv, { input: message })).toMatchObject({ status: 0, stderr: '' });
    }
  });
});

describe.each(PROGRAMS)('$name', (program) => {
  test.skipIf(noMounting)(
    `where the list’s file system is full, a large message waits${noMounting}`,
    async () => {
      spool = await makeSpool({ footer_text: FOOTER });
      const script = [
        'mount -t tmpfs -o size=$1k none "$2"',
        'mkdir "$2/control" "$2/incoming" "$2/queue"',
        'echo "news@example.org" > "$2/control/listaddress"',
        'printf "The news list\\n" > "$2/control/footer_text"',
        'shift 2; "$@"; status=$?',
        'ls -A "$LIST" >&2; exit $status',
      ].join('; ');
      for (const kilobytes of [700, 2000, 2800]) {
        const argv = [
          '--mount',
          'sh',
          '-c',
          script,
          'sh',
          `${kilobytes}`,
          spool.directory,
          ...program.command,
        ];
        const args = ['-L', spool.directory, '--mlmmj-receive', standIn('stores')];
        const { status, stderr } = spawnSync('unshare', [...argv, ...args], {
          input: LARGE,
          env: { PATH: '/usr/bin:/bin', LIST: spool.directory },
          encoding: 'utf8',
        });
        expect({ kilobytes, status }).toEqual({ kilobytes, status: 75 });
        expect(stderr).toMatch(
          /^4\.3\.0 there is no room for the message[^\n]*\ncontrol\nincoming\nqueue\n$/,
        );
      }
    },
  );

  test.skipIf(noRoot)(`where the list cannot be written to${noRoot}`, async () => {
    spool = await makeSpool({ footer_text: FOOTER }, SOMEBODY);
    await chmod(spool.spool, 0o755);
    await chmod(spool.directory, 0o555);
    const argv = ['-L', spool.directory, '--mlmmj-receive', standIn('stores')];
    expect(await run(program, argv, { input: SMALL, uid: SOMEBODY })).toMatchObject({ status: 0 });
    const large = await run(program, argv, { input: LARGE, uid: SOMEBODY });
    expect(large).toMatchObject({ status: 75, stderr: '4.3.0 the message cannot be stored (EACCES)\n' });
    // Who only looks need not be able to write there.
    const dryRun = await run(program, [...argv, '--dry-run'], { input: LARGE, uid: SOMEBODY });
    expect(dryRun).toMatchObject({ status: 0, stderr: 'footer added: text/plain\n' });
    expect(dryRun.bytes.equals(Buffer.concat([LARGE, Buffer.from(FOOTER)]))).toBe(true);
    await chmod(spool.directory, 0o755);
    expect(readdirSync(spool.directory).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('a message that does not come to its end', async () => {
    spool = await makeSpool();
    const argv = ['-L', spool.directory, '--mlmmj-receive', standIn('stores'), '--deadline', '3'];
    const { child, ended } = start(program, argv);
    child.stdin!.write(SMALL);
    expect(await ended).toMatchObject({
      status: 75,
      stderr: '4.3.0 the message did not come within 2 seconds\n',
    });
    expect(await spool.stored()).toEqual([]);
  });

  test('a reader of the line who does not read', async () => {
    spool = await makeSpool();
    const script = 'mkfifo "$1"; exec 3<>"$1"; head -c 65536 /dev/zero >&3; shift; exec "$@" >&3 2>&3';
    const stuck = {
      name: 'stuck',
      command: ['/bin/sh', '-c', script, 'sh', join(spool.spool, 'fifo'), ...program.command] as const,
    };
    const argv = ['-L', spool.directory, '--mlmmj-receive', standIn('stores')];
    const begun = Date.now();
    expect(await run(stuck, argv, { input: SMALL })).toMatchObject({ status: 0 });
    expect(Date.now() - begun).toBeLessThan(30_000);
    expect(await spool.stored()).toHaveLength(1);
  });

  test('SIGTERM while mlmmj-receive works: what it does counts', async () => {
    spool = await makeSpool();
    const slow = join(spool.spool, 'mlmmj-receive');
    writeFileSync(
      slow,
      `#!/bin/sh\ntouch ${spool.directory}/queue/started\nsleep 1\nexec ${standIn('stores')} "$@"\n`,
      { mode: 0o755 },
    );
    const { child, ended } = start(program, ['-L', spool.directory, '--mlmmj-receive', slow]);
    child.stdin!.end(SMALL);
    await until(() => (readdirSync(join(spool.directory, 'queue')).length > 0 ? true : undefined));
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ status: 0, stdout: 'no footer: the list has none\n', stderr: '' });
    expect(await spool.stored()).toHaveLength(1);
  });
});

test('both hosts hear signals from early on', async () => {
  for (const program of [NATIVE, NODE]) {
    spool = await makeSpool();
    const { child, ended } = start(program, ['-L', spool.directory]);
    child.stdin!.write(SMALL);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    child.kill('SIGHUP');
    expect(await ended).toMatchObject({ status: 75, stderr: '4.3.0 stopped by SIGHUP\n' });
    await spool.remove();
  }
  spool = await makeSpool();
});
