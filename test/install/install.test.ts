import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { describe, expect, test } from 'vitest';
import { applyFile } from '../../src/install/file-change.ts';
import { Journal } from '../../src/install/journal.ts';
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

describe.skipIf(obstacle)(
  `installing into a real Postfix configuration${obstacle ? `: ${obstacle}` : ''}`,
  () => {
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
      const { out, status } = await install(
        host,
        '--transport',
        'mysql',
        '--lookup-from',
        table,
        '--dry-run',
      );
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
  },
);

describe.skipIf(obstacle)('installing after somebody changed what was installed', () => {
  test('uninstalling takes back what is ours and leaves what is theirs', async () => {
    const host = privateHost('transport_maps = hash:/etc/postfix/transport\nrecipient_delimiter = +\n');
    await install(host, '--transport', 'hash');
    execaSync('postconf', ['-c', host.config, '-e', 'mynetworks = 10.0.0.0/8']);
    const maps = host.postconf('-h', 'transport_maps');
    execaSync('postconf', ['-c', host.config, '-e', `transport_maps = hash:/first, ${maps}, hash:/last`]);
    execaSync('postconf', ['-c', host.config, '-M', 'mine/unix=mine unix - - n - - discard']);
    writeFileSync(host.amavis, `$theirs = 1;\n${readFileSync(host.amavis, 'utf8')}`);
    writeFileSync(join(host.config, 'mlmmj-out.regexp'), '# mine\n');

    const { out, status } = await uninstall(host);
    expect(status).toBe(0);
    expect(host.postconf('-h', 'transport_maps')).toBe(
      'hash:/first, hash:/etc/postfix/transport, hash:/last',
    );
    expect(host.postconf('-h', 'mynetworks')).toBe('10.0.0.0/8');
    expect(host.postconf('-n')).not.toContain('mlmmj');
    expect(host.postconf('-M')).not.toContain('mlmmj');
    expect(host.postconf('-M', 'mine/unix')).toContain('discard');
    expect(readFileSync(host.amavis, 'utf8')).toMatch(/^\$theirs = 1;\nuse strict;/);
    expect(readFileSync(host.amavis, 'utf8')).not.toContain('include_config_files');
    expect(out).toContain('Left, because it was changed since:\n');
    expect(out).toContain(join(host.config, 'mlmmj-out.regexp'));
  });

  test('a second installation does not make the first forget what was there', async () => {
    const host = privateHost('');
    spooledList(host, 'one', 'one@mail.example.com');
    const before = host.snapshot();
    await install(host, '--transport', 'hash');
    spooledList(host, 'two', 'two@mail.example.com');
    expect((await install(host, '--transport', 'hash')).out).toContain('transport_maps_maillist');
    await install(host, '--transport', 'hash', '--amavis-port', '20027');
    rmSync(join(host.spool, 'two'), { recursive: true });
    await uninstall(host);
    expect(host.snapshot()).toEqual(before);
  });

  test('an edit between two installations survives uninstalling', async () => {
    const host = privateHost('');
    await install(host, '--transport', 'none');
    execaSync('postconf', ['-c', host.config, '-e', 'mynetworks = 10.0.0.0/8']);
    await install(host, '--transport', 'hash');
    await uninstall(host);
    expect(host.postconf('-n')).toContain('mynetworks = 10.0.0.0/8');
    expect(host.postconf('-n')).not.toContain('mlmmj');
  });
});

describe.skipIf(obstacle)('what goes wrong changes nothing, and is said in one line', () => {
  /** Runs an installation that must fail, and checks that it left no trace. */
  async function failing(host: PrivateHost, ...args: string[]): Promise<{ status: number; line: string }> {
    const before = host.snapshot();
    const { status, err, out } = await install(host, ...args);
    expect(out).toBe('');
    expect(err).toMatch(/^mlmmj-amime-receive install: .+\n$/);
    expect(host.snapshot()).toEqual(before);
    return { status, line: err };
  }

  test('a database that does not answer', async () => {
    const host = privateHost('');
    const table = join(host.path, 'mine.cf');
    writeFileSync(table, 'user = vmail\npassword = s3cret\nhosts = 127.0.0.1:9\ndbname = vmail\n');
    const { line } = await failing(host, '--transport', 'mysql', '--lookup-from', table);
    expect(line).toMatch(/the lookup mysql:\S+ does not work: .*\(everything was put back as it was\)/);
    expect(line).not.toContain('s3cret');
  });

  test('a file that cannot be written', async (context) => {
    const host = privateHost('');
    const file = join(host.config, 'master.cf');
    if (execaSync('chattr', ['+i', file], { reject: false }).exitCode !== 0) context.skip('no chattr here');
    try {
      const { status, line } = await failing(host);
      expect(status).toBe(73);
      expect(line).toContain(`${file} cannot be written (EPERM)`);
    } finally {
      execaSync('chattr', ['-i', file]);
    }
  });

  test("an Amavisd configuration that perl doesn't take once ours is in it", async () => {
    const host = privateHost('');
    writeFileSync(host.amavis, '$x = (1,\n1;\n');
    expect((await failing(host)).line).toContain('amavisd.conf: syntax error');
  });

  test('a Postfix that is not in order already', async () => {
    const host = privateHost('mail_owner = nobody-at-all\n');
    expect((await failing(host)).line).toContain(
      'nothing was changed, because Postfix is not in order already',
    );
  });

  test('no Postfix', async () => {
    const host = privateHost('');
    rmSync(join(host.config, 'main.cf'));
    const { status, line } = await failing(host);
    expect(status).toBe(69);
    expect(line).toContain(`there is no Postfix configuration: ${host.config}/main.cf is missing`);
  });

  test("a transport that is somebody else's", async () => {
    const host = privateHost('', `mlmmj unix - n n - - pipe flags=R user=${LIST_USER} argv=/bin/cat\n`);
    expect((await failing(host)).line).toContain('the service "mlmmj" in master.cf runs /bin/cat');
  });

  test('the program is not installed', async () => {
    const host = privateHost('');
    rmSync(join(host.path, 'usr/bin/mlmmj-amime-receive'));
    expect((await failing(host)).line).toContain('make install');
  });

  test('an earlier run that was killed half-way is taken back first', async () => {
    const host = privateHost('');
    const before = host.snapshot();
    const path = join(host.config, 'main.cf');
    const content = readFileSync(path);
    const change = {
      path,
      before: content,
      after: Buffer.from('half = done\n'),
      mode: 0o644,
      uid: 0,
      gid: 0,
      secret: false,
    };
    const late = {
      ...change,
      path: join(host.config, 'master.cf'),
      before: readFileSync(join(host.config, 'master.cf')),
    };
    const fresh = { ...change, path: join(host.config, 'fresh'), before: undefined };
    new Journal(host.config).begin([change, fresh, late]);
    applyFile(change);
    applyFile(fresh);
    // Killed here: two of three files are written.

    const { out, status } = await install(host);
    expect(status).toBe(0);
    expect(out).toContain('An earlier run was interrupted: what it had changed was put back first.');
    expect(host.postconf('-h', 'myhostname')).toBe('mail.example.com');
    expect(existsSync(fresh.path)).toBe(false);
    await uninstall(host);
    expect(host.snapshot()).toEqual(before);
  });

  test('and where somebody has been at the files since, they are named', async () => {
    const host = privateHost('');
    const path = join(host.config, 'main.cf');
    const content = readFileSync(path);
    new Journal(host.config).begin([
      { path, before: content, after: Buffer.from('x'), mode: 0o644, uid: 0, gid: 0, secret: false },
    ]);
    writeFileSync(path, `${content}mynetworks = 10.0.0.0/8\n`);
    const { err, status } = await install(host);
    expect(status).toBe(1);
    expect(err).toContain(`an earlier run was interrupted and ${path} has changed since`);
    expect((await install(host)).status).toBe(0);
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
    [['--frobnicate'], "Unknown option '--frobnicate'"],
    [['now'], "Unexpected argument 'now'"],
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
