import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { describe, expect, test } from 'vitest';
import {
  command,
  LIST_USER,
  type PrivateHost,
  postfixObstacle,
  privateHost,
  spooledList,
} from './private-postfix.ts';

const IREDMAIL = `recipient_delimiter = +
virtual_mailbox_domains = proxy:mysql:/etc/postfix/mysql/virtual_mailbox_domains.cf
transport_maps =
    hash:/etc/postfix/transport
# the users' own
    proxy:mysql:/etc/postfix/mysql/transport_maps_user.cf
mlmmj_destination_recipient_limit = 1
`;
const IREDMAIL_TRANSPORT = `mlmmj   unix  -       n       n       -       -       pipe
    flags=ORhu user=${LIST_USER}:${LIST_USER} argv=/usr/bin/mlmmj-amime-receive -L /var/vmail/mlmmj/\${nexthop}
`;

const install = (host: PrivateHost, ...args: string[]) => command('install', [...host.options, ...args]);
const uninstall = (host: PrivateHost, ...args: string[]) =>
  command('uninstall', ['--postfix-config', host.config, ...args]);

const obstacle = postfixObstacle();

describe.skipIf(obstacle)(`installing into a real Postfix configuration${obstacle}`, () => {
  test('puts everything in place, twice makes no difference, and uninstalling leaves no byte behind', async () => {
    const host = privateHost('mydestination = lists.example.com\n');
    spooledList(host, 'lists.example.com/news', 'news@lists.example.com');
    spooledList(host, 'flat', 'flat@lists.example.com');
    const before = host.snapshot();

    const first = await install(host, '--transport', 'hash');
    expect(first).toMatchObject({ status: 0, err: '' });
    expect(host.postconf('-h', 'transport_maps')).toBe(`hash:${host.config}/transport_maps_maillist`);
    expect(host.postconf('-M', 'mlmmj/unix')).toContain('flags=DORhu');
    for (const [address, nexthop] of [
      ['news', 'lists.example.com/news'],
      ['flat', 'flat'],
    ]) {
      const query = [
        '-c',
        host.config,
        '-q',
        `${address}@lists.example.com`,
        host.postconf('-h', 'transport_maps'),
      ];
      expect(execaSync('postmap', query).stdout).toBe(`mlmmj:${nexthop}`);
    }
    const installed = host.snapshot();

    const second = await install(host, '--transport', 'hash');
    expect(second.out).toContain('nothing needs to change');
    expect(host.snapshot()).toEqual(installed);

    expect(await uninstall(host)).toMatchObject({ status: 0, err: '' });
    expect(host.snapshot()).toEqual(before);
    expect((await uninstall(host)).out).toContain('Nothing is installed here');
  });

  test('adds to what an iRedMail host has, with the database connection that it has', async () => {
    const host = privateHost(IREDMAIL, IREDMAIL_TRANSPORT);
    mkdirSync(join(host.config, 'mysql'));
    const tables = join(host.config, 'mysql');
    writeFileSync(
      join(tables, 'transport_maps_user.cf'),
      'user = vmail\npassword = s3cret\nhosts = 127.0.0.1\ndbname = vmail\n',
    );
    writeFileSync(join(tables, 'transport_maps_maillist.cf'), 'their own\n');
    // Nothing answers at that database here, so its table stands in for one that does.
    const dry = await install(host, '--dry-run');
    expect(dry.status).toBe(0);
    expect(dry.out).toContain(
      `+    flags=DORhu user=${LIST_USER}:${LIST_USER} null_sender=`.replace(/^\+ +/, ''),
    );
    expect(dry.out).toContain(
      `transport_maps = hash:/etc/postfix/transport     proxy:mysql:`.replace(/ {5}/, ' '),
    );
    expect(dry.out).toContain(`proxy:mysql:${tables}/transport_maps_maillist.cf`);
  });

  test('shows in a dry run what it would write, to the byte, and writes nothing', async () => {
    const host = privateHost('relay_domains = old.example.com\n');
    spooledList(host, 'lists.example.com/news', 'news@lists.example.com');
    const before = host.snapshot();
    const { out, status } = await install(host, '--transport', 'hash', '--dry-run');
    expect(status).toBe(0);
    expect(host.snapshot()).toEqual(before);
    await install(host, '--transport', 'hash');
    for (const name of ['postfix/main.cf', 'postfix/master.cf', 'amavisd.conf']) {
      const path = join(host.path, name);
      const start = out.indexOf(`--- ${path}\n`);
      const diff = out.slice(start, out.indexOf('\n\n', start) + 1);
      const original = join(host.path, 'original');
      writeFileSync(original, before[name]!.replace(/^\S+ \S+ /, ''), 'latin1');
      execaSync('patch', ['--silent', original], { input: diff });
      expect(readFileSync(original, 'utf8'), name).toBe(readFileSync(path, 'utf8'));
    }
  });

  test('never shows a password', async () => {
    const host = privateHost('');
    const table = join(host.path, 'mine.cf');
    writeFileSync(table, 'user = vmail\npassword = s3cret\nhosts = 127.0.0.1\ndbname = vmail\n');
    const { out, status } = await install(host, '--transport', 'mysql', '--lookup-from', table, '--dry-run');
    expect(status).toBe(0);
    expect(out).toContain('+password    = (not shown)');
    expect(out).not.toContain('s3cret');
  });

  test('keeps owner and mode of each file, and a link where one was', async () => {
    const host = privateHost('');
    chmodSync(join(host.config, 'main.cf'), 0o600);
    const real = join(host.path, 'managed-master.cf');
    execaSync('mv', [join(host.config, 'master.cf'), real]);
    execaSync('ln', ['-s', real, join(host.config, 'master.cf')]);
    expect((await install(host)).status).toBe(0);
    const mode = (path: string) => execaSync('stat', ['-c', '%A', path]).stdout;
    expect(mode(join(host.config, 'main.cf'))).toBe('-rw-------');
    expect(mode(join(host.config, 'master.cf'))).toMatch(/^l/);
    expect(readFileSync(real, 'utf8')).toContain('mlmmj-out');
  });
});

describe('a wrong call', () => {
  test.each([
    [['--transport', 'nis'], '--transport nis: one of hash, mysql, pgsql, ldap, none is meant'],
    [['--prefix', 'usr'], '--prefix usr: an absolute path is needed'],
    [['--spool', '/a b'], '--spool /a b: only plain characters'],
    [['--amavis-port', '70000'], '--amavis-port 70000: that is no port'],
    [['--user', 'a b'], '--user a b: that is no user name'],
    [['--dkim-domain', "x'y"], "--dkim-domain x'y: that is no domain"],
    [['--frobnicate'], 'unknown option "--frobnicate"'],
    [['now'], 'unknown argument "now"'],
  ])('%j', async (args, message) => {
    const { status, err } = await command('install', args);
    expect(status).toBe(64);
    expect(err).toContain(message);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  test('--help says what there is', async () => {
    const { status, out } = await command('install', ['--help']);
    expect(status).toBe(0);
    for (const option of ['--dry-run', '--create-user', '--transport', '--amavis-config', '--dkim-domain']) {
      expect(out).toContain(option);
    }
    expect((await command('uninstall', ['--help'])).out).toContain('byte for byte');
  });
});
