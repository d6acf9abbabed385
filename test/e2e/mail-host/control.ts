import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, inject, test } from 'vitest';
import { arrived, deliveries, eventually, header } from '../deliveries.ts';
import { dkimResults, freshMessageId, POSTER, post, read, withHeader } from '../mail.ts';
import { DATABASE_DOMAIN, FILE_DOMAIN, SUBSCRIBERS } from '../stack/stack.ts';

const stack = inject('stack')!;
const obstacle = inject('obstacle');

const TEXT = ['Content-Type: text/plain; charset=us-ascii'];
const LISTS = [
  ['a list in a file', `news@${FILE_DOMAIN}`],
  ['a list in the database', `desk@${DATABASE_DOMAIN}`],
] as const;

function directory(list: string): string {
  return join(stack.spool, list.split('@').reverse().join('/'));
}

/** The numbers of the posts that a list has archived. */
function archived(list: string): string[] {
  return readdirSync(join(directory(list), 'archive')).sort();
}

/** Postfix's line about a message's delivery to an address. */
function logLine(recipient: string, messageId: string): Promise<string> {
  return eventually(`the log of ${messageId}`, () => {
    const lines = readFileSync(stack.maillog, 'utf8').split('\n');
    const queueId = lines
      .find((line) => line.includes(`message-id=${messageId}`))
      ?.match(/: (\w+): message-id/)?.[1];
    return lines.findLast(
      (line) => line.includes(`${queueId}: to=<${recipient}>`) && line.includes('status='),
    );
  });
}

const withExtension = (list: string, extension: string) => list.replace('@', `+${extension}@`);

/** mlmmj has surely dealt with what came before when a post that came later has reached its subscribers. */
async function afterAnotherPost(list: string): Promise<void> {
  const messageId = freshMessageId();
  await post(stack, list, withHeader(list, messageId, TEXT, 'Later.\r\n'));
  await arrived(stack.sinks.eight, messageId, SUBSCRIBERS.length);
}

describe.skipIf(obstacle)("commands and bounces are mlmmj's own business", () => {
  describe.each(LISTS)('%s', (_, list) => {
    test.each([
      ['that the To: names', (command: string) => command],
      ['by Bcc, which only the envelope tells', () => 'somebody@elsewhere.example'],
    ])('a subscription %s gets its confirmation and is not posted', async (_, to) => {
      const before = archived(list);
      const command = withExtension(list, 'subscribe');
      const messageId = freshMessageId();
      const from = `new${messageId.replace(/\D/g, '')}@elsewhere.example`;
      await post(stack, command, withHeader(to(command), messageId, TEXT, 'Please.\r\n', from), from);
      const [confirmation] = await eventually(`a confirmation to ${from}`, () => {
        const found = deliveries(stack.sinks.eight).filter(({ recipients }) => recipients.includes(from));
        return found.length > 0 ? found : undefined;
      });
      expect(confirmation!.sender).toContain('+bounces-');
      expect((await read(confirmation!.bytes)).text).toContain(`${list.split('@')[0]}+confsub-`);
      expect(await dkimResults(stack, confirmation!.bytes)).toEqual([`${list.split('@')[1]} pass`]);
      expect(await logLine(command, messageId)).toContain('no footer');
      expect(archived(list)).toEqual(before);
    });

    test('a bounce is counted against the subscriber and is not posted', async () => {
      const messageId = freshMessageId();
      await post(stack, list, withHeader(list, messageId, TEXT, 'Something that will bounce.\r\n'));
      const copies = await arrived(stack.sinks.eight, messageId, SUBSCRIBERS.length);
      const { sender } = copies.find((copy) => copy.recipients.includes(SUBSCRIBERS[0]!))!;
      const before = archived(list);
      const bounceId = freshMessageId();
      const report = [
        'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
        'Auto-Submitted: auto-replied',
      ];
      const body =
        '--b\r\nContent-Type: text/plain\r\n\r\nNo such user.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\r\n--b--\r\n';
      // As every mail system does it: the To: of a bounce is the address that the envelope came from.
      await post(stack, sender, withHeader(sender, bounceId, report, body), '');
      const address = SUBSCRIBERS[0]!.replace('@', '=');
      await eventually('the bounce to be counted', () =>
        readdirSync(join(directory(list), 'bounce')).some((name) => name.startsWith(address))
          ? true
          : undefined,
      );
      expect(await logLine(sender, bounceId)).toContain('no footer');
      expect(archived(list)).toEqual(before);
    });
  });

  test('an auto-reply to a bounce address, with the list in its To:, is not posted', async () => {
    const list = `news@${FILE_DOMAIN}`;
    const before = archived(list);
    const messageId = freshMessageId();
    const address = withExtension(list, `bounces-1-${SUBSCRIBERS[1]!.replace('@', '=')}`);
    const fields = [...TEXT, 'Auto-Submitted: auto-replied'];
    await post(stack, address, withHeader(list, messageId, fields, 'Gone fishing.\r\n'), '');
    expect(await logLine(address, messageId)).toContain('status=sent');
    await afterAnotherPost(list);
    expect(archived(list)).toHaveLength(before.length + 1);
  });

  test('mail with a null sender is not posted', async () => {
    const list = `news@${FILE_DOMAIN}`;
    const before = archived(list);
    const messageId = freshMessageId();
    await post(
      stack,
      list,
      withHeader(list, messageId, [...TEXT, 'Auto-Submitted: auto-replied'], 'Gone fishing.\r\n'),
      '',
    );
    expect(await logLine(list, messageId)).toContain('status=sent');
    await afterAnotherPost(list);
    expect(archived(list)).toHaveLength(before.length + 1);
    expect(deliveries(stack.sinks.eight).some(({ bytes }) => header(bytes).includes(messageId))).toBe(false);
  });
});

describe.skipIf(obstacle)('what Postfix is told', () => {
  test('the log says what was done', async () => {
    const list = `news@${FILE_DOMAIN}`;
    const messageId = freshMessageId();
    await post(stack, list, withHeader(list, messageId, TEXT, 'Words.\r\n'));
    expect(await logLine(list, messageId)).toContain('relay=mlmmj, ');
    expect(await logLine(list, messageId)).toMatch(
      /status=sent \(delivered via mlmmj service \(footer added: text\/plain\)\)/,
    );
  });

  test('a list that is switched off in the database is refused at the door', async () => {
    const list = `asleep@${DATABASE_DOMAIN}`;
    await expect(post(stack, list, withHeader(list, freshMessageId(), TEXT, 'Hello?\r\n'))).rejects.toThrow(
      /550 5\.1\.1/,
    );
  });

  test('a list whose directory is gone bounces to the poster as a user unknown', async () => {
    const list = `plain@${FILE_DOMAIN}`;
    const messageId = freshMessageId();
    renameSync(directory(list), `${directory(list)}.away`);
    try {
      await post(stack, list, withHeader(list, messageId, TEXT, 'Hello?\r\n'));
      expect(await logLine(list, messageId)).toMatch(/dsn=5\.1\.1, status=bounced/);
    } finally {
      renameSync(`${directory(list)}.away`, directory(list));
    }
    const bounce = await eventually('the bounce', () =>
      deliveries(stack.sinks.eight).find(
        ({ sender, bytes, recipients }) =>
          sender === '' && recipients.includes(POSTER) && bytes.includes(messageId),
      ),
    );
    expect(bounce.bytes.toString()).not.toContain(stack.spool);
  });
});

describe.skipIf(obstacle)('a copy of a post that is sent to the list again', () => {
  const list = `plain@${FILE_DOMAIN}`;

  /** A post's copy as a subscriber has it, sent to the list again; what the log says of that. */
  async function again(): Promise<{ copy: Buffer; line: string }> {
    const messageId = freshMessageId();
    await post(stack, list, withHeader(list, messageId, TEXT, 'Again.\r\n'));
    const [first] = await arrived(stack.sinks.eight, messageId, SUBSCRIBERS.length);
    const before = await logLine(list, messageId);
    await post(stack, list, first!.bytes);
    const line = await eventually('the second delivery', () => {
      const lines = readFileSync(stack.maillog, 'utf8').split('\n');
      const last = lines.findLast((other) => other.includes(`to=<${list}>`) && other.includes('status='));
      return last === before ? undefined : last;
    });
    return { copy: first!.bytes, line };
  }

  test('bounces as a loop, by the Delivered-To: that subscribers see', async () => {
    const { copy, line } = await again();
    expect(header(copy)).toContain(`Delivered-To: ${list}`);
    expect(line).toContain(`status=bounced (mail forwarding loop for ${list})`);
  });

  test('is posted where control/delheaders takes that field out', async () => {
    const file = join(directory(list), 'control/delheaders');
    writeFileSync(file, 'Delivered-To:\n');
    try {
      const { copy, line } = await again();
      expect(header(copy)).not.toContain('Delivered-To:');
      expect(line).toContain('status=sent');
    } finally {
      rmSync(file);
    }
  });
});

describe.skipIf(obstacle)(
  'trouble on our side keeps the mail in the queue, and it arrives whole after the repair',
  () => {
    const list = `news@${FILE_DOMAIN}`;
    const body = 'Line after line of it.\r\n'.repeat(10_000);

    /** Posts while something is broken, sees the mail deferred, mends it, and sees the mail arrive. */
    async function survives(messageId: string, mend: () => unknown): Promise<void> {
      await post(stack, list, withHeader(list, messageId, TEXT, body));
      expect(await logLine(list, messageId)).toMatch(/dsn=4\.3\.0, status=deferred/);
      await mend();
      await execa('postqueue', ['-c', stack.config, '-f']);
      const [copy] = await arrived(stack.sinks.eight, messageId, SUBSCRIBERS.length);
      const { text } = await read(copy!.bytes);
      expect(text!.startsWith(body.replaceAll('\r\n', '\n'))).toBe(true);
      expect(text!.split('Grüße von der Liste')).toHaveLength(2);
      // Once, and not again: what was deferred had not been posted in part.
      expect(
        deliveries(stack.sinks.eight).filter(({ bytes }) => header(bytes).includes(messageId)),
      ).toHaveLength(2);
    }

    test('mlmmj-receive is missing', async () => {
      const program = join(stack.bin, 'mlmmj-receive');
      renameSync(program, `${program}.away`);
      try {
        await survives(freshMessageId(), () => renameSync(`${program}.away`, program));
      } finally {
        if (existsSync(`${program}.away`)) renameSync(`${program}.away`, program);
      }
    });

    test('the disk is full', async (context) => {
      const incoming = join(directory(list), 'incoming');
      const { uid, gid } = stack.owner;
      const mount = ['-t', 'tmpfs', '-o', `size=64k,uid=${uid},gid=${gid},mode=0700`, 'none', incoming];
      if ((await execa('mount', mount, { reject: false })).exitCode !== 0)
        context.skip('may not mount a file system here');
      let mounted = true;
      const mend = async () => {
        await execa('umount', [incoming]);
        mounted = false;
      };
      try {
        await survives(freshMessageId(), mend);
      } finally {
        if (mounted) await execa('umount', ['-l', incoming]);
      }
    });

    test('the list belongs to somebody else', async () => {
      const { uid, gid } = stack.owner;
      await execa('chown', ['0:0', directory(list)]);
      const mend = () => execa('chown', [`${uid}:${gid}`, directory(list)]);
      try {
        await survives(freshMessageId(), mend);
      } finally {
        await mend();
      }
    });
  },
);
