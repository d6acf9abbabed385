import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { arrived, header } from '../deliveries.ts';
import { compose, dkimResults, freshMessageId, post, read, withHeader } from '../mail.ts';
import { parts, pgpSigned, type SignedBody, smimeSigned, unfold } from '../signed.ts';
import { DATABASE_DOMAIN, FILE_DOMAIN, FOOTER_TEXT, SUBSCRIBERS } from '../stack/stack.ts';

const stack = inject('stack')!;
const obstacle = inject('obstacle');

const MARK = 'Grüße von der Liste';
const LATIN = Buffer.from('Gr\xfc\xdfe aus K\xf6ln\r\n', 'latin1');
const WORDS = 'Grüße aus Köln, as they were written.';
const LONG = `${'A line that goes on and on. '.repeat(40)}\r\n`.repeat(3);

function times(text: string | false | undefined, what: string): number {
  return (text || '').split(what).length - 1;
}

/** Posts, waits for all subscribers' copies, checks what holds for every post, and returns one copy. */
async function throughList(
  list: string,
  message: Buffer,
  messageId: string,
  sink = stack.sinks.eight,
): Promise<Buffer> {
  await post(stack, list, message);
  const copies = await arrived(sink, messageId, SUBSCRIBERS.length);
  expect(copies.flatMap((copy) => copy.recipients).sort()).toEqual([...SUBSCRIBERS].sort());
  const domain = list.split('@')[1];
  for (const copy of copies) {
    expect(copy.sender).toMatch(new RegExp(`^${list.split('@')[0]}\\+bounces-\\d+-`));
    expect(await dkimResults(stack, copy.bytes)).toEqual([`${domain} pass`]);
  }
  return copies[0]!.bytes;
}

const LISTS = [
  ['a list in a file', `news@${FILE_DOMAIN}`],
  ['a list in the database', `desk@${DATABASE_DOMAIN}`],
] as const;

describe.skipIf(obstacle)(
  'a post reaches the subscribers with its footer, its text whole and its DKIM signature valid',
  () => {
    describe.each(LISTS)('%s', (_, list) => {
      test.each([
        ['7bit', ['Content-Type: text/plain; charset=us-ascii'], 'Plain words.\r\n', 'Plain words.'],
        ['no MIME at all', [], 'Plain words.\r\n', 'Plain words.'],
        [
          '8bit',
          ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit'],
          `${WORDS}\r\n`,
          WORDS,
        ],
        [
          '8bit in Latin-1',
          ['Content-Type: text/plain; charset=iso-8859-1', 'Content-Transfer-Encoding: 8bit'],
          LATIN,
          'Grüße aus Köln',
        ],
        [
          'quoted-printable',
          ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: quoted-printable'],
          'Gr=C3=BC=C3=9Fe aus K=C3=B6ln, as they=\r\n were written.\r\n',
          WORDS,
        ],
        [
          'quoted-printable ending in a soft break',
          ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: quoted-printable'],
          'Gr=C3=BC=C3=9Fe aus K=C3=B6ln, as they were written.=\r\n',
          WORDS,
        ],
        [
          'base64',
          ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: base64'],
          `${Buffer.from(`${WORDS}\r\n`).toString('base64')}\r\n`,
          WORDS,
        ],
      ] as [string, string[], string | Buffer, string][])(
        'plain text: %s',
        async (_, fields, body, words) => {
          const messageId = freshMessageId();
          const received = await throughList(list, withHeader(list, messageId, fields, body), messageId);
          const { text } = await read(received);
          expect(text!.startsWith(words)).toBe(true);
          expect(times(text, MARK)).toBe(1);
          for (const line of FOOTER_TEXT.split('\n')) expect(text).toContain(line.trimEnd());
        },
      );

      test('HTML beside plain text, each with its own footer', async () => {
        const messageId = freshMessageId();
        const html = `<html><body><p>${WORDS}</p><!-- </body> --><p>${LONG}</p></body></html>`;
        const message = await compose({ to: list, messageId, text: `${WORDS}\n${LONG}`, html });
        const mail = await read(await throughList(list, message, messageId));
        expect(mail.text!.startsWith(WORDS)).toBe(true);
        expect(times(mail.text, MARK)).toBe(1);
        expect(times(mail.html, MARK)).toBe(1);
        expect(mail.html).toContain(`<p>${WORDS}</p><!-- </body> --><p>`);
        expect(mail.html).toMatch(/Grüße von der Liste.*<\/p>\s*<\/body><\/html>\s*$/s);
      });

      test('attachments, also text ones, byte for byte', async () => {
        const messageId = freshMessageId();
        const binary = randomBytes(50_000);
        const patch = Buffer.from('--- a/file\n+++ b/file\n@@ -1 +1 @@\n-old\n+new\n');
        const message = await compose({
          to: list,
          messageId,
          text: WORDS,
          html: `<p>${WORDS} <img src="cid:logo"></p>`,
          attachments: [
            {
              filename: 'logo.png',
              content: binary.subarray(0, 999),
              cid: 'logo',
              contentDisposition: 'inline',
            },
            { filename: 'data.bin', content: binary },
            { filename: 'fix.patch', content: patch, contentType: 'text/x-patch' },
            { filename: 'readme.txt', content: 'No footer in here.\n', contentType: 'text/plain' },
          ],
        });
        const mail = await read(await throughList(list, message, messageId));
        expect(times(mail.text, MARK)).toBe(1);
        expect(times(mail.html, MARK)).toBe(1);
        const contents = Object.fromEntries(mail.attachments.map((part) => [part.filename, part.content]));
        expect(Object.keys(contents).sort()).toEqual(['data.bin', 'fix.patch', 'logo.png', 'readme.txt']);
        expect(contents['data.bin']!.equals(binary)).toBe(true);
        expect(contents['logo.png']!.equals(binary.subarray(0, 999))).toBe(true);
        expect(contents['fix.patch']!.toString()).toBe(patch.toString());
        expect(contents['readme.txt']!.toString()).toBe('No footer in here.\n');
      });
    });

    test('10 MB', async () => {
      const list = `news@${FILE_DOMAIN}`;
      const messageId = freshMessageId();
      const content = randomBytes(10 * 1024 * 1024);
      const message = await compose({
        to: list,
        messageId,
        text: WORDS,
        attachments: [{ filename: 'big.bin', content }],
      });
      const mail = await read(await throughList(list, message, messageId));
      expect(times(mail.text, MARK)).toBe(1);
      const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
      expect(hash(mail.attachments[0]!.content)).toBe(hash(content));
    });

    test('a list without footers: nothing is added', async () => {
      const list = `plain@${FILE_DOMAIN}`;
      const messageId = freshMessageId();
      const fields = ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit'];
      const received = await throughList(
        list,
        withHeader(list, messageId, fields, `${WORDS}\r\n`),
        messageId,
      );
      expect(
        received
          .subarray(received.indexOf('\r\n\r\n') + 4)
          .toString()
          .trimEnd(),
      ).toBe(WORDS);
    });
  },
);

describe.skipIf(obstacle)('a next hop without 8BITMIME does not break the signature', () => {
  const list = `legacy@${FILE_DOMAIN}`;

  test.each([
    [
      '8-bit text stays as it was signed',
      'Content-Transfer-Encoding: 8bit',
      `${WORDS}\r\n`,
      /^content-transfer-encoding: 8bit$/im,
    ],
    [
      '7-bit text stays 7-bit clean with an 8-bit footer',
      'Content-Transfer-Encoding: 7bit',
      'Plain.\r\n',
      /^content-transfer-encoding: quoted-printable$/im,
    ],
  ])('%s', async (_, encoding, body, expected) => {
    const messageId = freshMessageId();
    const message = withHeader(list, messageId, ['Content-Type: text/plain; charset=utf-8', encoding], body);
    const received = await throughList(list, message, messageId, stack.sinks.seven);
    expect(header(received)).toMatch(expected);
    expect(times((await read(received)).text, MARK)).toBe(1);
  });

  test('HTML and attachments in 8 bits', async () => {
    const messageId = freshMessageId();
    const message = await compose({
      to: list,
      messageId,
      text: WORDS,
      html: `<p>${WORDS}</p>`,
      textEncoding: 'quoted-printable',
      attachments: [{ filename: 'n.txt', content: WORDS, contentTransferEncoding: '8bit' as never }],
    });
    const mail = await read(await throughList(list, message, messageId, stack.sinks.seven));
    expect(times(mail.html, MARK)).toBe(1);
    expect(mail.attachments[0]!.content.toString().trimEnd()).toBe(WORDS);
  });
});

describe.skipIf(obstacle)('signed mail keeps its signature', () => {
  const kinds: [string, (directory: string) => SignedBody][] = [
    ['S/MIME', smimeSigned],
    ['PGP/MIME', pgpSigned],
  ];

  test.each(kinds)('%s, left as it is', async (kind, sign) => {
    const list = `news@${FILE_DOMAIN}`;
    const signed = sign(join(stack.path, `signed-${kind.replace('/', '')}`));
    const messageId = freshMessageId();
    const received = await throughList(
      list,
      withHeader(list, messageId, signed.fields, signed.body),
      messageId,
    );
    signed.verify(received);
    expect(received.includes(signed.body.subarray(0, signed.body.length - 2))).toBe(true);
    expect(received.includes(MARK)).toBe(false);
  });

  test.each(kinds)('%s, wrapped so that the footer stands beside it', async (kind, sign) => {
    const list = `wrap@${FILE_DOMAIN}`;
    const signed = sign(join(stack.path, `wrapped-${kind.replace('/', '')}`));
    const messageId = freshMessageId();
    const received = await throughList(
      list,
      withHeader(list, messageId, signed.fields, signed.body),
      messageId,
    );
    const contentType = unfold(header(received)).find((field) => /^content-type:/i.test(field))!;
    expect(contentType).toMatch(/multipart\/mixed/i);
    const boundary = /boundary="?([^";]+)"?/i.exec(contentType)![1]!;
    const [first, second] = parts(received, boundary);
    signed.verify(first!);
    const footer = await read(second!);
    expect(times(footer.text || footer.html, MARK)).toBeGreaterThan(0);
  });
});
