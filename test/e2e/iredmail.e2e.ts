/**
 * Hosts as iRedMail sets them up with PostgreSQL and with OpenLDAP: Postfix asks the database itself. With MariaDB it is the
 * mail host that all other tests send their mail through.
 */
import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Finding } from '../../src/check/finding.ts';
import { arrived, eventually } from './deliveries.ts';
import { freshMessageId, post, read, withHeader } from './mail.ts';
import { listAccount } from './stack/account.ts';
import { copyPrograms } from './stack/copy-programs.ts';
import { type LookupOptions, lookup, lookupSettings, writeLookups } from './stack/iredmail.ts';
import { makeList } from './stack/lists.ts';
import { startOpenLdap } from './stack/openldap.ts';
import { freePorts } from './stack/ports.ts';
import { makePostfix, type Postfix } from './stack/postfix.ts';
import { startPostgresql } from './stack/postgresql.ts';
import { makePrivateDirectory, type PrivateDirectory } from './stack/private-directory.ts';
import { databaseObstacle } from './stack/requirements.ts';
import { type Sink, startSink } from './stack/sink.ts';
import { type Stack, SUBSCRIBERS } from './stack/stack.ts';

const obstacle = inject('obstacle');
const EXECUTABLE = new URL('../../dist/mlmmj-amime-receive', import.meta.url).pathname;
const TEXT = ['Content-Type: text/plain; charset=us-ascii'];
const DOMAIN = 'lists.example.com';
const DESK = `desk@${DOMAIN}`;
const ASLEEP = `asleep@${DOMAIN}`;
/** Another address of the desk's. */
const HELP = `help@${DOMAIN}`;
const LISTS = [
  { address: DESK, active: true, aliases: [HELP] },
  { address: ASLEEP, active: false },
];

describe.each([
  ['pgsql', startPostgresql],
  ['ldap', startOpenLdap],
] as const)('iRedMail with %s', (kind, startDatabase) => {
  const missing = obstacle ?? databaseObstacle(kind);
  const reason = missing === undefined ? '' : ` (${missing})`;
  const owner = missing === undefined ? listAccount() : undefined;
  let home: PrivateDirectory;
  let sink: Sink;
  let database: number;

  beforeAll(async () => {
    if (missing !== undefined) return;
    home = makePrivateDirectory();
    const [port, sinkPort] = (await freePorts(2)) as [number, number];
    database = port;
    await startDatabase(home, port, LISTS);
    sink = await startSink(sinkPort, join(home.path, 'sink'), true);
    const bin = home.make('usr/bin');
    copyPrograms(EXECUTABLE, bin);
    for (const name of ['receive', 'process', 'send'])
      copyFileSync(`/usr/bin/mlmmj-${name}`, join(bin, `mlmmj-${name}`));
    for (const { address } of LISTS) {
      await makeList(home.make('vmail/mlmmj'), owner!, sinkPort, {
        address,
        subscribers: SUBSCRIBERS,
        control: { footer_text: 'Grüße von der Liste\n', tocc: '' },
      });
    }
  });

  afterAll(async () => {
    home?.takeDown();
    await sink?.close();
  });

  const program = (...args: string[]) =>
    execa(join(home.path, 'usr/bin/mlmmj-amime-receive'), args, { reject: false });
  const directory = (list: string) => join(home.path, 'vmail/mlmmj', list.split('@').reverse().join('/'));

  async function makeHost(name: string, options: LookupOptions): Promise<Postfix> {
    const [port] = (await freePorts(1)) as [number];
    const postfix = makePostfix(home, name, port, {
      relayhost: `[127.0.0.1]:${sink.port}`,
      ...lookupSettings(join(home.path, name, 'postfix'), kind),
    });
    writeLookups(postfix.config, kind, database, options);
    return postfix;
  }

  async function install(host: Postfix, ...args: string[]): Promise<string> {
    const { stdout, stderr, exitCode } = await program(
      ...['install', '--postfix-config', host.config, '--amavis-config', 'none', '--systemd-config', 'none'],
      ...['--prefix', join(home.path, 'usr'), '--mlmmj-receive', join(home.path, 'usr/bin/mlmmj-receive')],
      ...['--spool', join(home.path, 'vmail/mlmmj'), '--user', owner!.name, ...args],
    );
    expect([exitCode, stderr]).toEqual([0, '']);
    return stdout;
  }

  /** What `check` says that is not all right. */
  async function check(host: Postfix, list: string): Promise<string[]> {
    // The subscribers' server stands for Amavisd: it answers.
    const { stdout } = await program(
      ...['check', '--json', '--postfix-config', host.config, '--amavis-port', String(sink.port)],
      ...['--systemd-config', 'none', directory(list)],
    );
    const { findings } = JSON.parse(stdout) as { findings: Finding[] };
    return findings
      .filter(({ level }) => level === 'wrong' || level === 'unknown')
      .map(({ subject, what }) => `${subject}: ${what}`);
  }

  /** Every file of the configuration, to the byte. */
  function files({ config }: Postfix): Record<string, string> {
    const entries = readdirSync(config, { recursive: true, withFileTypes: true });
    return Object.fromEntries(
      entries.map((entry) => {
        const name = join(entry.parentPath, entry.name);
        return [name, entry.isFile() ? readFileSync(name, 'latin1') : 'directory'];
      }),
    );
  }

  async function send(host: Postfix, to: string, body: string): Promise<string> {
    const messageId = freshMessageId();
    await post({ smtpPort: host.port } as Stack, to, withHeader(to, messageId, TEXT, body));
    return messageId;
  }

  async function expectFooter(host: Postfix, to: string): Promise<void> {
    const messageId = await send(host, to, 'Words.\r\n');
    const [copy] = await arrived(join(home.path, 'sink'), messageId, SUBSCRIBERS.length);
    expect((await read(copy!.bytes)).text).toMatch(/^Words\.\s+Grüße von der Liste\s*$/);
  }

  describe.skipIf(missing)(`and nothing set up for lists${reason}`, () => {
    let host: Postfix;
    let before: Record<string, string>;

    test('install asks the database that the host asks already', async () => {
      host = await makeHost('host', { userLookupHasLists: false });
      before = files(host);
      await install(host);
      const maps = await host.run('postconf', '-h', 'transport_maps');
      expect(maps).toContain(lookup(host.config, kind, 'transport_maps_maillist'));
      await host.start();
    });

    test('check finds all right, and what is wrong with a list that is switched off', async () => {
      expect(await check(host, DESK)).toEqual([]);
      expect((await check(host, ASLEEP)).join()).toContain(ASLEEP);
    });

    test('a post to the list, or to another address that it has, arrives with its footer', async () => {
      await expectFooter(host, DESK);
      await expectFooter(host, HELP);
    });

    test("a command is mlmmj's own business", async () => {
      const command = DESK.replace('@', '+faq@');
      await send(host, command, '');
      const line = await eventually('the command', () =>
        host
          .log()
          .split('\n')
          .find((line) => line.includes(`to=<${command}>`) && line.includes('status=')),
      );
      expect(line).toContain('status=sent (delivered via mlmmj service (no footer');
    });

    test('a list that is switched off takes no posts', async () => {
      await expect(send(host, ASLEEP, 'Words.\r\n')).rejects.toThrow(/550 5\.1\.1 .*User unknown/);
    });

    test('uninstall puts everything back, to the byte', async () => {
      const { stdout, exitCode } = await program('uninstall', '--postfix-config', host.config);
      expect(exitCode).toBe(0);
      expect(stdout).not.toContain('Left');
      expect(files(host)).toEqual(before);
    });
  });

  if (kind !== 'ldap') return;

  describe.skipIf(missing)(`and one lookup for users and lists${reason}`, () => {
    let host: Postfix;
    let maps: string;
    const transportMaps = () => host.run('postconf', '-h', 'transport_maps');

    test('install needs no other', async () => {
      host = await makeHost('today', { userLookupHasLists: true });
      maps = await transportMaps();
      await install(host);
      expect(await transportMaps()).toBe(maps);
      expect(await check(host, DESK)).toEqual([]);
    });

    test('lists are routed to an LMTP service and back', async () => {
      await install(host, '--lmtp', 'inet:127.0.0.1:24');
      const table = `ldap:${host.config}/ldap/lmtp_transport.cf`;
      expect(await transportMaps()).toBe(`proxy:${table}, ${maps.split(/\s+/).join(', ')}`);
      for (const address of [DESK, HELP])
        expect(await host.run('postmap', '-q', address, table)).toBe('mlmmj-lmtp:inet:127.0.0.1:24');
      await expect(host.run('postmap', '-q', ASLEEP, table)).rejects.toThrow();
      await install(host, '--pipe');
      expect(await transportMaps()).toBe(maps.split(/\s+/).join(', '));
    });
  });
});
