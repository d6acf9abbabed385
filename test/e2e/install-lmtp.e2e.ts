/** `install --lmtp` on a mail host that runs: from the pipe to the service and back with mail in the queue, and away. */
import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Finding } from '../../src/check/finding.ts';
import { arrived, deliveries, eventually, header } from './deliveries.ts';
import { freshMessageId, post, read, withHeader } from './mail.ts';
import { listAccount } from './stack/account.ts';
import { copyPrograms } from './stack/copy-programs.ts';
import { type ListService, startListService } from './stack/list-service.ts';
import { makeList } from './stack/lists.ts';
import { freePorts } from './stack/ports.ts';
import { makePostfix, type Postfix } from './stack/postfix.ts';
import { makePrivateDirectory, type PrivateDirectory } from './stack/private-directory.ts';
import { type Sink, startSink } from './stack/sink.ts';
import type { Stack } from './stack/stack.ts';

const EXECUTABLE =
  process.env.MLMMJ_AMIME_EXECUTABLE ?? new URL('../../dist/mlmmj-amime-receive', import.meta.url).pathname;
const obstacle = inject('obstacle');
const NEWS = 'news@lists.example.com';
const SUBSCRIBERS = ['ann@subscribers.example.net', 'bob@subscribers.example.org'];

describe.skipIf(obstacle)('installing the LMTP service on a host that delivers through the pipe', () => {
  const owner = obstacle === undefined ? listAccount() : { name: '', uid: 0, gid: 0 };
  let home: PrivateDirectory;
  let postfix: Postfix;
  let sink: Sink;
  let before: Record<string, string>;
  let service: ListService | undefined;
  let options: string[];
  const path = (name: string) => join(home.path, name);
  const socket = () => path('run/lmtp.sock');
  const receive = () => path('usr/bin/mlmmj-receive');

  beforeAll(async () => {
    home = makePrivateDirectory();
    const [smtp, sinkPort] = (await freePorts(2)) as [number, number];
    sink = await startSink(sinkPort, path('sink'), true);
    const bin = home.make('usr/bin');
    copyPrograms(EXECUTABLE, bin);
    for (const name of ['receive', 'process', 'send'])
      copyFileSync(`/usr/bin/mlmmj-${name}`, join(bin, `mlmmj-${name}`));
    await makeList(home.make('vmail/mlmmj'), owner, sinkPort, {
      address: NEWS,
      subscribers: SUBSCRIBERS,
      control: { footer_text: 'Grüße von der Liste\n', tocc: '' },
    });
    postfix = makePostfix(home, 'host', smtp, {
      relayhost: `[127.0.0.1]:${sinkPort}`,
      mydestination: 'localhost, lists.example.com',
      // What is put off is tried again when the test says so.
      minimal_backoff_time: '1h',
      queue_run_delay: '1h',
    });
    home.make('units');
    await execa('chown', [`${owner.uid}:${owner.gid}`, home.make('run')]);
    before = files();
    options = [
      ...['--postfix-config', postfix.config, '--amavis-config', 'none', '--systemd-config', path('units')],
      ...['--prefix', path('usr'), '--mlmmj-receive', receive()],
      ...['--spool', path('vmail/mlmmj'), '--user', owner.name],
    ];
    await install('--transport', 'hash');
    await postfix.start();
  });
  afterAll(async () => {
    await service?.stop();
    home?.takeDown();
    await sink?.close();
  });

  const program = (...args: string[]) =>
    execa(join(home.path, 'usr/bin/mlmmj-amime-receive'), args, { reject: false });

  async function install(...args: string[]): Promise<string> {
    const { stdout, stderr, exitCode } = await program('install', ...options, ...args);
    expect([exitCode, stderr]).toEqual([0, '']);
    return stdout;
  }

  async function check(...args: string[]): Promise<{ status: number | undefined; wrong: Finding[] }> {
    const where = ['--postfix-config', postfix.config, '--systemd-config', path('units')];
    // The subscribers' server stands for Amavisd: it answers.
    const { stdout, exitCode } = await program(
      ...['check', '--json', ...where, '--amavis-port', String(sink.port), ...args],
    );
    const { findings } = JSON.parse(stdout) as { findings: Finding[] };
    return { status: exitCode, wrong: findings.filter(({ level }) => level === 'wrong') };
  }

  /** Every file that an installation may touch, to the byte. */
  function files(): Record<string, string> {
    const found: Record<string, string> = {};
    for (const directory of [postfix.config, path('units')]) {
      for (const entry of readdirSync(directory, { withFileTypes: true })) {
        const name = join(directory, entry.name);
        found[name] = entry.isFile() ? readFileSync(name, 'latin1') : 'directory';
      }
    }
    return found;
  }

  const reload = () => execa('postfix', ['-c', postfix.config, 'reload'], { stdio: 'ignore' });
  const flush = () => postfix.run('postqueue', '-f');

  async function send(text: string): Promise<string> {
    const messageId = freshMessageId();
    const stack = { smtpPort: postfix.port } as Stack;
    await post(stack, NEWS, withHeader(NEWS, messageId, ['Content-Type: text/plain'], `${text}\r\n`));
    return messageId;
  }

  /** The line in the mail log about a post, once it says this. */
  function logged(messageId: string, status: 'sent' | 'deferred', relay: 'mlmmj' | 'lmtp'): Promise<string> {
    return eventually(`${status} by ${relay}`, () => {
      const log = postfix.log();
      const id = new RegExp(`cleanup\\[\\d+\\]: (\\w+): message-id=${messageId.replaceAll('.', '\\.')}`).exec(
        log,
      );
      const by = relay === 'mlmmj' ? 'relay=mlmmj,' : '(?:relay=none|relay=\\S*lmtp\\.sock\\S*),';
      const line = id && new RegExp(`postfix/(?:pipe|lmtp)\\[\\d+\\]: ${id[1]}: .*${by}.*status=${status}.*`);
      return line?.exec(log)?.[0] || undefined;
    });
  }

  async function reachesAll(messageId: string): Promise<void> {
    const copies = await arrived(path('sink'), messageId, SUBSCRIBERS.length);
    expect(copies.flatMap(({ recipients }) => recipients).sort()).toEqual([...SUBSCRIBERS].sort());
    expect((await read(copies[0]!.bytes)).text).toContain('Grüße von der Liste');
  }

  /** As the units say, but for the socket, which systemd would make and hand over: it gets the owner and mode of theirs. */
  async function startService(): Promise<void> {
    const unit = readFileSync(path('units/mlmmj-amime.service'), 'utf8');
    const [executable, , ...args] = /^ExecStart=(.*)$/m.exec(unit)![1]!.split(' ');
    const listening = args.map((word) => (word === 'systemd' ? `unix:${socket()}` : word));
    service = await startListService(home, 'service', executable!, owner, listening);
    const socketUnit = readFileSync(path('units/mlmmj-amime.socket'), 'utf8');
    const says = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(socketUnit)![1]!;
    expect(says('ListenStream')).toBe(socket());
    expect(says('SocketMode')).toBe('0660');
    await execa('chown', [`${says('SocketUser')}:${says('SocketGroup')}`, socket()]);
    await execa('chmod', [says('SocketMode'), socket()]);
  }

  test('a post through the pipe, and nothing wrong', async () => {
    const messageId = await send('Through the pipe.');
    await logged(messageId, 'sent', 'mlmmj');
    await reachesAll(messageId);
    expect(await check()).toEqual({ status: 0, wrong: [] });
  });

  test('while the service is not started mail waits, and check says why', async () => {
    const said = await install('--lmtp', `unix:${socket()}`);
    expect(said).toContain('systemctl enable --now mlmmj-amime.socket');
    await reload();
    const messageId = await send('Too early.');
    await logged(messageId, 'deferred', 'lmtp');
    const { status, wrong } = await check();
    expect(status).toBe(1);
    expect(wrong.map(({ what }) => what)).toEqual([`there is no socket ${socket()}`]);

    // Back to the pipe: what waits for the service goes there.
    await install('--pipe');
    await reload();
    await flush();
    await logged(messageId, 'sent', 'mlmmj');
    await reachesAll(messageId);
  });

  test('what the pipe put off, the service delivers', async () => {
    renameSync(receive(), `${receive()}.away`);
    const messageId = await send('Put off.');
    expect(await logged(messageId, 'deferred', 'mlmmj')).toContain('4.3.0');
    renameSync(`${receive()}.away`, receive());
    await install('--lmtp', `unix:${socket()}`);
    await startService();
    await reload();
    await flush();
    await logged(messageId, 'sent', 'lmtp');
    await reachesAll(messageId);
  });

  test('with the service running a post is delivered, and check --lmtp finds nothing wrong', async () => {
    const messageId = await send('Through the service.');
    expect(await logged(messageId, 'sent', 'lmtp')).toContain('250 2.1.5 footer added: text/plain');
    await reachesAll(messageId);
    for (const args of [['--lmtp'], [], ['--lmtp', path('vmail/mlmmj/lists.example.com/news')]]) {
      expect(await check(...args)).toEqual({ status: 0, wrong: [] });
    }
    expect(await install('--lmtp', `unix:${socket()}`)).toContain('nothing needs to change');
    expect(await install()).toContain('nothing needs to change');
  });

  test('with the service stopped, check --lmtp names it', async () => {
    await service!.stop();
    service = undefined;
    const { status, wrong } = await check('--lmtp');
    expect(status).toBe(1);
    expect(wrong).toEqual([
      expect.objectContaining({
        subject: `LMTP service at unix:${socket()}`,
        what: `there is no socket ${socket()}`,
        mend: expect.stringContaining('systemctl enable --now mlmmj-amime.socket'),
      }),
    ]);
  });

  test('uninstalling puts every file back byte for byte, and no post was lost or doubled', async () => {
    const { exitCode, stdout } = await program('uninstall', '--postfix-config', postfix.config);
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain('Left');
    expect(stdout).toContain('systemctl stop mlmmj-amime.socket mlmmj-amime.service');
    expect(files()).toEqual(before);
    expect(existsSync(path('units/mlmmj-amime.socket'))).toBe(false);
    const posts = deliveries(path('sink')).map(
      ({ bytes }) => /^Message-ID: (.*)\r$/im.exec(header(bytes))?.[1],
    );
    for (const messageId of new Set(posts)) {
      const copies = deliveries(path('sink')).filter(({ bytes }) => header(bytes).includes(messageId!));
      expect(copies.flatMap(({ recipients }) => recipients)).toHaveLength(SUBSCRIBERS.length);
    }
    expect(new Set(posts).size).toBe(4);
    expect(await postfix.run('postqueue', '-p')).toContain('Mail queue is empty');
    expect(postfix.log()).not.toMatch(/status=bounced/);
  });
});
