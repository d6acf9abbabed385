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

const MAIL =
  / leads to | leads here|transport_maps does not know|cannot be asked|Postfix refuses|without an end|as well$/;

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
    .filter(({ what }) => MAIL.test(what))
    .map(({ level, what }) =>
      `${level}: ${what}`.replaceAll(host.config, 'HOST').replaceAll(host.spool, 'SPOOL'),
    );
}

function listHost(tables: Record<string, string>, main: (config: string) => string): PrivateHost {
  const host = privateHost('recipient_delimiter = +\nrelay_domains = lists.example.com\n', TRANSPORT);
  spooledList(host, 'news', 'news@lists.example.com');
  for (const name of ['incoming', 'queue']) mkdirSync(join(host.spool, 'news', name));
  for (const [name, text] of Object.entries(tables)) {
    writeFileSync(join(host.config, name), text.replaceAll('SPOOL', host.spool));
  }
  execaSync('postconf', ['-c', host.config, '-e', ...main(host.config).split('\n')]);
  const line = host.postconf('-M', 'mlmmj/unix').replace(/ +/g, ' ').replace('@/', `${host.spool}/`);
  execaSync('postconf', ['-c', host.config, '-M', `mlmmj/unix=${line}`]);
  return host;
}

/** @param table as a table of transport_maps */
const here = (table: string) =>
  ['news', 'news+subscribe'].map(
    (local) => `right: ${local}@lists.example.com leads here (mlmmj:news) by ${table}`,
  );

describe.skipIf(obstacle)(`where Postfix takes a list's mail${obstacle}`, () => {
  test.each(['lists.example.com', '.example.com', '.com', '*'])('an entry for %s', async (key) => {
    expect(
      await leads({ table: `${key} mlmmj:news\n` }, (at) => `transport_maps = texthash:${at}/table`),
    ).toEqual(here('texthash:HOST/table'));
  });

  test('the most exact entry counts, whichever table it is in', async () => {
    const tables = {
      first: 'lists.example.com smtp:elsewhere\n',
      second: 'news@lists.example.com mlmmj:news\n',
    };
    const main = (at: string) => `transport_maps = texthash:${at}/first, texthash:${at}/second`;
    expect(await leads(tables, main)).toEqual(here('texthash:HOST/second'));
  });

  test('patterns see the whole address alone', async () => {
    const tables = { patterns: '/^news@/ mlmmj:news\n' };
    expect(await leads(tables, (at) => `transport_maps = regexp:${at}/patterns`)).toEqual([
      here('regexp:HOST/patterns')[0],
      'wrong: transport_maps does not know news+subscribe@lists.example.com: news+subscribe@lists.example.com leads to relay:lists.example.com by relay_transport',
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
    expect(await leads(tables, main)).toEqual([
      `${here('texthash:HOST/transport')[0]}, as ${local}@localhost.mlmmj by texthash:HOST/virtual`,
      `${here('texthash:HOST/transport')[1]}, as ${local}+subscribe@localhost.mlmmj by texthash:HOST/virtual`,
    ]);
  });

  test('a domain of mlmmj without propagated extensions loses the commands', async () => {
    const tables = {
      virtual: 'news@lists.example.com news@localhost.mlmmj\n',
      transport: '/^news\\+.*@localhost\\.mlmmj$/ mlmmj:other\n/^news@localhost\\.mlmmj$/ mlmmj:news\n',
    };
    const main = (at: string) =>
      `virtual_alias_maps = texthash:${at}/virtual\ntransport_maps = regexp:${at}/transport`;
    expect(await leads(tables, main)).toEqual([
      `${here('regexp:HOST/transport')[0]}, as news@localhost.mlmmj by texthash:HOST/virtual`,
      'wrong: news+subscribe@lists.example.com leads to mlmmj:other, that is SPOOL/other, by news+subscribe@localhost.mlmmj in regexp:HOST/transport, as news+subscribe@localhost.mlmmj by texthash:HOST/virtual',
    ]);
  });

  test.each([
    [
      'a mailbox domain whose tables do not know the list, though its transport is right',
      'virtual_mailbox_domains = lists.example.com\nvirtual_mailbox_maps = texthash:HOST/empty',
      'Postfix refuses news@lists.example.com, news+subscribe@lists.example.com (550 User unknown in virtual mailbox table): it is in none of virtual_mailbox_maps (texthash:HOST/empty), virtual_alias_maps (empty)',
    ],
    [
      'a relay domain whose tables do not know the list',
      'relay_domains = lists.example.com\nrelay_recipient_maps = texthash:HOST/empty',
      'Postfix refuses news@lists.example.com, news+subscribe@lists.example.com (550 User unknown in relay recipient table): it is in none of relay_recipient_maps (texthash:HOST/empty), virtual_alias_maps (empty)',
    ],
    [
      'a virtual alias domain without an alias',
      'virtual_alias_domains = lists.example.com\nvirtual_alias_maps = texthash:HOST/empty',
      'Postfix refuses news@lists.example.com, news+subscribe@lists.example.com (550 User unknown in virtual alias table): it is not in virtual_alias_maps (texthash:HOST/empty)',
    ],
    [
      'a domain that Postfix takes no mail for',
      'relay_domains =',
      'Postfix refuses all mail for lists.example.com (454 Relay access denied): it is in none of mydestination, virtual_alias_domains, virtual_mailbox_domains, relay_domains',
    ],
  ])('%s', async (_, settings, what) => {
    const tables = { empty: '', transport: 'lists.example.com mlmmj:news\n' };
    const main = (at: string) =>
      `relay_domains =\n${settings.replaceAll('HOST', at)}\ntransport_maps = texthash:${at}/transport`;
    expect(await leads(tables, main)).toEqual([`wrong: ${what}`]);
  });

  test('a list that arrives by an alias and at a mailbox as well', async () => {
    const tables = {
      virtual: 'news@lists.example.com news@lists.example.com, someone@boxes.example.com\n',
      transport: 'lists.example.com mlmmj:news\n',
    };
    const main = (at: string) =>
      `virtual_alias_maps = texthash:${at}/virtual\nvirtual_mailbox_domains = boxes.example.com\ntransport_maps = texthash:${at}/transport`;
    expect(await leads(tables, main)).toEqual([
      here('texthash:HOST/transport')[0],
      'note: news@lists.example.com goes to someone@boxes.example.com as well',
      here('texthash:HOST/transport')[1],
      'note: news+subscribe@lists.example.com goes to someone+subscribe@boxes.example.com as well',
    ]);
  });

  test('aliases(5) that run mlmmj: with footers by this program, without by its own', async () => {
    const main = (at: string) =>
      `relay_domains =\nmydestination = lists.example.com\nlocal_recipient_maps = $alias_maps\nalias_maps = texthash:${at}/aliases`;
    const aliases = (program: string) => ({ aliases: `news "|/usr/bin/${program} -L SPOOL/news/"\n` });
    expect(await leads(aliases('mlmmj-amime-receive'), main)).toEqual([
      'right: news@lists.example.com leads here (|/usr/bin/mlmmj-amime-receive -L SPOOL/news/) by texthash:HOST/aliases',
      'right: news+subscribe@lists.example.com leads here (|/usr/bin/mlmmj-amime-receive -L SPOOL/news/) by texthash:HOST/aliases',
    ]);
    expect(await leads(aliases('mlmmj-receive'), main)).toEqual([
      'wrong: news@lists.example.com leads to mlmmj-receive by news in texthash:HOST/aliases: posts get no footer',
      'wrong: news+subscribe@lists.example.com leads to mlmmj-receive by news in texthash:HOST/aliases: posts get no footer',
    ]);
  });

  test('aliases that lead in a circle, to several, or nowhere', async () => {
    for (const [virtual, what] of [
      ['news@lists.example.com news@lists.example.com\n', 'transport_maps does not know news@lists'],
      [
        'news@lists.example.com a@b.example\na@b.example news@lists.example.com\n',
        'news@lists.example.com is rewritten without an end: its mail waits',
      ],
      ['news@lists.example.com a@b.example, c@d.example\n', 'transport_maps does not know a@b.example:'],
      ['news@lists.example.com someone\n', 'transport_maps does not know someone@mail.example.com:'],
    ] as const) {
      const main = (at: string) =>
        `virtual_alias_maps = texthash:${at}/virtual\ntransport_maps = texthash:${at}/empty`;
      const said = await leads({ virtual, empty: '' }, main);
      expect(said[0]).toContain(`wrong: ${what}`);
    }
  });

  test('a table that cannot be asked is said once, and of the table', async () => {
    const said = await leads({}, (at) => `transport_maps = texthash:${at}/missing`);
    expect(said).toEqual([
      expect.stringMatching(/^wrong: texthash:HOST\/missing cannot be asked: .*No such file/),
    ]);
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
