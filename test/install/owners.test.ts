/** Lists that are somebody's already: who delivers, and what stands in the way of that. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { describe, expect, onTestFinished, test } from 'vitest';
import { gatherAliasPipes } from '../../src/install/alias-pipes.ts';
import {
  command,
  LIST_USER,
  type PrivateHost,
  postfixObstacle,
  privateHost,
  spooledList,
} from './private-postfix.ts';

const obstacle = postfixObstacle();
const RECEIVE = ['/usr/local/bin/mlmmj-receive', '/usr/bin/mlmmj-receive'].find(existsSync);

/** Without the option that says who delivers. */
const install = (host: PrivateHost, ...args: string[]) => {
  const at = host.options.indexOf('--user');
  return command('install', [...host.options.toSpliced(at, 2), ...args]);
};

/** Adds a list; who owns it, and an alias that gives it mail by a pipe. */
function aliasedList(host: PrivateHost, name: string, owner: string): string {
  spooledList(host, name, `${name}@mail.example.com`);
  execaSync('chown', ['-R', owner, join(host.spool, name)]);
  return `${name}: "|/usr/bin/mlmmj-receive -L ${host.spool}/${name}/"\n`;
}

function aliases(host: PrivateHost, text: string, owner = 'root'): void {
  const path = join(host.config, 'aliases');
  writeFileSync(path, text);
  execaSync('chown', ['root', path]);
  execaSync('postalias', ['-c', host.config, `hash:${path}`]);
  execaSync('chown', [owner, path, `${path}.db`]);
  execaSync('postconf', ['-c', host.config, '-e', `alias_maps = hash:${path}`]);
}

describe.skipIf(obstacle)(`lists that are somebody's${obstacle}`, () => {
  test('are delivered to by their owner, unless another one is asked for', async () => {
    const host = privateHost('');
    spooledList(host, 'news', 'news@mail.example.com');
    spooledList(host, 'talk', 'talk@mail.example.com');
    expect(await install(host, '--create-user')).toMatchObject({ status: 0, err: '' });
    expect(host.postconf('-M', 'mlmmj/unix')).toContain(` user=${LIST_USER} `);
    expect(host.postconf('-h', 'transport_maps')).toContain('transport_maps_maillist');
    expect(readFileSync(join(host.config, 'transport_maps_maillist'), 'utf8')).toContain('mlmmj:news');
  });

  test('that a new user could not deliver to are named, with the command, and not routed', async () => {
    const user = `amime-test-${process.pid}`;
    onTestFinished(() => {
      execaSync('userdel', [user], { reject: false });
    });
    const host = privateHost('');
    for (const name of ['news', 'talk']) spooledList(host, name, `${name}@mail.example.com`);
    const { status, out } = await install(host, '--create-user', '--user', user);
    expect(status).toBe(0);
    expect(out).toContain(
      `2 lists belong to ${LIST_USER} and not to ${user}, who delivers: chown -R ${user} ${host.spool}/news ${host.spool}/talk, then run this again\n`,
    );
    expect(readFileSync(join(host.config, 'transport_maps_maillist'), 'utf8')).not.toMatch(
      /^[^#]*mlmmj:news/m,
    );
    execaSync('chown', ['-R', user, host.spool]);
    expect((await install(host)).out).not.toContain('who delivers');
    expect(readFileSync(join(host.config, 'transport_maps_maillist'), 'utf8')).toMatch(
      /^news@.*mlmmj:news$/m,
    );
  });

  test('are named where aliases go on calling mlmmj-receive as somebody else', async () => {
    const host = privateHost('');
    const pipes = aliasedList(host, 'news', LIST_USER) + aliasedList(host, 'talk', LIST_USER);
    aliases(host, `root: ann\n${pipes}other: "|/usr/bin/mlmmj-receive -L /nowhere"\n`);
    const said = (out: string) => out.split('\n').filter((line) => line.includes('calls mlmmj-receive'));
    expect(said((await install(host, '--dry-run')).out)).toEqual([
      `  ${host.config}/aliases calls mlmmj-receive as nobody for news, talk: remove these lines and run newaliases, for what they call is refused, and bounces, where the list belongs to ${LIST_USER}`,
    ]);
    aliases(host, pipes, LIST_USER);
    expect(said((await install(host, '--dry-run')).out)).toEqual([]);
  });

  test('are refused by the real mlmmj-receive to anybody else', (context) => {
    if (RECEIVE === undefined) context.skip('needs mlmmj: apt-get install mlmmj');
    const host = privateHost('');
    spooledList(host, 'news', 'news@mail.example.com');
    const receive = execaSync(
      'su',
      ['-s', '/bin/sh', 'nobody', '-c', `${RECEIVE} -L ${host.spool}/news -F`],
      {
        input: 'From: a@b\n\nx\n',
        reject: false,
      },
    );
    expect(receive.exitCode).not.toBe(0);
  });
});

test.each([
  ['a: |"/usr/bin/mlmmj-receive -L %/news"', ['a']],
  ['a: "|/usr/local/bin/mlmmj-amime-receive -F -L \'%/news/\'"', ['a']],
  ['# b: "|/usr/bin/mlmmj-receive -L %/news"\na: ann,\n  "|/usr/bin/mlmmj-receive -L %/news -F"\n', ['a']],
  ['a: "|/usr/bin/procmail -L %/news"\nb: ann\nc: :include:%/news\n', []],
])('the pipes in %j', (text, names) => {
  const host = privateHost('');
  spooledList(host, 'news', 'news@mail.example.com');
  const path = join(host.path, 'aliases');
  writeFileSync(path, text.replaceAll('%', host.spool));
  const found = gatherAliasPipes(`nis:mail.aliases, texthash:${path}`, 'nobody');
  expect(found.map(({ name }) => name)).toEqual(names);
  for (const pipe of found)
    expect(pipe).toMatchObject({ directory: `${host.spool}/news`, user: 'nobody', path });
  rmSync(path);
  expect(gatherAliasPipes(`hash:${path}`, 'nobody')).toEqual([]);
});
