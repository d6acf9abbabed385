/** What the real mlmmj makes of an envelope, when it is told and when it has to guess. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { demandBuild, MLMMJ_RECEIVE, makeSpool, PROGRAMS, run } from '../helpers/programs.ts';

/** A message as pipe(8) hands it over on an iRedMail host: no X-Original-To, no -e, no -s. */
function message(recipient: string, sender: string, to: string): string {
  return [
    `Return-Path: <${sender}>`,
    'Received: from mail.example.net (mail.example.net [192.0.2.7])',
    '\tby mx.example.org (Postfix) with ESMTP id 4XyZ',
    `\tfor <${recipient}>; Thu,  5 Nov 2026 10:00:00 +0000 (UTC)`,
    'From: A Person <a@example.net>',
    `To: ${to}`,
    'Subject: hello',
    'Message-ID: <1@example.net>',
    '',
    'Hello.',
    '',
  ].join('\n');
}

/**
 * mlmmj 1.3.0 believes the envelope only in lists that have control/tocc ("the list address need not be in To: or
 * Cc:"). In others its own address in To: or Cc: makes a message a post, whatever -e or Delivered-To say.
 *
 * Delivers with processing; returns what stands in the list's archive and in subconf/ (subscriptions to be confirmed). */
async function outcome(
  deliver: (directory: string) => Promise<unknown>,
  control: Record<string, string> = { tocc: '' },
): Promise<{ posts: number; subscriptions: number }> {
  // Nothing listens on port 9 of this machine: whatever mlmmj sends stays here.
  const spool = await makeSpool({
    owner: 'owner@example.org\n',
    relayhost: '127.0.0.1\n',
    smtpport: '9\n',
    ...control,
  });
  try {
    const directories = [
      'bounce',
      'digesters.d',
      'moderation',
      'nomailsubs.d',
      'queue/discarded',
      'requeue',
      'subconf',
      'subscribers.d',
      'text',
      'unsubconf',
    ];
    for (const name of directories) await mkdir(join(spool.directory, name), { recursive: true });
    const text = 'Subject: $listaddr$\n\nPlease confirm: $confaddr$\n';
    for (const name of ['sub-confirm', 'sub-confirm-req', 'confirm']) {
      await writeFile(join(spool.directory, 'text', name), text);
    }
    await writeFile(join(spool.directory, 'subscribers.d/s'), 'subscriber@example.net\n');
    await deliver(spool.directory);
    return {
      posts: (await readdir(join(spool.directory, 'archive'))).length,
      subscriptions: (await readdir(join(spool.directory, 'subconf'))).length,
    };
  } finally {
    await spool.remove();
  }
}

const LIST = 'news@example.org';
const COMMAND = 'news+subscribe@example.org';
const POSTED = { posts: 1, subscriptions: 0 };
const SUBSCRIBED = { posts: 0, subscriptions: 1 };
const NOTHING = { posts: 0, subscriptions: 0 };

describe.skipIf(MLMMJ_RECEIVE === undefined || !existsSync('/usr/bin/mlmmj-process'))(
  'with the real mlmmj (Debian package mlmmj)',
  () => {
    beforeAll(demandBuild);
    const rows: [name: string, message: string, alone: object, throughUs: object][] = [
      ['a post', message(LIST, 'a@example.net', LIST), POSTED, POSTED],
      ['a command', message(COMMAND, 'a@example.net', COMMAND), SUBSCRIBED, SUBSCRIBED],
      [
        'a command in capitals',
        message('News+SUBSCRIBE@example.org', 'a@example.net', COMMAND),
        SUBSCRIBED,
        SUBSCRIBED,
      ],
      [
        'a command in capitals, also in To:',
        message('News+SUBSCRIBE@example.org', 'a@example.net', 'News+SUBSCRIBE@example.org'),
        NOTHING,
        SUBSCRIBED,
      ],
      ['a command by Bcc', message(COMMAND, 'a@example.net', LIST), POSTED, SUBSCRIBED],
      ['a post whose To: names a command', message(LIST, 'a@example.net', COMMAND), SUBSCRIBED, POSTED],
      ['a null sender', message(LIST, '', LIST), NOTHING, NOTHING],
      ['a null sender as pipe(8) writes it', message(LIST, 'MAILER-DAEMON', LIST), POSTED, NOTHING],
    ];
    test.each(rows)('%s', async (_, input, alone, throughUs) => {
      const plain = await outcome(async (directory) => {
        spawnSync(MLMMJ_RECEIVE!, ['-F', '-L', directory], { input, env: { PATH: '/usr/bin:/bin' } });
      });
      expect(plain, 'mlmmj-receive alone').toEqual(alone);
      for (const program of PROGRAMS) {
        const told = await outcome((directory) => run(program, ['-F', '-L', directory], { input }));
        expect(told, program.name).toEqual(throughUs);
      }
    });

    test('without control/tocc, mlmmj believes To: more than what it is told', async () => {
      const input = message(COMMAND, 'a@example.net', LIST);
      for (const program of PROGRAMS) {
        const told = await outcome((directory) => run(program, ['-F', '-L', directory], { input }), {});
        expect(told, program.name).toEqual(POSTED);
      }
    });
  },
);
