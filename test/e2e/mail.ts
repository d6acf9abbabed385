import { createRequire } from 'node:module';
import { type ParsedMail, simpleParser } from 'mailparser';
import nodemailer, { type SendMailOptions } from 'nodemailer';
import type { Stack } from './stack/stack.ts';

const require = createRequire(import.meta.url);

export const POSTER = 'poster@elsewhere.example';

let serial = 0;

/** A message id that no other message of this run has. */
export function freshMessageId(): string {
  return `<${process.pid}.${++serial}.${Date.now()}@elsewhere.example>`;
}

/** Posts a message to an address as it is; lines are made CRLF as SMTP wants them. */
export async function post(
  stack: Stack,
  to: string,
  message: string | Buffer,
  from = POSTER,
): Promise<string> {
  const transport = nodemailer.createTransport({
    host: '127.0.0.1',
    port: stack.smtpPort,
    ignoreTLS: true,
    // The client's name: as a stranger's, not as this host's.
    name: 'client.elsewhere.example',
  });
  try {
    const sent = await transport.sendMail({ envelope: { from, to: [to] }, raw: message });
    return sent.response;
  } finally {
    transport.close();
  }
}

/** A message's bytes as nodemailer composes it, with the common fields filled in. */
export async function compose(message: SendMailOptions & { to: string; messageId: string }): Promise<Buffer> {
  const composer = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  const { message: bytes } = await composer.sendMail({
    from: `Poster <${POSTER}>`,
    subject: 'A post',
    ...message,
  });
  return bytes as Buffer;
}

/** A header for a message whose body is given byte for byte. */
export function withHeader(
  to: string,
  messageId: string,
  fields: readonly string[],
  body: string | Buffer,
  from = `Poster <${POSTER}>`,
): Buffer {
  const head = [
    `From: ${from}`,
    `To: ${to}`,
    'Subject: A post',
    `Message-ID: ${messageId}`,
    'Date: Tue, 03 Nov 2026 10:00:00 +0000',
    'MIME-Version: 1.0',
    ...fields,
  ];
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), bytes]);
}

export function read(bytes: Buffer): Promise<ParsedMail> {
  return simpleParser(bytes, { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true });
}

/** What an independent verifier makes of a message's DKIM signatures: `lists.example.com pass`, and so on. */
export async function dkimResults(stack: Pick<Stack, 'dkimRecord'>, bytes: Buffer): Promise<string[]> {
  const { dkimVerify } = require('mailauth/lib/dkim/verify.js') as {
    dkimVerify(
      message: Buffer,
      options: { resolver(name: string, type: string): Promise<string[][]> },
    ): Promise<{
      results: { signingDomain: string | false; status: { result: string; comment?: string } }[];
    }>;
  };
  const { results } = await dkimVerify(bytes, {
    resolver: async (name) => {
      if (name.startsWith('dkim._domainkey.')) return [[stack.dkimRecord]];
      throw Object.assign(new Error(`no such name: ${name}`), { code: 'ENOTFOUND' });
    },
  });
  return results.map(({ signingDomain, status }) =>
    [signingDomain, status.result, status.comment].filter(Boolean).join(' '),
  );
}
