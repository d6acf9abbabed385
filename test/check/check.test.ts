import { chmodSync, chownSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { VERSION } from '../../src/version.ts';
import {
  command,
  LIST_USER,
  PREDECESSOR,
  type PrivateHost,
  postfixObstacle,
  privateHost,
} from '../install/private-postfix.ts';
import { findings, MAIN, port, soundHost } from './sound-host.ts';

const obstacle = postfixObstacle();

describe.skipIf(obstacle)(`check${obstacle}`, () => {
  test('says that all is right where it is, whichever way the list is named', async () => {
    const host = soundHost();
    for (const args of [[], [host.list], ['--all', host.spool]]) {
      const { status, wrong, all } = await findings(host, ...args);
      expect(wrong).toEqual([]);
      expect(status).toBe(0);
      expect(all.map(({ what }) => what)).toEqual(
        expect.arrayContaining([
          expect.stringContaining('mlmmj-receive can be run'),
          `answers on port ${port}`,
          'control/listaddress is news@example.com',
          `news@example.com leads here (mlmmj:example.com/news) by regexp:${host.config}/lists`,
          `news+subscribe@example.com leads here (mlmmj:example.com/news) by regexp:${host.config}/lists`,
          'has a footer: control/footer_text',
        ]),
      );
    }
  });

  test('says first that it is not asked by root', async () => {
    const host = soundHost();
    const uid = vi.spyOn(process, 'geteuid').mockReturnValue(65534);
    try {
      const { all } = await findings(host);
      expect(all[0]).toMatchObject({
        level: 'note',
        subject: 'check',
        what: expect.stringContaining('as root'),
      });
    } finally {
      uid.mockRestore();
    }
  });

  test('prints a line each for people, without colours where no terminal is', async () => {
    const host = soundHost({ flags: 'flags=hu' });
    const { status, out } = await command('check', [
      '--postfix-config',
      host.config,
      '--amavis-port',
      String(port),
    ]);
    expect(status).toBe(1);
    expect(out).toContain('Postfix\n');
    expect(out).toContain(
      '  WRONG the transport lacks flag R: bounces cannot be told from posts\n        -> mlmmj-amime-receive install\n',
    );
    expect(out).toMatch(/\n1 thing is wrong\.\n$/);
    expect(out).not.toContain('\u001b');
  });

  /** Each breaks one thing, and exactly that is found. */
  const BREAKAGES: [string, (host: PrivateHost & { list: string }) => void, string | RegExp][] = [
    [
      'listaddress missing',
      ({ list }) => rmSync(join(list, 'control/listaddress')),
      'control/listaddress is missing: mlmmj takes mail and leaves it in incoming/',
    ],
    [
      'listaddress with an empty first line',
      ({ list }) => writeFileSync(join(list, 'control/listaddress'), '\nnews@example.com\n'),
      "control/listaddress has no address in its first line: mail waits in Postfix's queue",
    ],
    [
      'an empty delimiter',
      ({ list }) => writeFileSync(join(list, 'control/delimiter'), '\n'),
      "control/delimiter is empty: mail waits in Postfix's queue",
    ],
    [
      'another owner',
      ({ list }) => chownSync(list, 0, 0),
      `belongs to user id 0 and not to ${LIST_USER}: mlmmj-receive refuses it`,
    ],
    [
      'no control directory',
      ({ list }) => rmSync(join(list, 'control'), { recursive: true }),
      'list "news" has no control directory',
    ],
    ['no such list', ({ list }) => rmSync(list, { recursive: true }), 'there is no mailing list "news"'],
    [
      'another delimiter',
      ({ list }) => writeFileSync(join(list, 'control/delimiter'), '-\n'),
      'its delimiter is "-" and Postfix\'s "+": commands do not reach it',
    ],
    [
      'an unreadable footer',
      ({ list }) => {
        chownSync(join(list, 'control/footer_text'), 0, 0);
        chmodSync(join(list, 'control/footer_text'), 0o600);
      },
      'control/footer_text cannot be read (EACCES)',
    ],
    [
      'a footer in Latin-1',
      ({ list }) => writeFileSync(join(list, 'control/footer_text'), Buffer.from('Gr\xfc\xdfe\n', 'latin1')),
      'control/footer_text is not UTF-8; it is read as windows-1252',
    ],
    [
      'a blank footer',
      ({ list }) => writeFileSync(join(list, 'control/footer_text'), ' \n\n'),
      'its footer shows nothing: control/footer_text',
    ],
    [
      'a huge footer',
      ({ list }) => writeFileSync(join(list, 'control/footer_text'), 'x'.repeat(70_000)),
      'control/footer_text is larger than 64 KiB',
    ],
    [
      'a picture for a footer',
      ({ list }) => writeFileSync(join(list, 'control/footer_text'), Buffer.from([80, 0, 78, 0])),
      /footer_text/,
    ],
    [
      'HTML that is not closed',
      ({ list }) => writeFileSync(join(list, 'control/footer_html'), '<div><b>Bye</div>\n'),
      'control/footer_html would break the page it is put into: <b> without </b>',
    ],
    [
      "mlmmj's own footer as well",
      ({ list }) => writeFileSync(join(list, 'control/footer'), 'Footer\n'),
      "mlmmj's own control/footer is set too: plain text would get two footers, and MIME mail would be damaged",
    ],
    [
      'nothing at the relay',
      ({ list }) => writeFileSync(join(list, 'control/smtpport'), '9\n'),
      'sends to 127.0.0.1 port 9, where nothing listens',
    ],
    [
      'a post stuck in incoming',
      ({ list }) => stuckFile(join(list, 'incoming/0123456789abcdef')),
      'incoming/0123456789abcdef has lain there for 3 h, and mlmmj never looks at it again',
    ],
    [
      'a post stuck in queue',
      ({ list }) => stuckFile(join(list, 'queue/0123456789abcdef')),
      'queue/0123456789abcdef has lain there for 3 h, and mlmmj never looks at it again',
    ],
  ];

  test.each(BREAKAGES)('finds %s', async (_, breakIt, what) => {
    const host = soundHost();
    breakIt(host);
    const { status, wrong } = await findings(host, host.list);
    expect(status).toBe(1);
    expect(wrong.map((finding) => finding.what)).toEqual([
      typeof what === 'string' ? what : expect.stringMatching(what),
    ]);
    expect(wrong[0]!.mend).toBeTruthy();
  });

  test('a fresh file in incoming is work in progress, and a blank half of a footer is only noted', async () => {
    const host = soundHost();
    writeFileSync(join(host.list, 'incoming/fresh'), 'x');
    writeFileSync(join(host.list, 'queue/discarded/old'), 'x');
    utimesSync(join(host.list, 'queue/discarded/old'), 1e9, 1e9);
    writeFileSync(join(host.list, 'control/footer_html'), '\n');
    const { status, all } = await findings(host, host.list);
    expect(status).toBe(0);
    expect(all.filter(({ level }) => level === 'note').map(({ what }) => what)).toContain(
      'control/footer_html is blank and counts as absent',
    );
  });

  const MISCONFIGURATIONS: [string, Parameters<typeof soundHost>[0], string | RegExp][] = [
    [
      'no flag R',
      { flags: 'flags=DOhu null_sender=' },
      'the transport lacks flag R: bounces cannot be told from posts',
    ],
    [
      'a user that is not there',
      { user: 'nobody-at-all' },
      'the transport\'s user "nobody-at-all" does not exist',
    ],
    [
      'another program',
      { program: '/usr/bin/mlmmj-receive' },
      'the transport runs /usr/bin/mlmmj-receive: posts get no footer',
    ],
    [
      'a program that is not there',
      { program: '/nowhere/mlmmj-amime-receive' },
      `/nowhere/mlmmj-amime-receive is missing or cannot be run by ${LIST_USER}`,
    ],
    [
      'several recipients at once',
      { main: MAIN.replace('limit = 1\n', 'limit = 50\n') },
      'mlmmj_destination_recipient_limit is 50: a message to two lists reaches one',
    ],
    [
      'a short time limit',
      { main: MAIN.replace('1000s', '5m') },
      'a delivery may take only 5m: past that, mail is bounced and not kept',
    ],
    [
      'a lowered limit for all',
      { main: `${MAIN.replace(/mlmmj_time.*\n/, '')}command_time_limit = 60s\n` },
      'a delivery may take only 60s: past that, mail is bounced and not kept',
    ],
  ];

  test.each(MISCONFIGURATIONS)('finds in Postfix: %s', async (_, more, what) => {
    const host = soundHost(more);
    const { status, wrong } = await findings(host, '--all', host.spool);
    expect(status).toBe(1);
    expect(wrong.filter(({ subject }) => subject === 'Postfix').map((finding) => finding.what)).toEqual([
      what,
    ]);
  });

  test('finds what else has the name of the program, and an older one of ours', async () => {
    const host = soundHost();
    const program = join(host.path, 'usr/bin/mlmmj-amime-receive');
    const told = async (text: string) => {
      writeFileSync(program, text);
      const { status, all } = await findings(host);
      return [
        status,
        all.filter(({ what }) => what.includes(program)).map(({ level, what }) => [level, what]),
      ];
    };
    expect(await told(PREDECESSOR)).toEqual([
      1,
      [
        [
          'wrong',
          `${program} is the shell script of that name, which runs altermime: an upgrade of iRedMail writes it again`,
        ],
      ],
    ]);
    expect(await told('#!/bin/sh\nexit 0\n')).toEqual([
      1,
      [['wrong', `${program} is not this program: it does not say so when asked for --version`]],
    ]);
    expect(await told('#!/bin/sh\necho mlmmj-amime-receive 0.0.1\n')).toEqual([
      0,
      [['note', `the transport runs ${program} 0.0.1, and this is ${VERSION}`]],
    ]);
  });

  test("iRedMail's own flags are noted, not wrong", async () => {
    const { status, all } = await findings(soundHost({ flags: 'flags=ORhu' }));
    expect(status).toBe(0);
    expect(all).toContainEqual(
      expect.objectContaining({ level: 'note', what: expect.stringContaining('flags=ORhu') }),
    );
  });

  test('finds that an address leads elsewhere, nowhere, or to a table that is broken', async () => {
    const host = soundHost();
    const lists = join(host.config, 'lists');
    const wrongs = async () => (await findings(host)).wrong.map(({ what }) => what);
    writeFileSync(lists, '/@example\\.com$/ mlmmj:example.com/other\n');
    expect((await wrongs())[0]).toBe(
      `news@example.com leads to mlmmj:example.com/other, that is ${host.spool}/example.com/other, by news@example.com in regexp:${lists}`,
    );
    writeFileSync(lists, '/^news@example\\.com$/ smtp:[elsewhere.example]\n');
    expect((await wrongs())[0]).toBe(
      `news@example.com leads to smtp:[elsewhere.example], which is not the list, by news@example.com in regexp:${lists}`,
    );
    writeFileSync(lists, '# nothing\n');
    expect(await wrongs()).toEqual([
      'transport_maps does not know news@example.com: news@example.com leads to relay:example.com by relay_transport',
      'transport_maps does not know news+subscribe@example.com: news+subscribe@example.com leads to relay:example.com by relay_transport',
    ]);
    rmSync(lists);
    expect(await wrongs()).toEqual([expect.stringContaining(`regexp:${lists} cannot be asked: `)]);
  });

  test('finds that there is no Postfix, no transport, no mlmmj-receive', async () => {
    const host = soundHost();
    rmSync(join(host.path, 'usr/bin/mlmmj-receive'));
    expect((await findings(host)).wrong.map(({ what }) => what)).toEqual([
      `${host.path}/usr/bin/mlmmj-receive is missing or cannot be run`,
    ]);
    const bare = { ...privateHost(MAIN), list: '' };
    expect((await findings(bare)).wrong.map(({ what }) => what)).toContain(
      'master.cf has no service "mlmmj"',
    );
    rmSync(join(bare.config, 'main.cf'));
    expect((await findings(bare)).wrong.map(({ subject }) => subject)).toContain('Postfix');
  });
});

describe('a wrong call of check', () => {
  test.each([
    [['--frobnicate'], 64, 'unknown option "--frobnicate"'],
    [['--amavis-port', 'x'], 64, '--amavis-port x: that is no port'],
    [['--all', '/a', '/b'], 64, 'either --all SPOOL or directories, not both'],
    [['--all', '/nowhere'], 66, 'there is no list in /nowhere'],
  ])('%j', async (args, status, message) => {
    const result = await command('check', args);
    expect(result.status).toBe(status);
    expect(result.err).toContain(message);
    expect(result.err.trim().split('\n')).toHaveLength(1);
  });

  test('--help says what there is', async () => {
    const { status, out } = await command('check', ['--help']);
    expect(status).toBe(0);
    expect(out).toContain('--all SPOOL');
  });
});

function stuckFile(path: string): void {
  writeFileSync(path, 'From: a@b\n\nx\n');
  const threeHoursAgo = Date.now() / 1000 - 3 * 3600 - 60;
  utimesSync(path, threeHoursAgo, threeHoursAgo);
}
