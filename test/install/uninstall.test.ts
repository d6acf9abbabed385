import {
  appendFileSync,
  lstatSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { describe, expect, test } from 'vitest';
import { command, type PrivateHost, postfixObstacle, privateHost, spooledList } from './private-postfix.ts';

const install = (host: PrivateHost, ...args: string[]) => command('install', [...host.options, ...args]);
const uninstall = (host: PrivateHost, ...args: string[]) =>
  command('uninstall', ['--postfix-config', host.config, ...args]);

const obstacle = postfixObstacle();

describe.skipIf(obstacle)(`installing after somebody changed what was installed${obstacle}`, () => {
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

  test('names only what it changed, and what has to be done for that', async () => {
    const host = privateHost('');
    const none = host.options.map((word) => (word === host.amavis ? 'none' : word));
    await command('install', [...none, '--transport', 'hash']);
    const { out } = await uninstall(host);
    expect(out).toContain(`\nTo use it now: postfix -c ${host.config} reload.\n`);
    expect(out).not.toContain('Amavisd');
    await install(host, '--transport', 'hash');
    expect((await uninstall(host)).out).toContain('reload, and restart Amavisd.\n');
  });

  test('says so where nothing is left to put back', async () => {
    const host = privateHost('');
    await install(host, '--transport', 'hash');
    for (const path of [join(host.config, 'main.cf'), join(host.config, 'master.cf'), host.amavis])
      writeFileSync(path, `# all mine\n${path === host.amavis ? '1;\n' : ''}`);
    for (const name of ['mlmmj-out.regexp', 'transport_maps_maillist', 'transport_maps_maillist.db'])
      rmSync(join(host.config, name));
    rmSync(join(host.path, 'mlmmj-amime-receive.conf'));
    expect((await uninstall(host, '--dry-run')).out).toMatch(/^Nothing had to be put back\.\n/);
  });

  test('a table that somebody uses elsewhere stays, with its index', async () => {
    const host = privateHost('');
    spooledList(host, 'news', 'news@mail.example.com');
    await install(host, '--transport', 'hash');
    const table = join(host.config, 'transport_maps_maillist');
    execaSync('postconf', ['-c', host.config, '-e', `virtual_mailbox_maps = hash:${table}`]);
    const { out } = await uninstall(host);
    expect(out).toContain(`Left, because main.cf or master.cf still names it:\n  ${table}\n  ${table}.db\n`);
    expect(host.postconf('-h', 'transport_maps')).toBe('');
    const query = [
      '-c',
      host.config,
      '-q',
      'news@mail.example.com',
      host.postconf('-h', 'virtual_mailbox_maps'),
    ];
    expect(execaSync('postmap', query).stdout).toBe('mlmmj:news');
  });

  test.each(['before', 'after'])(
    'files that are links to other names, edited %s the link was made',
    async (when) => {
      const host = privateHost('');
      const link = () => {
        for (const [path, name] of [
          [join(host.config, 'main.cf'), 'managed-main'],
          [join(host.config, 'master.cf'), 'managed-master'],
          [host.amavis, 'managed-amavisd'],
        ] as const) {
          renameSync(path, join(host.path, name));
          symlinkSync(join(host.path, name), path);
        }
      };
      if (when === 'after') link();
      await install(host, '--transport', 'hash');
      if (when === 'before') link();
      appendFileSync(join(host.config, 'main.cf'), 'mynetworks = 10.0.0.0/8\n');
      appendFileSync(join(host.config, 'master.cf'), 'mine unix - - n - - discard\n');
      writeFileSync(host.amavis, `$theirs = 1;\n${readFileSync(host.amavis, 'utf8')}`);
      expect(await uninstall(host)).toMatchObject({ status: 0, err: '' });
      expect(host.postconf('-n')).not.toContain('mlmmj');
      expect(host.postconf('-M')).not.toContain('mlmmj');
      expect(host.postconf('-h', 'mynetworks')).toBe('10.0.0.0/8');
      expect(readFileSync(host.amavis, 'utf8')).not.toContain('include_config_files');
      expect(lstatSync(join(host.config, 'main.cf')).isSymbolicLink()).toBe(true);
    },
  );

  test('a link that postconf put a file in the place of', async () => {
    const host = privateHost('');
    const main = join(host.config, 'main.cf');
    renameSync(main, join(host.path, 'managed'));
    symlinkSync(join(host.path, 'managed'), main);
    await install(host, '--transport', 'hash');
    execaSync('postconf', ['-c', host.config, '-e', 'mynetworks = 10.0.0.0/8']);
    expect(lstatSync(main).isFile()).toBe(true);
    await uninstall(host);
    expect(host.postconf('-n')).not.toContain('mlmmj');
    expect(host.postconf('-h', 'mynetworks')).toBe('10.0.0.0/8');
  });

  test('what names a file is written after it, and put back before it', async () => {
    const host = privateHost('');
    await install(host, '--transport', 'hash');
    execaSync('postconf', ['-c', host.config, '-e', 'mynetworks = 10.0.0.0/8']);
    const { installed } = JSON.parse(
      readFileSync(join(host.config, 'mlmmj-amime-receive.installed/journal.json'), 'utf8'),
    );
    const written: string[] = installed.files.map(({ path }: { path: string }) => path);
    expect(written.slice(-2)).toEqual([join(host.config, 'master.cf'), join(host.config, 'main.cf')]);
    expect((await uninstall(host, '--dry-run')).out).toMatch(
      /^Would put back:\n {2}\S+\/main\.cf\n {2}\S+\/master\.cf\n {2}\S+\/amavisd\.conf\n/,
    );
  });
});
