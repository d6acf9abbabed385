/** What check says of a list's footers, settings and what lies in its directories. */
import { type ExecFileSyncOptions, execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Finding } from '../../src/check/finding.ts';
import { file, lacks } from '../helpers/needs.ts';
import { LIST_USER, type PrivateHost, postfixObstacle } from '../install/private-postfix.ts';
import { findings, soundHost } from './sound-host.ts';

const obstacle = postfixObstacle();
const RECEIVE = ['/usr/bin/mlmmj-receive', '/usr/local/bin/mlmmj-receive'].find(existsSync);
const MAINTD = ['/usr/bin/mlmmj-maintd', '/usr/local/bin/mlmmj-maintd'].find(existsSync);

type Host = PrivateHost & { list: string };

function control(host: Host, name: string, text: string): void {
  writeFileSync(join(host.list, 'control', name), text);
}

function daysOld(path: string, days: number): void {
  const time = Date.now() / 1000 - days * 86_400 - 60;
  utimesSync(path, time, time);
}

/** What is said of the list, or of mlmmj, beyond what is said of a sound one. */
async function said(host: Host, level: Finding['level']): Promise<string[]> {
  const { all } = await findings(host, host.list);
  return all.filter((finding) => finding.level === level).map(({ what }) => what);
}

describe.skipIf(obstacle)(`check of a list${obstacle}`, () => {
  test('says one thing of each footer file, and names those that are used', async () => {
    const host = soundHost();
    control(host, 'footer_html', '\n');
    control(host, 'amime-footer-text', 'An older one\n');
    const { all, wrong } = await findings(host, host.list);
    const about = (name: string) =>
      all.filter(({ what }) => what.includes(`control/${name}`)).map(({ what }) => what);
    expect(wrong).toEqual([]);
    expect(about('footer_html')).toEqual(['control/footer_html is blank and counts as absent']);
    expect(about('amime-footer-text')).toEqual([
      'control/amime-footer-text is not used beside control/footer_text',
    ]);
    expect(all.map(({ what }) => what)).toContain('has a footer: control/footer_text');

    control(host, 'footer_html', 'x'.repeat(70_000));
    const { all: then, wrong: large } = await findings(host, host.list);
    expect(large.map(({ what }) => what)).toEqual([
      'control/footer_html is larger than 64 KiB; the other half is used alone',
    ]);
    expect(then.filter(({ what }) => what.includes('footer_html'))).toHaveLength(1);
    expect(then.map(({ what }) => what)).toContain('has a footer: control/footer_text');
  });

  const WRONG: [string, (host: Host) => void, string][] = [
    [
      'a word that nothing is put in for',
      (host) => control(host, 'footer_text', 'Bye: $lsit$, $list$, $control nothing$, $5 and $6\n'),
      'control/footer_text has $lsit$, $control nothing$, for which nothing is put in',
    ],
    [
      'a script and a part that is not there',
      (host) => control(host, 'footer_html', '<script>x()</script><img src="cid:logo">'),
      'control/footer_html has what mail readers take out or cannot follow: <script>, src="cid:logo"',
    ],
    [
      'a setting that means nothing',
      (host) => control(host, 'amime-signed', 'warp\n'),
      'control/amime-signed is "warp", which means nothing: it counts as skip',
    ],
    [
      'a language that is none',
      (host) => control(host, 'amime-language', 'auf Deutsch\n'),
      'control/amime-language is "auf Deutsch", which means nothing: it counts as none',
    ],
    [
      'a size that leaves no room',
      (host) => control(host, 'maxmailsize', '20\n'),
      'control/maxmailsize leaves no room for a footer: no post gets one',
    ],
    [
      'a file that a killed delivery left',
      ({ list }) => {
        writeFileSync(join(list, '.amime-AbCdEf'), 'From: a@b\n');
        daysOld(join(list, '.amime-AbCdEf'), 1);
      },
      ".amime-AbCdEf in its directory is from deliveries that were killed; the posts stayed in Postfix's queue",
    ],
    [
      'a cut file in incoming',
      ({ list }) => {
        writeFileSync(join(list, 'incoming/0123456789abcdef'), 'From: a@b\n\nhal');
        daysOld(join(list, 'incoming/0123456789abcdef'), 1);
      },
      'incoming/0123456789abcdef does not end as a post does, and has lain there for 24 h: mlmmj-receive leaves such files on a full disk, and Postfix sends the post again',
    ],
    [
      'a list that mlmmj-maintd never went through',
      ({ list }) => daysOld(join(list, 'control/listaddress'), 9),
      'mlmmj-maintd has never run, so that unsent posts, bounces and digests wait: news@example.com',
    ],
    [
      'a list that mlmmj-maintd went through days ago',
      ({ list }) => {
        writeFileSync(join(list, 'mlmmj-maintd.lastrun.log'), '');
        daysOld(join(list, 'mlmmj-maintd.lastrun.log'), 3);
      },
      'mlmmj-maintd has not run for 3 days or more, so that unsent posts, bounces and digests wait: news@example.com',
    ],
    [
      'one click that leads nowhere',
      (host) =>
        control(
          host,
          'customheaders',
          'List-Id: <news.example.com>\nList-Unsubscribe: <mailto:news+unsubscribe@example.com>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n',
        ),
      'List-Unsubscribe-Post without an https: address in List-Unsubscribe, which it is about: news@example.com',
    ],
  ];

  test.each(WRONG)('finds %s, and nothing else', async (_, breakIt, what) => {
    const host = soundHost();
    breakIt(host);
    expect(await said(host, 'wrong')).toEqual([what]);
  });

  test('lists what a full disk left, in few lines', async () => {
    const host = soundHost();
    for (let at = 0; at < 12; at++) {
      for (const [name, text] of [
        [`cut${10 + at}`, 'From: a@b\n\nhal'],
        [`whole${10 + at}`, 'From: a@b\n\nx\n'],
      ] as const) {
        writeFileSync(join(host.list, 'incoming', name), text);
        daysOld(join(host.list, 'incoming', name), 1);
      }
    }
    const wrong = await said(host, 'wrong');
    expect(wrong).toHaveLength(7);
    expect(wrong[0]).toContain('incoming/whole10 has lain there for 24 h');
    expect(wrong[5]).toBe('7 more lie there like these');
    expect(wrong[6]).toContain('12 files in incoming (cut10, cut11, cut12, cut13, cut14 and 7 more)');
  });

  test('notes what works and is worth knowing', async () => {
    const host = soundHost();
    control(host, 'footer_text', `${'A long footer. '.repeat(20)}\n`);
    control(host, 'maxmailsize', '2000\n');
    control(host, 'amime-singed', 'wrap\n');
    const notes = await said(host, 'note');
    expect(notes).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^by control\/maxmailsize, posts of more than \d+ bytes get no footer$/),
        'control/amime-singed is read by nothing: is its name right?',
        'no List-Id in control/customheaders: news@example.com',
        'no List-Unsubscribe in control/customheaders: news@example.com',
        'no List-Unsubscribe-Post in control/customheaders: news@example.com',
      ]),
    );
    control(
      host,
      'customheaders',
      'List-Id: <news.example.com>\nList-Unsubscribe: <https://example.com/u>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n',
    );
    expect((await said(host, 'note')).filter((what) => what.includes('customheaders'))).toEqual([]);
  });

  const noMaintd = lacks(file(MAINTD ?? '/usr/bin/mlmmj-maintd', 'mlmmj'));
  test.skipIf(noMaintd)(
    `is content with a list that the real mlmmj-maintd has just been through${noMaintd}`,
    async () => {
      const host = soundHost();
      for (const name of [
        'bounce',
        'subconf',
        'unsubconf',
        'moderation',
        'requeue',
        'archive',
        'text',
        'subscribers.d',
        'digesters.d',
        'nomailsubs.d',
      ])
        mkdirSync(join(host.list, name), { recursive: true });
      daysOld(join(host.list, 'control/listaddress'), 9);
      execFileSync('chown', ['-R', LIST_USER, host.spool]);
      expect(await said(host, 'wrong')).toHaveLength(1);
      execFileSync('su', ['-s', '/bin/sh', LIST_USER, '-c', `${MAINTD} -F -L ${host.list}`]);
      expect(await said(host, 'wrong')).toEqual([]);
    },
  );

  test('finds what the real mlmmj-receive leaves on a full disk', async (context) => {
    if (RECEIVE === undefined) context.skip('needs mlmmj: apt-get install mlmmj');
    const host = soundHost();
    const incoming = join(host.list, 'incoming');
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=777', 'tmpfs', incoming], {
        stdio: 'ignore',
      });
    } catch {
      context.skip('may not mount here: run as root, in a privileged container');
    }
    onTestFinished(() => {
      execFileSync('umount', [incoming]);
    });
    const post = `From: a@b\n\n${'A line of a post.\n'.repeat(10_000)}`;
    const options: ExecFileSyncOptions = { input: post, stdio: ['pipe', 'ignore', 'ignore'] };
    expect(() =>
      execFileSync('su', ['-s', '/bin/sh', LIST_USER, '-c', `${RECEIVE} -P -L ${host.list}`], options),
    ).toThrow();
    const left = readdirSync(incoming);
    expect(left).toHaveLength(1);
    expect(await said(host, 'wrong')).toEqual([]);
    daysOld(join(incoming, left[0]!), 1);
    expect(await said(host, 'wrong')).toEqual([
      expect.stringMatching(/^incoming\/\w+ does not end as a post does, and has lain there for 24 h: /),
    ]);
  });

  test('finds that mlmmj-process cannot be run beside an mlmmj-receive that is no script', async () => {
    const host = soundHost();
    const bin = join(host.path, 'usr/bin');
    rmSync(join(bin, 'mlmmj-receive'));
    execFileSync('cp', ['/bin/true', join(bin, 'mlmmj-receive')]);
    const sentence = (trouble: string) =>
      `${trouble}: mail waits in Postfix's queue, as ${bin}/mlmmj-receive would take it and leave it in incoming/`;
    expect(await said(host, 'wrong')).toEqual([sentence('mlmmj-process is not beside mlmmj-receive')]);
    writeFileSync(join(bin, 'mlmmj-process'), '#!/bin/sh\n', { mode: 0o755 });
    expect(await said(host, 'wrong')).toEqual([]);
    chmodSync(join(bin, 'mlmmj-process'), 0o700);
    expect(await said(host, 'wrong')).toEqual([sentence('mlmmj-process may not be executed')]);
  });

  test('looks at a list that is named by its address as at its directory', async () => {
    const host = soundHost();
    control(host, 'listaddress', 'news@example.com\nNews2@example.com\n');
    writeFileSync(join(host.config, 'lists'), '/^news2?([+-].*)?@example\\.com$/ mlmmj:example.com/news\n');
    control(host, 'amime-signed', 'warp\n');
    const byDirectory = await findings(host, host.list);
    expect(byDirectory.wrong).toHaveLength(1);
    for (const name of ['news@example.com', 'news2@EXAMPLE.com'])
      expect((await findings(host, name)).all).toEqual(byDirectory.all);
  });
});
