import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { describe, expect, test } from 'vitest';
import { lacks, postfixTable } from '../helpers/needs.ts';
import {
  command,
  LIST_USER,
  type PrivateHost,
  postfixObstacle,
  privateHost,
  spooledList,
} from './private-postfix.ts';

/** What is said here takes the place of what the host has for it. */
const install = (host: PrivateHost, ...args: string[]) => {
  const others = host.options.filter((_, at, all) => !args.includes(all[at - (at % 2)]!));
  return command('install', [...others, ...args]);
};
const uninstall = (host: PrivateHost) => command('uninstall', ['--postfix-config', host.config]);

/** Installs, installs again, and uninstalls: what has to hold on every host. */
async function cycle(host: PrivateHost, installed: () => void = () => {}, ...args: string[]): Promise<void> {
  const before = host.snapshot();
  expect(await install(host, ...args)).toMatchObject({ status: 0, err: '' });
  installed();
  const after = host.snapshot();
  expect((await install(host, ...args)).out).toContain('nothing needs to change');
  expect(host.snapshot()).toEqual(after);
  expect(await uninstall(host)).toMatchObject({ status: 0, err: '' });
  expect(host.snapshot()).toEqual(before);
}

const pipe = (attributes: string, argv = '/usr/bin/mlmmj-receive -L /var/spool/mlmmj/$nexthop') =>
  `mlmmj unix - n n - - pipe\n  ${attributes} argv=${argv}`;

const obstacle = postfixObstacle();

describe.skipIf(obstacle)(`hosts as other people set them up${obstacle}`, () => {
  test('files whose last line does not end, and a transport with options before its flags', async () => {
    const host = privateHost(
      'mynetworks = 127.0.0.0/8',
      pipe(`-v -o syslog_name=postfix/lists flags=R user=${LIST_USER}`),
    );
    await cycle(host, () => {
      expect(host.postconf('-h', 'mynetworks')).toBe('127.0.0.0/8');
      expect(host.postconf('-h', 'mlmmj_destination_recipient_limit')).toBe('1');
      expect(host.postconf('-M', 'mlmmj/unix').replace(/ +/g, ' ')).toContain(
        `pipe -v -o syslog_name=postfix/lists flags=DORhu user=${LIST_USER} null_sender= argv=`,
      );
    });
  });

  test('a directory named with a slash behind it', async () => {
    const host = privateHost('');
    spooledList(host, 'news', 'news@mail.example.com');
    const slashed = {
      ...host,
      options: host.options.map((word) => (word === host.config ? `${word}/` : word)),
    };
    await cycle(slashed, () => {
      expect(host.postconf('-h', 'transport_maps')).toBe(`hash:${host.config}/transport_maps_maillist`);
    });
    await install(host);
    expect((await install(slashed)).out).toContain('nothing needs to change');
    expect((await command('uninstall', ['--postfix-config', `${host.config}/`])).out).toContain('Put back:');
  });

  test('an Amavisd whose own port is taken, by Postfix as on ISPConfig or by another bank', async () => {
    const host = privateHost('', '127.0.0.1:10027 inet n - n - - smtpd\n');
    const before = host.snapshot();
    const refused = await install(host);
    expect(refused.status).toBe(1);
    expect(refused.err).toBe(
      "mlmmj-amime-receive install: port 10027 is Postfix's own (127.0.0.1:10027 in master.cf): choose another with --amavis-port, and the same in each list's control/smtpport\n",
    );
    appendFileSync(host.amavis, "$interface_policy{'10030'} = 'ORIGINATING';\n1;\n");
    expect((await install(host, '--amavis-port', '10030')).err).toContain(
      "port 10030 has Amavisd's policy bank ORIGINATING",
    );
    writeFileSync(host.amavis, '1;\n');
    await install(host, '--amavis-port', '10031');
    await uninstall(host);
    writeFileSync(host.amavis, before['amavisd.conf']!.replace(/^\S+ \S+ /, ''));
    expect(host.snapshot()).toEqual(before);
  });

  test("a re-injection port that is no smtpd's", async () => {
    const host = privateHost('', '127.0.0.1:10028 inet n n n - 0 spawn user=nobody argv=/bin/true\n');
    expect((await install(host)).err).toContain(
      '127.0.0.1:10028 in master.cf runs spawn: choose another port with --reinjection-port',
    );
  });

  test('a policy bank that was adapted, with ports of its own', async () => {
    const host = privateHost('');
    await cycle(host, () => {}, '--amavis-port', '20027', '--reinjection-port', '20028');
    await install(host, '--amavis-port', '20027', '--reinjection-port', '20028');
    expect((await install(host)).out).toContain('nothing needs to change');
    const bank = join(host.path, 'mlmmj-amime-receive.conf');
    writeFileSync(bank, readFileSync(bank, 'utf8').replace("# d => 'example.com'", "d => 'mine.example'"));
    expect((await install(host)).out).toContain('nothing needs to change');
    expect((await install(host, '--dkim-domain', 'other.example')).status).toBe(0);
    expect(readFileSync(bank, 'utf8')).toContain("        d => 'other.example',\n");
    expect(readFileSync(bank, 'utf8')).toContain("$interface_policy{'20027'}");
    expect(readFileSync(bank, 'utf8')).not.toMatch(/1002[78]/);
  });

  test('an Amavisd configuration that is not where it was said to be', async () => {
    const host = privateHost('');
    for (const wrong of [join(host.path, 'nothing.conf'), host.spool, join(host.path, 'nothing/conf.d')]) {
      expect(await install(host, '--amavis-config', wrong)).toMatchObject({
        status: 66,
        err: `mlmmj-amime-receive install: --amavis-config ${wrong}: there is no such file\n`,
      });
    }
    mkdirSync(join(host.path, 'conf.d'));
    await cycle(
      host,
      () => expect(existsSync(join(host.path, 'conf.d/60-mlmmj-amime-receive'))).toBe(true),
      '--amavis-config',
      join(host.path, 'conf.d/'),
    );
  });

  test('lists in disorder, copies of lists and links to lists', async () => {
    const host = privateHost('mydestination = lists.example.com\n');
    spooledList(host, 'archive-of-news', 'news@lists.example.com');
    spooledList(host, 'news', 'news@lists.example.com');
    for (const [name, address] of [
      ['blank', 'my list@lists.example.com'],
      ['comment', '#news@lists.example.com'],
      ['umlaut', 'gr\u00fc\u00dfe@lists.example.com'],
      ['quoted', '"my list"@lists.example.com'],
      ['nothing', ''],
      ['m\u00fcnchen', 'munich@lists.example.com'],
      ['one', 'two@lists.example.com'],
      ['three', 'two@lists.example.com'],
      ['theirs', 'theirs@lists.example.com'],
    ] as const) {
      spooledList(host, name, address);
    }
    // Aliases may run mlmmj-receive as somebody else for this one, and go on doing so.
    execaSync('chown', ['-R', 'nobody', join(host.spool, 'theirs')]);
    mkdirSync(join(host.path, 'elsewhere/control'), { recursive: true });
    writeFileSync(join(host.path, 'elsewhere/control/listaddress'), 'linked@lists.example.com\n');
    execaSync('chown', ['-R', LIST_USER, join(host.path, 'elsewhere')]);
    symlinkSync(join(host.path, 'elsewhere'), join(host.spool, 'linked'));
    symlinkSync(join(host.path, 'elsewhere'), join(host.spool, 'old-name'));
    const table = join(host.config, 'transport_maps_maillist');
    await cycle(
      host,
      () =>
        expect(
          readFileSync(table, 'utf8')
            .replace(/^#.*\n/gm, '')
            .trim(),
        ).toBe('news@lists.example.com\tmlmmj:news\nlinked@lists.example.com\tmlmmj:linked'),
      '--transport',
      'hash',
    );
    const { out } = await install(host, '--transport', 'hash', '--dry-run');
    expect(out).toContain(
      `${host.spool}/blank is passed over: its control/listaddress has no plain address\n`,
    );
    expect(out).toContain(`${host.spool}/m\u00fcnchen is passed over: its name cannot stand in a table\n`);
    expect(out).toContain(
      `${host.spool}/theirs belongs to nobody and not to ${LIST_USER}, who delivers: chown -R ${LIST_USER} ${host.spool}/theirs, then run this again\n`,
    );
    expect(out).toContain(
      `two@lists.example.com is passed over: one and three in ${host.spool} have that address\n`,
    );
    const { findings } = JSON.parse(
      (await command('check', ['--json', '--all', host.spool, '--postfix-config', host.config])).out,
    );
    const subjects = findings.map(({ subject }: { subject: string }) => subject);
    expect(subjects.filter((subject: string) => subject === 'linked@lists.example.com').length).toBe(
      subjects.filter((subject: string) => subject === 'munich@lists.example.com').length,
    );
  });

  test("a table of lists with somebody's own entries", async () => {
    const host = privateHost('mydestination = lists.example.com\n');
    for (const name of ['closed', 'split', 'fresh']) spooledList(host, name, `${name}@lists.example.com`);
    const table = join(host.config, 'transport_maps_maillist');
    writeFileSync(table, 'closed@lists.example.com error:closed\nsplit@lists.example.com\n    mlmmj:split\n');
    await cycle(host, () => {
      const query = (name: string) =>
        execaSync('postmap', ['-c', host.config, '-q', `${name}@lists.example.com`, `hash:${table}`]).stdout;
      expect(['closed', 'split', 'fresh'].map(query)).toEqual(['error:closed', 'mlmmj:split', 'mlmmj:fresh']);
    });
    expect((await install(host, '--dry-run')).out).toContain(
      'closed@lists.example.com leads to error:closed',
    );
  });

  for (const type of ['texthash', 'lmdb']) {
    const missing = lacks(postfixTable(type));
    test.skipIf(missing)(`a table of lists that transport_maps has as ${type}${missing}`, async () => {
      const host = privateHost('');
      const table = `${type}:${join(host.config, 'transport_maps_maillist')}`;
      execaSync('postconf', ['-c', host.config, '-e', `transport_maps = ${table}`]);
      spooledList(host, 'news', 'news@mail.example.com');
      writeFileSync(join(host.config, 'transport_maps_maillist'), 'old@mail.example.com mlmmj:old\n');
      if (type !== 'texthash') execaSync('postmap', ['-c', host.config, table]);
      await cycle(host, () => {
        expect(host.postconf('-h', 'transport_maps')).toBe(table);
        const query = ['-c', host.config, '-q', 'news@mail.example.com', table];
        expect(execaSync('postmap', query).stdout).toBe('mlmmj:news');
      });
    });
  }

  test('a table whose index is missing, or older than the table', async () => {
    const host = privateHost('');
    spooledList(host, 'news', 'news@mail.example.com');
    const before = host.snapshot();
    await install(host);
    const table = join(host.config, 'transport_maps_maillist');
    rmSync(`${table}.db`);
    expect((await install(host)).out).toContain(`file ${table}`);
    expect(existsSync(`${table}.db`)).toBe(true);
    utimesSync(`${table}.db`, 1e9, 1e9);
    expect((await install(host)).out).toContain(`file ${table}`);
    expect((await install(host)).out).toContain('nothing needs to change');
    await uninstall(host);
    expect(host.snapshot()).toEqual(before);
  });

  test('directories of lists with capital letters, which pipe(8) is not to fold', async () => {
    const host = privateHost('', `${pipe(`flags=R user=${LIST_USER}`)}\n`);
    spooledList(host, 'News', 'News@mail.example.com');
    await cycle(host, () => expect(host.postconf('-M', 'mlmmj/unix')).toContain(' flags=DOR user='));
    const folding = privateHost('', `${pipe(`flags=Rhu user=${LIST_USER}`)}\n`);
    spooledList(folding, 'News', 'News@mail.example.com');
    expect((await install(folding)).out).toContain(
      'news@mail.example.com lies in News, and the flag h asks for small letters: rename it\n',
    );
    const { out } = await command('check', ['--all', folding.spool, '--postfix-config', folding.config]);
    expect(out).toMatch(/News@mail.example.com leads to mlmmj:News, that is \S+\/news, by \S+ in \S+\n/);
  });

  test("limits set before there was a service that uses them, and Amavisd's functions without parentheses", async () => {
    const host = privateHost('mlmmj_time_limit = 1h\n');
    writeFileSync(host.amavis, "use strict;\ninclude_optional_config_files '/etc/amavisd-local.conf';\n1;\n");
    await cycle(host, () => expect(host.postconf('-h', 'mlmmj_time_limit')).toBe('1h'));
    await install(host);
    execaSync('postconf', ['-c', host.config, '-e', 'mynetworks = 10.0.0.0/8']);
    await uninstall(host);
    expect(readFileSync(join(host.config, 'main.cf'), 'utf8')).toContain('mlmmj_time_limit = 1h\n');
  });

  test('a domain that is a virtual alias domain by a table is not made a relay domain besides', async () => {
    const host = privateHost('');
    const virtual = join(host.config, 'virtual');
    writeFileSync(virtual, 'example.com is one\nnews@example.com news@localhost.mlmmj\n');
    execaSync('postconf', ['-c', host.config, '-e', `virtual_alias_maps = texthash:${virtual}`]);
    spooledList(host, 'news', 'news@example.com');
    await cycle(host, () => expect(host.postconf('-n')).not.toContain('relay_domains'));
    expect((await install(host)).out).toContain('example.com is a virtual alias domain');
  });

  test("mlmmj's README.postfix: lists that are led to the transport already get no second table", async () => {
    const host = privateHost(
      'mydestination = lists.example.com\nlocal_recipient_maps =\nrecipient_delimiter = +\n',
      `${pipe(`flags=R user=${LIST_USER}`)}\n`,
    );
    spooledList(host, 'news', 'news@lists.example.com');
    spooledList(host, 'desk', 'desk@lists.example.com');
    const [virtual, transport] = ['virtual', 'transport'].map((name) => join(host.config, name));
    const write = (...names: string[]) => {
      const entries = (text: (name: string) => string) => names.map((name) => `${text(name)}\n`).join('');
      writeFileSync(
        virtual!,
        entries((name) => `${name}@lists.example.com ${name}@localhost.mlmmj`),
      );
      writeFileSync(
        transport!,
        entries((name) => `${name}@localhost.mlmmj mlmmj:${name}`),
      );
    };
    write('news', 'desk');
    for (const setting of [
      `virtual_alias_maps = texthash:${virtual}`,
      `transport_maps = texthash:${transport}`,
    ]) {
      execaSync('postconf', ['-c', host.config, '-e', setting]);
    }
    await cycle(host, () => {
      expect(host.postconf('-h', 'transport_maps')).toBe(`texthash:${transport}`);
      expect(existsSync(join(host.config, 'transport_maps_maillist'))).toBe(false);
    });
    expect((await install(host, '--dry-run', '--lmtp')).out).toContain(
      'news@lists.example.com becomes news@localhost.mlmmj before transport_maps is asked',
    );
    // One that nobody leads anywhere gets an entry, and the others none.
    write('news');
    await install(host);
    const table = readFileSync(join(host.config, 'transport_maps_maillist'), 'utf8');
    expect(table).toMatch(/^desk@lists\.example\.com\s+mlmmj:desk$/m);
    expect(table).not.toMatch(/^news@/m);
  });

  test('an access list of main.cf stays through it all', async (context) => {
    const host = privateHost('');
    const main = join(host.config, 'main.cf');
    // u::rw- u:1:rw- g::r-- m::rw- o::r--, as setfacl would write it.
    const entries = '[(1,6,-1),(2,6,1),(4,4,-1),(16,6,-1),(32,4,-1)]';
    const python = (code: string) =>
      execaSync('python3', ['-c', `import os,struct;p='${main}';n='system.posix_acl_access';${code}`], {
        reject: false,
      });
    const set = `os.setxattr(p,n,struct.pack('<I',2)+b''.join(struct.pack('<HHi',*e) for e in ${entries}))`;
    if (python(set).exitCode !== 0) context.skip('no access lists here');
    const list = () => python('print(os.getxattr(p,n).hex())').stdout;
    const before = list();
    await cycle(host, () => expect(list()).toBe(before));
    expect(list()).toBe(before);
  });
});
