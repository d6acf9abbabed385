import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { describe, expect, test, vi } from 'vitest';
import { account } from '../../src/mail-server/accounts.ts';
import {
  command,
  LIST_USER,
  type PrivateHost,
  postfixObstacle,
  privateHost,
  spooledList,
} from '../install/private-postfix.ts';

const obstacle = postfixObstacle();
const TRANSPORT = `mlmmj unix - n n - - pipe
  flags=DORhu user=${LIST_USER} null_sender= argv=/usr/bin/mlmmj-amime-receive -L @/\${nexthop}
`;

/** What `check` says of where a list's two addresses lead. */
async function leads(tables: Record<string, string>, main: (config: string) => string): Promise<string[]> {
  const host = listHost(tables, main);
  const { out } = await command('check', [
    '--json',
    join(host.spool, 'news'),
    '--postfix-config',
    host.config,
  ]);
  const findings: { level: string; what: string }[] = JSON.parse(out).findings;
  return findings
    .filter(({ what }) => / leads to | leads here|transport_maps does not know|cannot be asked/.test(what))
    .map(({ level, what }) => `${level}: ${what}`);
}

function listHost(tables: Record<string, string>, main: (config: string) => string): PrivateHost {
  const host = privateHost('recipient_delimiter = +\n', TRANSPORT);
  spooledList(host, 'news', 'news@lists.example.com');
  for (const name of ['incoming', 'queue']) mkdirSync(join(host.spool, 'news', name));
  for (const [name, text] of Object.entries(tables)) writeFileSync(join(host.config, name), text);
  execaSync('postconf', ['-c', host.config, '-e', ...main(host.config).split('\n')]);
  const line = host.postconf('-M', 'mlmmj/unix').replace(/ +/g, ' ').replace('@/', `${host.spool}/`);
  execaSync('postconf', ['-c', host.config, '-M', `mlmmj/unix=${line}`]);
  return host;
}

const HERE = [
  'right: news@lists.example.com leads here (mlmmj:news)',
  'right: news+subscribe@lists.example.com leads here (mlmmj:news)',
];

describe.skipIf(obstacle)(`where Postfix takes a list's mail${obstacle ? `: ${obstacle}` : ''}`, () => {
  test.each(['lists.example.com', '.example.com', '.com', '*'])('an entry for %s', async (key) => {
    expect(
      await leads({ table: `${key} mlmmj:news\n` }, (at) => `transport_maps = texthash:${at}/table`),
    ).toEqual(HERE);
  });

  test('the most exact entry counts, whichever table it is in', async () => {
    const tables = {
      first: 'lists.example.com smtp:elsewhere\n',
      second: 'news@lists.example.com mlmmj:news\n',
    };
    const main = (at: string) => `transport_maps = texthash:${at}/first, texthash:${at}/second`;
    expect(await leads(tables, main)).toEqual(HERE);
  });

  test('patterns see the whole address alone', async () => {
    const tables = { patterns: '/^news@/ mlmmj:news\n' };
    expect(await leads(tables, (at) => `transport_maps = regexp:${at}/patterns`)).toEqual([
      HERE[0],
      'wrong: transport_maps does not know news+subscribe@lists.example.com',
    ]);
  });

  test.each([
    ['news@lists.example.com', 'news--lists@localhost.mlmmj'],
    ['@lists.example.com', '@localhost.mlmmj'],
  ])('an alias into a domain of mlmmj, as its README has it: %s', async (key, target) => {
    const local = target.startsWith('@') ? 'news' : target.split('@')[0];
    const tables = { virtual: `${key} ${target}\n`, transport: `${local}@localhost.mlmmj mlmmj:news\n` };
    const main = (at: string) =>
      `virtual_alias_maps = texthash:${at}/virtual\ntransport_maps = texthash:${at}/transport`;
    expect(await leads(tables, main)).toEqual(HERE);
  });

  test('aliases that lead in a circle, to several, or nowhere', async () => {
    for (const virtual of [
      'news@lists.example.com news@lists.example.com\n',
      'news@lists.example.com a@b.example\na@b.example news@lists.example.com\n',
      'news@lists.example.com a@b.example, c@d.example\n',
      'news@lists.example.com someone\n',
    ]) {
      const main = (at: string) =>
        `virtual_alias_maps = texthash:${at}/virtual\ntransport_maps = texthash:${at}/empty`;
      expect(await leads({ virtual, empty: '' }, main)).toEqual([
        'wrong: transport_maps does not know news@lists.example.com',
        'wrong: transport_maps does not know news+subscribe@lists.example.com',
      ]);
    }
  });
});

test('an account that is not in /etc/passwd is asked of the system', () => {
  const host = privateHost('');
  const id = join(host.path, 'id');
  writeFileSync(
    id,
    '#!/bin/sh\ncase "$*" in "-un -- lists"|"-un -- 77777") echo lists;; "-u -- lists"|"-u -- 77777") echo 77777;; "-g -- "*) echo 88888;; *) exit 1;; esac\n',
  );
  chmodSync(id, 0o755);
  vi.stubEnv('PATH', `${host.path}:${process.env.PATH}`);
  try {
    expect(account('lists')).toEqual({ name: 'lists', uid: 77777, gid: 88888 });
    expect(account(77777)).toEqual({ name: 'lists', uid: 77777, gid: 88888 });
    expect(account('nobody-at-all')).toBeUndefined();
  } finally {
    vi.unstubAllEnvs();
  }
});
