/** What the service does when things go wrong or get tight: limits, broken mlmmj-receives, shutdown. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readlink, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { freePorts } from '../e2e/stack/ports.ts';
import { lacks, ROOT_USER } from '../helpers/needs.ts';
import { standIn } from '../helpers/programs.ts';
import {
  Client,
  childrenOf,
  FOOTER,
  makeSpool,
  message,
  PROGRAMS,
  type Service,
  type ServiceOptions,
  type Spool,
  startService,
  until,
} from './service.ts';

/** Says on SIGUSR2 how many timers are set that take a minute or more. */
const TIMERS = fileURLToPath(new URL('../fixtures/bin/counts-timers.cjs', import.meta.url));
const LARGE = message('large', `${'x'.repeat(99)}\n`.repeat(30_000));

/** How many files a process has open that lie, or would lie, in a directory. */
async function openFiles(pid: number, directory: string): Promise<number> {
  const descriptors = await readdir(`/proc/${pid}/fd`);
  const paths = await Promise.all(descriptors.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
  return paths.filter((path) => path.startsWith(`${directory}/`)).length;
}

describe.each(PROGRAMS)('$name', (program) => {
  let spool: Spool;
  let service: Service | undefined;
  const clients: Client[] = [];
  async function serve(options: Omit<Partial<ServiceOptions>, 'program'> = {}): Promise<Service> {
    spool = await makeSpool();
    service = await startService({ program, lists: spool.path, ...options });
    return service;
  }
  async function greeted(): Promise<Client> {
    const client = await Client.greeted(service!.port);
    clients.push(client);
    return client;
  }
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    if (service !== undefined && service.child.exitCode === null && service.child.signalCode === null) {
      expect(await childrenOf(service.child.pid!), 'no child is left').toEqual([]);
      expect(await service.stop(), service.log()).toBe(0);
    }
    service = undefined;
    await spool?.remove();
  });

  test.each([
    ['exits-1', 'mlmmj-receive failed with status 1: could not create mail file in ... directory'],
    [
      'exits-1-early',
      'mlmmj-receive failed with status 1: Have to invoke either as root or as the user owning listdir',
    ],
    ['dies', 'mlmmj-receive was killed by SIGSEGV'],
    ['exits-0-early', 'mlmmj-receive ended before it had read the whole message'],
    ['exits-0-halfway', 'mlmmj-receive ended before it had read the whole message'],
    ['talks', 'mlmmj-receive failed with status 3'],
    ['is-not-there', 'mlmmj-receive is not where it should be'],
  ])(
    'an mlmmj-receive that %s: 451 for small and large messages, and the service goes on',
    async (name, reason) => {
      await serve({ mlmmjReceive: standIn(name) });
      const client = await greeted();
      for (const text of [message('small', 'x\n'.repeat(1000)), LARGE]) {
        const [reply] = await client.deliver(['news@example.org'], text);
        expect(reply).toMatch(/^451 4\.3\.0 mlmmj-receive /);
        if (text !== LARGE || !name.includes('halfway')) expect(reply).toContain(reason.slice(0, 30));
        expect(reply).not.toContain(spool.path);
        expect(reply).toMatch(/^[ -~]{1,512}$/);
      }
      expect(await client.ask('NOOP')).toMatch(/^250 /);
    },
  );

  test("one list's mlmmj-receive hangs: that list waits its time, the others have theirs", async () => {
    spool = await makeSpool();
    // The list talk@ hangs, all others store.
    const mixed = join(spool.path, 'mixed');
    await writeFile(
      mixed,
      `#!/bin/sh\ncase $2 in */talk) exec ${standIn('hangs')} "$@";; *) exec ${standIn('stores-each')} "$@";; esac\n`,
    );
    await chmod(mixed, 0o755);
    service = await startService({
      program,
      lists: spool.path,
      mlmmjReceive: mixed,
      args: ['--delivery-seconds', '1'],
    });
    const client = await greeted();
    const replies = await client.deliver(
      ['talk@example.org', 'news@example.org'],
      message('hang', 'y\n'.repeat(1000)),
    );
    expect(replies).toEqual([
      '451 4.3.0 mlmmj-receive was not done within 1 seconds',
      '250 2.1.5 footer added: text/plain',
    ]);
    expect(await spool.stored('news')).toHaveLength(1);
    const second = await client.deliver(['news@example.org'], message('after'));
    expect(second).toEqual(['250 2.1.5 footer added: text/plain']);
  });

  test('no more deliveries at once than allowed; the rest wait, in order', async () => {
    const [port] = await freePorts(1);
    const args = ['--max-deliveries', '1', '--metrics', `127.0.0.1:${port}`];
    await serve({ mlmmjReceive: standIn('stores-slowly'), args });
    const areWaiting = async (count: number) => {
      const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      return metrics.includes(`mlmmj_amime_deliveries_waiting ${count}\n`) || undefined;
    };
    const deliveries: Promise<void>[] = [];
    // Each list's mlmmj-receive waits for its own file `go`.
    for (const [ahead, list] of ['news', 'talk', 'plain'].entries()) {
      const client = await greeted();
      const delivery = client.deliver([`${list}@example.org`], message(list)).then(([reply]) => {
        expect(reply).toMatch(/^250 /);
      });
      deliveries.push(delivery);
      if (list === 'news')
        await until(() => existsSync(join(spool.list('news'), 'queue/started')) || undefined);
      else await until(() => areWaiting(ahead));
    }
    expect(existsSync(join(spool.list('talk'), 'queue/started'))).toBe(false);
    for (const list of ['plain', 'talk', 'news']) await writeFile(join(spool.list(list), 'queue/go'), '');
    await Promise.all(deliveries);
    const lists = ['plain', 'talk', 'news'];
    const startedAt = async (list: string) =>
      (await stat(join(spool.list(list), 'queue/started'), { bigint: true })).mtimeNs;
    const times = new Map(
      await Promise.all(lists.map(async (list) => [list, await startedAt(list)] as const)),
    );
    lists.sort((a, b) => (times.get(a)! < times.get(b)! ? -1 : 1));
    expect(lists).toEqual(['news', 'talk', 'plain']);
  });

  test('a message whose turn does not come is put off, small or large', async () => {
    await serve({
      mlmmjReceive: standIn('stores-slowly'),
      args: ['--max-deliveries', '1', '--wait-seconds', '1'],
    });
    const first = await greeted();
    const running = first.deliver(['news@example.org'], message('first'));
    await until(() => existsSync(join(spool.list('news'), 'queue/started')) || undefined);
    for (const text of [message('second'), LARGE]) {
      const second = await greeted();
      expect(await second.deliver(['talk@example.org'], text)).toEqual([
        '451 4.3.0 too many messages at once, try again later',
      ]);
    }
    await writeFile(join(spool.list('news'), 'queue/go'), '');
    expect(await running).toEqual(['250 2.1.5 footer added: text/plain']);
  });

  test('more lists in one message than can be served at once: 452 for the rest', async () => {
    await serve({ args: ['--max-deliveries', '2'] });
    const client = await greeted();
    const replies = await client.begin([
      'news@example.org',
      'talk@example.org',
      'plain@example.org',
      'NEWS@example.org',
    ]);
    expect(replies.map((reply) => reply.slice(0, 9))).toEqual([
      '250 2.1.5',
      '250 2.1.5',
      '452 4.5.3',
      '250 2.1.5',
    ]);
    expect(await client.finish(message('rest'), 3)).toHaveLength(3);
  });

  test('more recipients than one message may have: the one that is refused gets nothing', async () => {
    await serve();
    const client = await greeted();
    client.send(`MAIL FROM:<a@example.net>\r\n${'RCPT TO:<news@example.org>\r\n'.repeat(1000)}`);
    const replies = await client.replies(1001);
    expect(replies.every((reply) => reply.startsWith('250 2.1.'))).toBe(true);
    expect(await client.ask('RCPT TO:<talk@example.org>')).toMatch(/^452 4\.5\.3 /);
    await client.ask('DATA');
    await client.finish(message('many'), 1000);
    expect(await spool.stored('news')).toHaveLength(1);
    expect(await spool.stored('talk')).toEqual([]);
  });

  test('a client that does not wait for the greeting is served', async () => {
    await serve();
    const client = await Client.connect(service!.port);
    clients.push(client);
    client.send('LHLO client.example.net\r\nNOOP\r\n');
    const replies = await client.replies(3);
    expect(replies.map((reply) => reply.slice(0, 3))).toEqual(['220', '250', '250']);
  });

  test('a client that drips its data is cut off in time, and holds up nobody', async () => {
    await serve({ args: ['--transaction-seconds', '2', '--max-deliveries', '1'] });
    const slow = await greeted();
    await slow.begin(['news@example.org']);
    const drip = setInterval(() => slow.send('x'), 50);
    const quick = await greeted();
    expect(await quick.deliver(['talk@example.org'], message('quick'))).toEqual([
      '250 2.1.5 footer added: text/plain',
    ]);
    expect(await slow.reply()).toBe('421 4.4.2 that took too long');
    clearInterval(drip);
    expect(await spool.stored('news')).toEqual([]);
  });

  test('a client that says nothing is told to go', async () => {
    await serve({ args: ['--idle-seconds', '1'] });
    const client = await greeted();
    expect(await client.reply()).toMatch(/^421 /);
    await until(() => client.isClosed || undefined);
  });

  test('1,000 idle clients: the surplus is told 421, mail goes on, and all is well when they have gone', async () => {
    await serve({ args: ['--max-connections', '700'] });
    const working = await greeted();
    const idle = await Promise.all(Array.from({ length: 1000 }, () => Client.connect(service!.port)));
    clients.push(...idle);
    const greetings = await Promise.all(idle.map((client) => client.reply()));
    expect(greetings.filter((reply) => reply.startsWith('220 '))).toHaveLength(699);
    expect(greetings.filter((reply) => reply.startsWith('421 '))).toHaveLength(301);
    expect(await working.deliver(['news@example.org'], message('between'))).toEqual([
      '250 2.1.5 footer added: text/plain',
    ]);
    for (const client of idle) client.close();
    await until(async () => {
      const fresh = await Client.connect(service!.port);
      const greeting = await fresh.reply();
      fresh.close();
      return greeting.startsWith('220 ') || undefined;
    });
  });

  // The executable has no switch that loads a probe; the soak sees what it keeps.
  const [file, ...rest] = program.command;
  const leavesNothing = async () => {
    const probed = { name: program.name, command: [file, '--require', TIMERS, ...rest] } as typeof program;
    spool = await makeSpool();
    service = await startService({ program: probed, lists: spool.path });
    for (let count = 0; count < 50; count++) {
      const client = await greeted();
      const commands = ['LHLO x', 'MAIL FROM:<a@example.net>', 'RCPT TO:<news@example.org>', 'DATA', 'half'];
      client.socket.write(`${commands.join('\r\n')}\r\n`);
      await once(client.socket, 'data');
      client.socket.resetAndDestroy();
    }
    await until(async () => {
      service!.child.kill('SIGUSR2');
      await new Promise((resolve) => setTimeout(resolve, 100));
      return service!.log().trimEnd().endsWith('timers=0') || undefined;
    });
  };
  if (file === process.execPath) test('clients that break off leave nothing behind', leavesNothing);

  test('SIGTERM: idle clients are sent away, a message under way is finished, new ones find nobody, exit 0', async () => {
    const { port, child } = await serve({ mlmmjReceive: standIn('stores-slowly') });
    const [idle, half, busy] = [await greeted(), await greeted(), await greeted()];
    await half.begin(['talk@example.org']);
    half.send('Subject: half\r\n');
    const delivery = busy.deliver(['news@example.org'], message('busy'));
    await until(() => existsSync(join(spool.list('news'), 'queue/started')) || undefined);
    child.kill('SIGTERM');
    expect(await idle.reply()).toBe('421 4.3.2 the service is stopping');
    await expect(Client.connect(port)).rejects.toThrow(/ECONNREFUSED/);
    for (const list of ['news', 'talk']) await writeFile(join(spool.list(list), 'queue/go'), '');
    half.send('\r\nrest\r\n.\r\n');
    expect(await half.reply()).toMatch(/^250 2\.1\.5 /);
    expect(await delivery).toEqual(['250 2.1.5 footer added: text/plain']);
    expect(await busy.reply()).toBe('421 4.3.2 the service is stopping');
    expect(await service!.stop()).toBe(0);
    expect(service!.log()).toMatch(/\nstopped\n$/);
  });

  test('SIGTERM with a message that does not end: given up in time, exit 0', async () => {
    await serve({ mlmmjReceive: standIn('hangs'), args: ['--shutdown-seconds', '1'] });
    const busy = await greeted();
    const delivery = busy.deliver(['news@example.org'], message('hanging', 'x\n'.repeat(1000)));
    const half = await greeted();
    await half.begin(['talk@example.org']);
    half.send(LARGE.slice(0, 2_000_000).replaceAll('\n', '\r\n'));
    await until(() => existsSync(join(spool.list('news'), 'queue/hanging')) || undefined);
    expect(await service!.stop()).toBe(0);
    expect(await delivery).toEqual(['451 4.3.0 the service is stopping']);
    expect(existsSync(join(spool.list('talk'), 'queue/hanging')), 'nothing was started').toBe(false);
  });

  test('SIGTERM: a client that has said MAIL and no more is sent away in time', async () => {
    await serve({ args: ['--shutdown-seconds', '1'] });
    const client = await greeted();
    await client.ask('MAIL FROM:<a@example.net>');
    const begun = performance.now();
    const stopped = service!.stop();
    expect(await client.reply()).toBe('421 4.3.2 the service is stopping');
    expect(await stopped).toBe(0);
    expect(performance.now() - begun).toBeLessThan(5000);
  });

  test('killed in the middle of a large message: nothing was started, and nothing is left', async () => {
    await serve();
    const client = await greeted();
    await client.begin(['news@example.org']);
    client.send(LARGE.slice(0, 2_500_000).replaceAll('\n', '\r\n'));
    await until(async () =>
      (await openFiles(service!.child.pid!, spool.list('news'))) > 0 ? true : undefined,
    );
    expect(await service!.stop('SIGKILL')).toBe('SIGKILL');
    for (const directory of ['', 'incoming', 'queue']) {
      const names = await readdir(join(spool.list('news'), directory));
      expect(names.filter((name) => !['control', 'incoming', 'queue', 'archive'].includes(name))).toEqual([]);
    }
  });

  test('killed while mlmmj-receive reads a large message: it has all of it', async () => {
    await serve({ mlmmjReceive: standIn('stores-slowly') });
    const client = await greeted();
    const delivery = client.deliver(['news@example.org'], LARGE);
    await until(() => existsSync(join(spool.list('news'), 'queue/started')) || undefined);
    expect(await service!.stop('SIGKILL')).toBe('SIGKILL');
    await writeFile(join(spool.list('news'), 'queue/go'), '');
    await until(() => existsSync(join(spool.list('news'), 'queue/done')) || undefined);
    const top = 'Return-Path: <a@example.net>\nX-Original-To: news@example.org\n';
    expect((await spool.stored('news'))[0] === `${top}${LARGE}${FOOTER} news\n`).toBe(true);
    expect(await delivery).toEqual(['']);
  });

  test('lists that are broken, foreign, or not there for now keep their mail in the queue', async () => {
    await serve();
    await mkdir(join(spool.path, 'example.org/empty'));
    await symlink('/etc', join(spool.path, 'example.org/out'));
    await symlink(spool.list('talk'), join(spool.path, 'example.org/link'));
    await symlink('loop', join(spool.path, 'example.org/loop'));
    const client = await greeted();
    await client.ask('MAIL FROM:<a@example.net>');
    expect(await client.ask('RCPT TO:<empty@example.org>')).toBe(
      '451 4.3.0 list "empty" has no control directory',
    );
    expect(await client.ask('RCPT TO:<out@example.org>')).toBe(
      '451 4.3.0 the list is a link that leads out of the spool',
    );
    expect(await client.ask('RCPT TO:<loop@example.org>')).toBe(
      '451 4.3.0 the list cannot be looked at (ELOOP)',
    );
    expect(await client.ask('RCPT TO:<link@example.org>')).toBe('250 2.1.5 Accepted');
    expect(await client.ask('RCPT TO:<news@nowhere.example>')).toMatch(/^550 5\.1\.1 /);
    await rename(spool.path, `${spool.path}.away`);
    expect(await client.ask('RCPT TO:<news@example.org>')).toBe(
      '451 4.3.0 the spool cannot be read (ENOENT)',
    );
    await mkdir(spool.path);
    expect(await client.ask('RCPT TO:<news@example.org>')).toBe('451 4.3.0 the spool is empty');
    await rm(spool.path, { recursive: true });
    await rename(`${spool.path}.away`, spool.path);
    expect(await client.ask('RCPT TO:<news@example.org>')).toBe('250 2.1.5 Accepted');
  });

  const noRoot = lacks(ROOT_USER);
  test.skipIf(noRoot)(`a list that somebody else owns${noRoot}`, async () => {
    spool = await makeSpool();
    await chmod(spool.path, 0o755);
    service = await startService({ program, lists: spool.path, uid: 12_345 });
    const client = await greeted();
    await client.ask('MAIL FROM:<a@example.net>');
    expect(await client.ask('RCPT TO:<news@example.org>')).toMatch(
      /^451 4\.3\.0 list "news" belongs to another user/,
    );
  });

  test('a footer file that cannot be used costs the footer, and the log says so', async () => {
    await serve();
    await spool.add('odd', { footer_text: 'x'.repeat(70_000) });
    const client = await greeted();
    const [reply] = await client.deliver(['odd@example.org'], message('odd'));
    expect(reply).toBe('250 2.1.5 no footer: footer_text is larger than 64 KiB');
    expect(await service!.logged('<odd@example.net>')).toContain('footer="no footer: footer_text is larger');
  });

  test('an alias in control/listaddress works, also with an extension', async () => {
    await serve();
    await spool.add('long-name', {
      listaddress: 'long-name@example.org\nShort@Alias.example\n',
      delimiter: '-',
    });
    const client = await greeted();
    const replies = await client.deliver(
      ['short@alias.example', 'SHORT-help@alias.example', 'long-name-owner@example.org'],
      message('alias'),
    );
    expect(replies.map((reply) => reply.slice(10))).toEqual([
      'no footer: the list has none',
      'no footer: long-name-help is a command',
      "no footer: long-name-owner is for the list's owner",
    ]);
  });

  test('listens on a Unix socket, with the mode that was asked for, and takes it away again', async () => {
    spool = await makeSpool();
    const path = join(spool.path, 'lmtp.sock');
    const args = ['--listen', `unix:${path}`, '--socket-mode', '0660'];
    // One that was killed leaves its socket behind: it is no obstacle.
    const killed = await startService({ program, lists: spool.path, args });
    await killed.stop('SIGKILL');
    expect(existsSync(path)).toBe(true);
    service = await startService({ program, lists: spool.path, args });
    expect((await stat(path)).mode & 0o777).toBe(0o660);
    const client = await Client.greeted(path);
    expect(await client.deliver(['news@example.org'], message('unix'))).toEqual([
      '250 2.1.5 footer added: text/plain',
    ]);
    client.close();
    await expect(startService({ program, lists: spool.path, args })).rejects.toThrow(
      /something listens on .* already/,
    );
    expect(await service.stop()).toBe(0);
    expect(existsSync(path)).toBe(false);
  });

  test('one that is stopping leaves the socket of its successor alone', async () => {
    spool = await makeSpool();
    const path = join(spool.path, 'lmtp.sock');
    const args = ['--listen', `unix:${path}`, '--shutdown-seconds', '2'];
    const first = await startService({ program, lists: spool.path, args });
    const busy = await Client.greeted(path);
    clients.push(busy);
    await busy.begin(['news@example.org']);
    const stopped = first.stop();
    await first.logged('stopping');
    service = await startService({ program, lists: spool.path, args });
    expect(await stopped).toBe(0);
    expect(existsSync(path)).toBe(true);
  });

  test('an address that is in use is named, once, and nothing is left behind', async () => {
    const { port } = await serve();
    const path = join(spool.path, 'lmtp.sock');
    const taken = `127.0.0.1:${port}`;
    for (const args of [
      ['--listen', taken],
      ['--listen', `unix:${path}`, '--metrics', taken],
    ]) {
      const { status, said } = await refusal([...args, '--lists', spool.path]);
      expect(said).toBe(`mlmmj-amime-receive serve: something listens on ${taken} already\n`);
      expect(status).toBe(64);
    }
    expect(existsSync(path)).toBe(false);
  });

  test.each(['tcp', 'unix'])('takes over a %s socket from systemd', async (kind) => {
    spool = await makeSpool();
    const path = join(spool.path, 'systemd.sock');
    const [file, ...first] = program.command;
    // What systemd does: a listening socket on descriptor 3, and two variables about it.
    const activator = `
import os, socket, sys
kind, path = sys.argv[1:3]
if kind == 'tcp':
    s = socket.socket(); s.bind(('127.0.0.1', 0))
else:
    s = socket.socket(socket.AF_UNIX); s.bind(path)
s.listen(10)
print(s.getsockname()[1] if kind == 'tcp' else 0, flush=True)
os.dup2(s.fileno(), 3)
os.set_inheritable(3, True)
os.environ['LISTEN_FDS'] = '1'
os.environ['LISTEN_PID'] = str(os.getpid())
os.execv(sys.argv[3], sys.argv[3:])
`;
    const child = spawn(
      'python3',
      [
        '-c',
        activator,
        kind,
        path,
        file,
        ...first,
        'serve',
        '--lists',
        spool.path,
        '--listen',
        'systemd',
        '--mlmmj-receive',
        standIn('stores-each'),
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let said = '';
    let log = '';
    child.stdout.on('data', (piece: Buffer) => {
      said += piece.toString();
    });
    child.stderr.on('data', (piece: Buffer) => {
      log += piece.toString();
    });
    const port = Number(await until(() => /^[0-9]+\n/.exec(said)?.[0]));
    const client = await Client.greeted(kind === 'tcp' ? port : path);
    expect(await client.deliver(['news@example.org'], message('systemd'))).toEqual([
      '250 2.1.5 footer added: text/plain',
    ]);
    client.close();
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    expect(await ended, log).toBe(0);
  });

  test.each([
    [['--listen', '127.0.0.1:1', '--lists', 'relative'], '--lists needs an absolute path'],
    [
      ['--listen', '0.0.0.0:2424', '--lists', '/x'],
      '0.0.0.0 can be reached by others: say who may connect with --allow',
    ],
    [['--listen', 'systemd', '--lists', '/x'], 'systemd gave no socket'],
    [['--listen', 'unix:/dev/null', '--lists', '/x'], '/dev/null is there and is no socket'],
    [
      ['--tls-cert', '/nowhere', '--tls-key', '/nowhere', '--lists', '/x'],
      '/nowhere cannot be read (ENOENT)',
    ],
    [
      ['--listen', `unix:/tmp/${'x'.repeat(103)}`, '--lists', '/x'],
      'is longer than the path of a socket may be',
    ],
    [['--max-size', '999999999999G', '--lists', '/x'], '--max-size needs a number of bytes'],
  ])('does not start with %j', async (args, complaint) => {
    const { status, said } = await refusal(args);
    expect(status).toBe(64);
    expect(said).toContain(complaint);
    expect(said.trimEnd().split('\n')).toHaveLength(1);
  });

  /** What a service says that does not start. */
  async function refusal(args: readonly string[]): Promise<{ status: unknown; said: string }> {
    const [file, ...first] = program.command;
    const child = spawn(file, [...first, 'serve', ...args], { stdio: ['ignore', 'inherit', 'pipe'] });
    let said = '';
    child.stderr.on('data', (piece: Buffer) => {
      said += piece.toString();
    });
    const status = await new Promise((resolve) => child.once('close', resolve));
    return { status, said };
  }
});
