/** The OpenRC script, with OpenRC: started, reloaded, killed, and stopped with a message in flight. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lacks, MLMMJ } from '../helpers/needs.ts';
import { demandBuild, PROGRAMS, ROOT, until } from '../helpers/programs.ts';
import { Client, childrenOf, makeSpool, message } from './service.ts';

/** Debian's packages openrc, librc1 and libeinfo1, unpacked; .ci/run does it. */
const OPENRC = process.env.OPENRC_ROOT ?? join(ROOT, '.ci/openrc');
const NAMESPACES = ['--mount', '--pid', '--fork', '--mount-proc', '--kill-child'];

const missing = lacks(
  {
    what: 'OpenRC, unpacked into .ci/openrc by .ci/run',
    packages: [],
    isMet: () => existsSync(join(OPENRC, 'sbin/openrc-run')),
  },
  MLMMJ,
  {
    what: 'the right to make namespaces',
    packages: [],
    isMet: () => spawnSync('unshare', [...NAMESPACES, 'true']).status === 0,
  },
);

describe.skipIf(missing)(`OpenRC${missing}`, () => {
  let directory: string;
  let host: ChildProcess;
  /** The first process of the host. */
  let init: number;
  const socket = () => join(directory, 'run/lmtp.sock');
  const stored = () => readdirSync(join(directory, 'spool/example.org/news/incoming')).length;
  const log = () => readFileSync(`/proc/${init}/root/var/log/mlmmj-amime.log`, 'utf8');
  const service = async (action: string) => {
    const enter = ['-t', String(init), '--mount', '--pid'];
    const { exitCode, all } = await execa('nsenter', [...enter, 'rc-service', 'mlmmj-amime', action], {
      reject: false,
      all: true,
      stdin: 'ignore',
    });
    return { exitCode, all };
  };
  /** The process id of the service, as this side sees it. */
  const processId = () =>
    until(async () => {
      for (const child of await childrenOf(init)) {
        const [own] = readFileSync(`/proc/${child}/comm`, 'utf8').startsWith('supervise')
          ? await childrenOf(child)
          : [];
        if (own !== undefined && readFileSync(`/proc/${own}/comm`, 'utf8') === 'mlmmj-amime-rec\n')
          return own;
      }
      return undefined;
    });
  const listening = (times: number) =>
    until(() => (log().split('listening on=').length > times ? true : undefined));

  beforeAll(async () => {
    demandBuild();
    directory = mkdtempSync(join(tmpdir(), 'amime-openrc-'));
    chmodSync(directory, 0o755);
    const spool = await makeSpool();
    cpSync(spool.path, join(directory, 'spool'), { recursive: true });
    await spool.remove();
    const settings = [
      `mlmmj_amime_lists=${directory}/spool`,
      `mlmmj_amime_listen=unix:${socket()}`,
      `mlmmj_amime_options='-P --hostname "lists.example.org"'`,
    ];
    writeFileSync(join(directory, 'conf'), `${settings.join('\n')}\n`);
    const script = join(ROOT, 'test/serve/openrc-host.sh');
    const files = [OPENRC, PROGRAMS[0]!.command[0], join(ROOT, 'contrib/openrc/mlmmj-amime')];
    host = spawn('unshare', [...NAMESPACES, 'bash', script, directory, ...files], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    await until(() => {
      if (host.exitCode !== null) throw new Error('the host did not come up');
      return existsSync(join(directory, 'ready')) ? true : undefined;
    });
    init = (await childrenOf(host.pid!))[0]!;
  });

  afterAll(async () => {
    const ended = once(host, 'exit');
    host.kill('SIGKILL');
    await ended;
    rmSync(directory, { recursive: true, force: true });
  });

  async function post(name: string): Promise<string[]> {
    const client = await Client.greeted(socket());
    const replies = await client.deliver(['news@example.org'], message(name));
    client.close();
    return replies;
  }

  test('start: the service runs as the owner of the lists, and takes mail', async () => {
    expect((await service('status')).exitCode).toBe(3);
    const started = await service('start');
    expect(started.exitCode, started.all).toBe(0);
    await listening(1);
    expect((await service('status')).exitCode).toBe(0);
    const owner = statSync(join(directory, 'spool')).uid;
    expect(owner).not.toBe(0);
    expect(statSync(`/proc/${await processId()}`).uid).toBe(owner);
    expect(statSync(socket()).uid).toBe(owner);
    const client = await Client.connect(socket());
    expect(await client.reply()).toMatch(/^220 lists\.example\.org /);
    client.close();
    expect(await post('first')).toEqual(['250 2.1.5 footer added: text/plain']);
    expect(stored()).toBe(1);
    expect(log()).toContain('message-id=<first@example.net>');
    expect((await service('start')).all).toContain('already been started');
  });

  test('reload: the same process reads its certificate again', async () => {
    const before = await processId();
    const reloaded = await service('reload');
    expect(reloaded.exitCode, reloaded.all).toBe(0);
    await until(() => (log().includes('reloaded') ? true : undefined));
    expect(await processId()).toBe(before);
  });

  test('a service that dies is started again', async () => {
    const before = await processId();
    process.kill(before, 'SIGKILL');
    await listening(2);
    expect(await processId()).not.toBe(before);
    expect(await post('second')).toEqual(['250 2.1.5 footer added: text/plain']);
    expect((await service('status')).exitCode).toBe(0);
  });

  test('stop: a message in flight is finished first', async () => {
    const client = await Client.greeted(socket());
    expect(await client.begin(['news@example.org'])).toEqual([expect.stringMatching(/^250 /)]);
    const stopping = service('stop');
    await until(() => (log().includes('stopping signal=SIGTERM') ? true : undefined));
    expect(await client.finish(message('third'))).toEqual(['250 2.1.5 footer added: text/plain']);
    client.close();
    const stopped = await stopping;
    expect(stopped.exitCode, stopped.all).toBe(0);
    expect(log()).toMatch(/\nstopped\n$/);
    expect(stored()).toBe(3);
    expect((await service('status')).exitCode).toBe(3);
    expect(existsSync(socket())).toBe(false);
  });
});
