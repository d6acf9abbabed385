/** What the real mlmmj makes of a post, when it is told what we tell it and when it has to guess. */
import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PipeMode } from '../../src/amime-receive.ts';
import { NodeFiles } from '../../src/host/node-files.ts';
import { BufferSource } from '../../src/mime/buffer-source.ts';
import { DeclaredEnvelope } from '../../src/transport/envelope.ts';
import { carryOut } from '../helpers/insert.ts';
import { lacks, MLMMJ } from '../helpers/needs.ts';
import { MLMMJ_RECEIVE, makeSpool } from '../helpers/programs.ts';

/** As a host does it; returns what is said. */
function deliver(directory: string, message: Buffer, ...args: string[]): string {
  const pipe = new PipeMode(new NodeFiles(), '', new DeclaredEnvelope(null, null));
  pipe.start(['-F', '-L', directory, ...args], false);
  if (pipe.open(new BufferSource(message))) {
    while (pipe.step());
    if (pipe.isRoomLeft()) {
      const [program, ...rest] = pipe.receiveArguments;
      const { status } = spawnSync(program!, rest, { input: carryOut(message, pipe.plan), env: ENVIRONMENT });
      expect(status).toBe(0);
      pipe.succeed();
    }
  }
  return pipe.answer.output + pipe.answer.error;
}

const ENVIRONMENT = { PATH: '/usr/bin:/bin' };

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

const noMlmmj = lacks(MLMMJ);

describe.skipIf(noMlmmj)(`with the real mlmmj${noMlmmj}`, () => {
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
      spawnSync(MLMMJ_RECEIVE!, ['-F', '-L', directory], { input, env: ENVIRONMENT });
    });
    expect(plain, 'mlmmj-receive alone').toEqual(alone);
    expect(await outcome(async (directory) => deliver(directory, Buffer.from(input)))).toEqual(throughUs);
  });

  test('without control/tocc, mlmmj believes To: more than what it is told', async () => {
    const input = Buffer.from(message(COMMAND, 'a@example.net', LIST));
    expect(await outcome(async (directory) => deliver(directory, input), {})).toEqual(POSTED);
  });

  describe('control/maxmailsize', () => {
    const input = Buffer.from(message(LIST, 'a@example.net', LIST));
    const FOOTER = '-- \nThe news list\n';

    async function archived(
      control: Record<string, string>,
    ): Promise<[said: string, mail: string | undefined]> {
      let said = '';
      let mail: string | undefined;
      await outcome(
        async (directory) => {
          said = deliver(directory, input);
          const archive = join(directory, 'archive');
          for (const name of await readdir(archive)) mail = await readFile(join(archive, name), 'utf8');
        },
        { tocc: '', footer_text: FOOTER, ...control },
      );
      return [said, mail];
    }

    test('denies what is larger, and the footer is never the reason', async () => {
      // mlmmj takes Return-Path: away, which makes its copy smaller.
      const size = input.length + FOOTER.length;
      for (const limit of [size + 16, size + 15, input.length + 16, input.length]) {
        const [said, mail] = await archived({ maxmailsize: `${limit}\n` });
        expect(mail, String(limit)).toBeDefined();
        expect(mail!.endsWith(FOOTER), String(limit)).toBe(limit === size + 16);
        expect(said, String(limit)).toContain(limit === size + 16 ? 'footer added' : 'control/maxmailsize');
      }
    });

    test('with header fields that mlmmj adds', async () => {
      const customheaders = `X-List: ${'x'.repeat(100)}\n`;
      const maxmailsize = `${input.length + customheaders.length}\n`;
      const [said, mail] = await archived({ maxmailsize, customheaders, footer_text: 'y'.repeat(60) });
      expect(said).toContain('control/maxmailsize');
      expect(mail).toContain('X-List');
    });
  });

  test('an mlmmj-receive without an mlmmj-process says that all is well, and is not given a post', async () => {
    const input = Buffer.from(message(LIST, 'a@example.net', LIST));
    await outcome(async (directory) => {
      const alone = join(directory, 'mlmmj-receive');
      await copyFile(MLMMJ_RECEIVE!, alone);
      const incoming = () => readdir(join(directory, 'incoming'));
      expect(deliver(directory, input, '--mlmmj-receive', alone)).toBe(
        '4.3.0 mlmmj-process is not beside mlmmj-receive\n',
      );
      expect(await incoming()).toEqual([]);
      expect(spawnSync(alone, ['-L', directory], { input, env: ENVIRONMENT }).status).toBe(0);
      expect(await incoming()).toHaveLength(1);
    });
  });
});
