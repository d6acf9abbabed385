/** Pipe mode from the outside: what Postfix gives, what Postfix gets, and what is stored. */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { lacks, MLMMJ, MOUNTING, ROOT_USER } from '../helpers/needs.ts';
import {
  demandBuild,
  makeSpool,
  PROGRAMS,
  post,
  run,
  type Spool,
  standIn,
  start,
  until,
} from '../helpers/programs.ts';

const FOOTER = { footer_text: '-- \nThe news list\n' };
const WITH_FOOTER = Buffer.concat([post(), Buffer.from('-- \nThe news list\n')]);
/** More than is kept in memory. */
const LARGE = 3_000_000;
/** An ordinary user's id; nobody needs to have it. */
const SOMEBODY = 12_345;
/** Runs its arguments with a standard input that answers EAGAIN where nothing is there. */
const NOT_BLOCKING = 'import os, sys; os.set_blocking(0, False); os.execv(sys.argv[1], sys.argv[1:])';
const NOT_BLOCKING_OUTPUT = NOT_BLOCKING.replace('(0', '(1');
/** Takes odd pieces, and now and then none for a while. */
const SLOW_READER = [
  'import os, sys, time',
  'for n in range(10**9):',
  '  if n % 16 == 0: time.sleep(0.005)',
  '  piece = os.read(0, 9973)',
  '  if not piece: break',
  '  os.write(1, piece)',
].join('\n');
const noRoot = lacks(ROOT_USER);
const noMlmmj = lacks(MLMMJ);
const noMounting = lacks(MOUNTING);

const made: Spool[] = [];
afterEach(async () => {
  for (const spool of made.splice(0)) await spool.remove();
});
async function spoolWith(control: Record<string, string> = {}, uid?: number): Promise<Spool> {
  const spool = await makeSpool(control, uid);
  made.push(spool);
  return spool;
}

beforeAll(demandBuild);

describe.each(PROGRAMS)('$name', (program) => {
  describe.skipIf(noMlmmj)(`with the real mlmmj-receive${noMlmmj}`, () => {
    const sizes = [0, 4_096, 65_536, 131_071, 131_072, 131_073, 262_144, 524_000, 524_288, 525_000, LARGE];
    test.each(sizes)(
      'a post of %i bytes is stored whole, without a list footer byte for byte',
      async (size) => {
        const spool = await spoolWith();
        const message = post(size);
        const result = await run(program, ['-L', spool.directory, '-P'], { input: message });
        expect(result).toMatchObject({ status: 0, stdout: 'no footer: the list has none\n', stderr: '' });
        const [stored, ...others] = await spool.stored();
        expect(others).toEqual([]);
        expect(stored!.equals(message)).toBe(true);
      },
    );

    test.each([0, LARGE])('a post of %i bytes gets its footer', async (size) => {
      const spool = await spoolWith(FOOTER);
      const result = await run(program, ['-L', spool.directory, '-P'], { input: post(size) });
      expect(result).toMatchObject({ status: 0, stdout: 'footer added: text/plain\n', stderr: '' });
      const expected = Buffer.concat([post(size), Buffer.from('-- \nThe news list\n')]);
      expect((await spool.stored()).map((stored) => stored.equals(expected))).toEqual([true]);
    });

    test.skipIf(noRoot)(`as the user that owns the list${noRoot}`, async () => {
      const spool = await spoolWith(FOOTER, SOMEBODY);
      const result = await run(program, ['-L', spool.directory, '-P'], { input: post(), uid: SOMEBODY });
      expect(result).toMatchObject({ status: 0, stderr: '' });
      expect(await spool.stored()).toEqual([WITH_FOOTER]);
    });

    test.each(['no newline', 'only a return\r'])(
      'a message that ends in %j is ended with a newline',
      async (end) => {
        const spool = await spoolWith();
        const message = Buffer.concat([post(), Buffer.from(end)]);
        await run(program, ['-L', spool.directory, '-P'], { input: message });
        expect(await spool.stored()).toEqual([Buffer.concat([message, Buffer.from('\n')])]);
      },
    );

    test('a message that comes in small pieces', async () => {
      const spool = await spoolWith(FOOTER);
      const { child, ended } = start(program, ['-L', spool.directory, '-P']);
      for (const byte of post().subarray(0, 40)) {
        child.stdin!.write(Uint8Array.of(byte));
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      child.stdin!.end(post().subarray(40));
      expect(await ended).toMatchObject({ status: 0 });
      expect(await spool.stored()).toEqual([WITH_FOOTER]);
    });

    test('input that stops in the middle of the header is handed over as it is', async () => {
      const spool = await spoolWith(FOOTER);
      const message = post().subarray(0, 30);
      const result = await run(program, ['-L', spool.directory, '-P'], { input: message });
      expect(result.status).toBe(0);
      const [stored] = await spool.stored();
      expect(stored!.subarray(0, 30).equals(message)).toBe(true);
    });

    test.skipIf(noMounting)(`a full disk: nothing is stored, the message waits${noMounting}`, async () => {
      const spool = await spoolWith();
      const incoming = join(spool.directory, 'incoming');
      expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', incoming]).status).toBe(0);
      try {
        for (const size of [200_000, LARGE]) {
          const result = await run(program, ['-L', spool.directory, '-P'], { input: post(size) });
          expect(result.status, String(size)).toBe(75);
          expect(result.stderr, String(size)).toBe(
            "4.3.0 there is no room for the message in the list's directory\n",
          );
          expect(await spool.stored()).toEqual([]);
        }
      } finally {
        spawnSync('umount', [incoming]);
      }
    });
  });

  describe('commands and bounces pass byte for byte, and mlmmj-receive is told', () => {
    const ownArguments = ['--mlmmj-receive', standIn('stores')];
    async function deliver(args: string[], message: Buffer, env: Record<string, string> = {}) {
      const spool = await spoolWith(FOOTER);
      const result = await run(program, [...ownArguments, '-L', spool.directory, ...args], {
        input: message,
        env,
      });
      const told = await readFile(join(spool.directory, 'queue/arguments'), 'utf8');
      return {
        result,
        stored: await spool.stored(),
        told: told.split('\n').slice(0, -1),
        list: spool.directory,
      };
    }

    test('a post', async () => {
      const { result, stored, told, list } = await deliver(['-F'], post());
      expect(result).toMatchObject({ status: 0, stdout: 'footer added: text/plain\n' });
      expect(stored).toEqual([WITH_FOOTER]);
      expect(told).toEqual(['-L', list, '-F', '-e', '', '-s', 'a@example.net']);
    });
    test('a command', async () => {
      const message = post(0, 'news+subscribe@example.org');
      const { result, stored, told, list } = await deliver([], message);
      expect(result).toMatchObject({ status: 0, stdout: 'no footer: news+subscribe is a command\n' });
      expect(stored).toEqual([message]);
      expect(told).toEqual(['-L', list, '-e', 'subscribe', '-s', 'a@example.net']);
    });
    test('what the caller said stays as it was said', async () => {
      const { result, told, list } = await deliver(
        ['-e', 'owner', '-s', 'x@example.net', '-F', '--'],
        post(),
      );
      expect(result).toMatchObject({ status: 0, stdout: "no footer: news+owner is for the list's owner\n" });
      expect(told).toEqual(['-L', list, '-e', 'owner', '-s', 'x@example.net', '-F']);
    });
    test('values that look like an end of the options', async () => {
      const { told, list } = await deliver(['-e', '--'], post());
      expect(told).toEqual(['-L', list, '-e', '--', '-s', 'a@example.net']);
    });
    test('the environment', async () => {
      const { result, told, list } = await deliver([], post(), {
        EXTENSION: 'subscribe',
        SENDER: 'x@example.net',
      });
      expect(result.stdout).toBe('no footer: news+subscribe is a command\n');
      expect(told).toEqual(['-L', list]);
    });
    test('a null sender that pipe(8) has given another name', async () => {
      const message = Buffer.from(post().toString().replace('<a@example.net>', '<MAILER-DAEMON>'));
      const { result, stored, told, list } = await deliver([], message);
      expect(result.stdout).toBe('no footer: null sender\n');
      expect(stored).toEqual([message]);
      expect(told).toEqual(['-L', list, '-e', '', '-s', '']);
    });
    test('the same name as an argument, with an end of the options', async () => {
      const { result, told, list } = await deliver(['-s', 'MAILER-DAEMON', '--'], post());
      expect(result.stdout).toBe('no footer: null sender\n');
      expect(told).toEqual(['-L', list, '-s', 'MAILER-DAEMON', '-e', '', '-s', '']);
    });
    test('a message without a final newline, large and small', async () => {
      for (const size of [0, LARGE]) {
        const message = Buffer.concat([post(size, 'news+subscribe@example.org'), Buffer.from('end')]);
        const { stored } = await deliver([], message);
        expect(stored.map((bytes) => bytes.equals(Buffer.concat([message, Buffer.from('\n')])))).toEqual([
          true,
        ]);
      }
    });
  });

  describe('what is wrong with the list', () => {
    async function refused(args: string[], status: number, line: string | RegExp, uid?: number) {
      const result = await run(program, args, { input: post(), ...(uid === undefined ? {} : { uid }) });
      expect(result).toMatchObject({ status, stdout: '' });
      if (typeof line === 'string') expect(result.stderr).toBe(line);
      else expect(result.stderr).toMatch(line);
    }
    test('no -L', () => refused(['-P'], 75, '4.3.0 no list directory was given (-L)\n'));
    test('an unknown option', async () => {
      const spool = await spoolWith();
      await refused(['-L', spool.directory, '--frobnicate'], 75, '4.3.0 unknown argument "--frobnicate"\n');
    });
    test('a list that does not exist', async () => {
      const spool = await spoolWith();
      await refused(['-L', join(spool.spool, 'olds')], 67, '5.1.1 there is no mailing list "olds"\n');
    });
    test('a name that is not UTF-8: Node spoils it, and the list may well be there', async () => {
      const spool = await spoolWith();
      const script = `exec "$@" -L "${spool.spool}/$(printf 'b\\377d')" -P`;
      const shell = spawnSync('/bin/sh', ['-c', script, 'sh', ...program.command], { input: post() });
      const expected =
        program === PROGRAMS[0]
          ? [67, /^5\.1\.1 there is no mailing list "b\?d"\n$/]
          : [75, /^4\.3\.0 not UTF-8: .*\n$/];
      expect(shell.status).toBe(expected[0]);
      expect(shell.stderr.toString()).toMatch(expected[1] as RegExp);
    });
    test('a spool that is not there', async () => {
      const spool = await spoolWith();
      await refused(['-L', join(spool.spool, 'x/olds')], 75, /^4\.3\.0 .*missing\n$/);
    });
    test('a file in its place', async () => {
      const spool = await spoolWith();
      await writeFile(join(spool.spool, 'olds'), '');
      await refused(['-L', join(spool.spool, 'olds')], 75, '4.3.0 list "olds" is not a directory\n');
    });
    test('a list for which mlmmj would take the message and lose it', async () => {
      for (const control of [{ listaddress: '' }, { delimiter: '\n' }]) {
        const spool = await spoolWith(control);
        const result = await run(program, ['-L', spool.directory], { input: post() });
        expect(result).toMatchObject({ status: 75, stdout: '' });
        expect(result.stderr).toMatch(/^4\.3\.0 list "news": (?:listaddress|delimiter) /);
        expect(await spool.stored()).toEqual([]);
      }
    });
    test('no control directory', async () => {
      const spool = await spoolWith();
      await rm(join(spool.directory, 'control'), { recursive: true });
      await refused(['-L', spool.directory], 75, /^4\.3\.0 list "news" .*control.*\n$/);
    });
    test.skipIf(noRoot)(`another owner${noRoot}`, async () => {
      const spool = await spoolWith({}, SOMEBODY);
      await chmod(spool.spool, 0o755);
      await refused(
        ['-L', spool.directory],
        75,
        /^4\.3\.0 list "news" belongs to another user/,
        SOMEBODY + 1,
      );
    });
    test.skipIf(noRoot)(`unreadable${noRoot}`, async () => {
      const spool = await spoolWith({}, SOMEBODY);
      await chmod(spool.spool, 0o700);
      await refused(['-L', spool.directory], 75, /^4\.3\.0 .*EACCES/, SOMEBODY + 1);
    });
    test('an empty message', async () => {
      const spool = await spoolWith();
      const result = await run(program, ['-L', spool.directory, '-P']);
      expect(result).toMatchObject({ status: 75, stdout: '', stderr: '4.3.0 the message is empty\n' });
      expect(await spool.stored()).toEqual([]);
    });
    test('standard input that cannot be read', async () => {
      const spool = await spoolWith();
      const [file, ...first] = program.command;
      const shell = spawnSync('/bin/sh', [
        '-c',
        'exec "$@" <"$0"',
        spool.directory,
        file,
        ...first,
        '-L',
        spool.directory,
        '-P',
      ]);
      expect(shell.status).toBe(75);
      expect(shell.stderr.toString()).toMatch(
        // Node shows a program no input at all where it finds something unreadable.
        /^4\.3\.0 the message (cannot be read \(EISDIR\)|is empty)\n$/,
      );
      expect(await spool.stored()).toEqual([]);
    });
    test('footer files that are no use: the post goes out without', async () => {
      for (const footer of ['x'.repeat(70_000), '\n']) {
        const spool = await spoolWith({ footer_text: footer });
        const result = await run(program, ['-L', spool.directory, '--mlmmj-receive', standIn('stores')], {
          input: post(),
        });
        expect(result.status).toBe(0);
        expect(result.stdout).toMatch(/^no footer: .{1,89}\n$/);
        expect(await spool.stored()).toEqual([post()]);
      }
    });
    test('a footer that is a directory: the post goes out without', async () => {
      const spool = await spoolWith();
      await mkdir(join(spool.directory, 'control/footer_text'));
      const result = await run(program, ['-L', spool.directory, '--mlmmj-receive', standIn('stores')], {
        input: post(),
      });
      expect(result).toMatchObject({ status: 0, stderr: '' });
      expect(result.stdout).toMatch(/^no footer: /);
      expect(await spool.stored()).toEqual([post()]);
    });
  });

  describe.each([
    ['a small message', post()],
    ['a large message', post(LARGE)],
  ])('what is wrong with mlmmj-receive, for %s', (_, message) => {
    async function refused(mlmmjReceive: string, line: string | RegExp, ...args: string[]) {
      const spool = await spoolWith(FOOTER);
      const argv = ['-L', spool.directory, '--mlmmj-receive', mlmmjReceive, ...args];
      const result = await run(program, argv, { input: message });
      expect(result).toMatchObject({ status: 75, stdout: '' });
      if (typeof line === 'string') expect(result.stderr).toBe(line);
      else expect(result.stderr).toMatch(line);
      return spool;
    }
    test('missing', async () => {
      const spool = await refused(
        '/nonexistent/mlmmj-receive',
        '4.3.0 mlmmj-receive is not where it should be\n',
      );
      expect(await spool.stored()).toEqual([]);
    });
    test('not executable', async () => {
      const spool = await spoolWith();
      const file = join(spool.spool, 'mlmmj-receive');
      await writeFile(file, '#!/bin/sh\n', { mode: 0o644 });
      await refused(file, '4.3.0 mlmmj-receive may not be executed\n');
    });
    test('exits 1', () =>
      refused(
        standIn('exits-1'),
        '4.3.0 mlmmj-receive failed with status 1: could not create mail file in ... directory\n',
      ));
    test('exits 1 without reading', () =>
      refused(
        standIn('exits-1-early'),
        '4.3.0 mlmmj-receive failed with status 1: Have to invoke either as root or as the user owning listdir\n',
      ));
    test('exits 0 without reading', () =>
      refused(standIn('exits-0-early'), '4.3.0 mlmmj-receive ended before it had read the whole message\n'));
    test('dies', () => refused(standIn('dies'), '4.3.0 mlmmj-receive was killed by SIGSEGV\n'));
    test('says a lot', () =>
      refused(
        standIn('talks'),
        '4.3.0 mlmmj-receive failed with status 3: ?[31m??? trouble in ... and "...\n',
      ));
    test('hangs until the deadline, and is ended', async () => {
      const spool = await refused(standIn('hangs'), '4.3.0 not done within 1 seconds\n', '--deadline', '1');
      expect(isAlive(Number(await readFile(join(spool.directory, 'queue/hanging'), 'utf8')))).toBe(false);
    });
  });

  test('half of a large message is not taken for a delivery', async () => {
    const spool = await spoolWith();
    const argv = ['-L', spool.directory, '--mlmmj-receive', standIn('exits-0-halfway')];
    for (const message of [post(2_000), post(LARGE)]) {
      const result = await run(program, argv, { input: message });
      expect(result).toMatchObject({ status: 75, stdout: '' });
      expect(result.stderr).toBe('4.3.0 mlmmj-receive ended before it had read the whole message\n');
    }
  });

  describe('ended from outside', () => {
    /** Waits until the stand-in has taken the beginning of the message; returns its process id. */
    const hanging = (spool: Spool) =>
      until(async () => {
        const path = join(spool.directory, 'queue/hanging');
        const text = existsSync(path) ? await readFile(path, 'utf8') : '';
        return text.endsWith('\n') ? Number(text) : undefined;
      });

    test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s, with a child', async (signal) => {
      for (const size of [2_000, LARGE]) {
        const spool = await spoolWith();
        const argv = ['-L', spool.directory, '--mlmmj-receive', standIn('hangs')];
        const { child, ended } = start(program, argv);
        child.stdin!.end(post(size));
        const pid = await hanging(spool);
        child.kill(signal);
        expect(await ended).toMatchObject({ status: 75, stdout: '', stderr: `4.3.0 stopped by ${signal}\n` });
        expect(isAlive(pid)).toBe(false);
      }
    });

    test('SIGTERM in the middle of the input', async () => {
      // More than a pipe or a socket holds: when all is written most of it has been read. The smaller one stays in memory.
      for (const size of [500_000, LARGE]) {
        const spool = await spoolWith(FOOTER);
        const argv = ['-L', spool.directory, '--mlmmj-receive', standIn('stores')];
        const { child, ended } = start(program, argv);
        await new Promise((resolve) => child.stdin!.write(post(size), resolve));
        child.kill('SIGTERM');
        expect(await ended).toMatchObject({ status: 75, stdout: '', stderr: '4.3.0 stopped by SIGTERM\n' });
        expect(await spool.stored()).toEqual([]);
      }
    });

    test.skipIf(noMlmmj)(`killed in the middle of a large message: nothing is stored${noMlmmj}`, async () => {
      const spool = await spoolWith(FOOTER);
      const { child, ended } = start(program, ['-L', spool.directory, '-P']);
      await new Promise((resolve) => child.stdin!.write(post(LARGE), resolve));
      child.kill('SIGKILL');
      expect(await ended).toMatchObject({ signal: 'SIGKILL' });
      expect(await spool.stored()).toEqual([]);
      expect(await readdir(spool.directory)).toEqual(
        (await readdir(spool.directory)).filter((name) => !name.startsWith('.')),
      );
    });

    test('killed with a small message handed over: it is complete all the same', async () => {
      const spool = await spoolWith(FOOTER);
      const argv = ['-L', spool.directory, '--mlmmj-receive', standIn('stores-slowly')];
      const { child, ended } = start(program, argv);
      child.stdin!.end(post());
      await until(() => (existsSync(join(spool.directory, 'queue/started')) ? true : undefined));
      child.kill('SIGKILL');
      await ended;
      await writeFile(join(spool.directory, 'queue/go'), '');
      await until(() => (existsSync(join(spool.directory, 'queue/done')) ? true : undefined));
      expect(await spool.stored()).toEqual([WITH_FOOTER]);
    });
  });

  describe('a dry run', () => {
    test.each([0, LARGE])('of %i bytes writes what would be handed over', async (size) => {
      const spool = await spoolWith(FOOTER);
      const result = await run(program, ['-L', spool.directory, '--dry-run'], { input: post(size) });
      expect(result).toMatchObject({ status: 0, stderr: 'footer added: text/plain\n' });
      expect(result.bytes.equals(Buffer.concat([post(size), Buffer.from('-- \nThe news list\n')]))).toBe(
        true,
      );
      expect(await spool.stored()).toEqual([]);
    });
    test.each([
      ['a file', '"$@" <"$0"'],
      ['a pipe', 'cat "$0" | "$@"'],
      ['a pipe that comes with pauses', '(head -c 100000; sleep 0.1; cat) <"$0" | "$@"'],
      ['a pipe that does not block', `cat "$0" | python3 -c '${NOT_BLOCKING}' "$@"`],
    ])('reads from %s', async (_, script) => {
      const spool = await spoolWith(FOOTER);
      const file = join(spool.directory, 'queue/message');
      for (const size of [131_000, LARGE]) {
        await writeFile(file, post(size));
        const args = [...program.command, '-L', spool.directory, '--dry-run'];
        const { stdout, status } = spawnSync('sh', ['-c', script, file, ...args], { maxBuffer: 2 * LARGE });
        expect(status).toBe(0);
        expect(stdout.equals(Buffer.concat([post(size), Buffer.from('-- \nThe news list\n')]))).toBe(true);
      }
    });
    // A runtime's own way to write began anew where the reader had taken a part and there was no room for the rest.
    test.each([
      ['a pipe', '"$@"'],
      ['a pipe that does not block', `python3 -c '${NOT_BLOCKING_OUTPUT}' "$@"`],
    ])('writes into %s whose reader is slow', async (_, command) => {
      const spool = await spoolWith(FOOTER);
      const file = join(spool.directory, 'queue/message');
      for (const size of [20_000, 131_000, 300_000, 1_500_000]) {
        await writeFile(file, post(size));
        const args = [...program.command, '-L', spool.directory, '--dry-run'];
        const script = `${command} <"$0" | python3 -c '${SLOW_READER}'`;
        const { stdout, status } = spawnSync('sh', ['-c', script, file, ...args], { maxBuffer: 2 * LARGE });
        expect(status).toBe(0);
        expect(stdout.equals(Buffer.concat([post(size), Buffer.from('-- \nThe news list\n')]))).toBe(true);
      }
    });
    test('leaves a pipe that others write to as it was', async () => {
      const spool = await spoolWith(FOOTER);
      const file = join(spool.directory, 'queue/message');
      await writeFile(file, post(LARGE));
      const args = [...program.command, '-L', spool.directory, '--dry-run'];
      const script = `{ "$@" <"$0"; python3 -c 'import os; print(os.get_blocking(1))'; } | tail -n 1`;
      const { stdout } = spawnSync('sh', ['-c', script, file, ...args]);
      expect(stdout.toString()).toBe('True\n');
    });
    test('into a pipe that nobody reads is a failure', async () => {
      const spool = await spoolWith();
      const { child, ended } = start(program, ['-L', spool.directory, '--dry-run']);
      child.stdout!.destroy();
      child.stdin!.end(post(LARGE));
      const result = await ended;
      expect(result.status).toBe(75);
      expect(result.stderr).toMatch(/^4\.3\.0 .*\n$/);
    });
  });

  test('--help and --version', async () => {
    const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await run(program, ['--version'])).toMatchObject({
      status: 0,
      stdout: `mlmmj-amime-receive ${version}\n`,
    });
    const help = await run(program, ['--help']);
    expect(help.status).toBe(0);
    expect(help.stdout).toMatch(/^mlmmj-amime-receive /);
  });

  test('an unknown command is a usage error', async () => {
    expect(await run(program, ['frobnicate'])).toMatchObject({
      status: 64,
      stderr: 'mlmmj-amime-receive: unknown command "frobnicate" (see --help)\n',
    });
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !spawnSync('ps', ['-o', 'stat=', '-p', String(pid)])
      .stdout.toString()
      .startsWith('Z');
  } catch {
    return false;
  }
}
