import { describe, expect, it } from 'vitest';
import { HeldHeader } from '../../src/mime/held-header.ts';
import type { PartHeader } from '../../src/mime/part-header.ts';
import { Scanner } from '../../src/mime/scanner.ts';

/** The held header of a message that consists of these lines. */
function held(text: string, needsMimeVersion = false): HeldHeader {
  const fields: { name: string; bytes: Uint8Array }[] = [];
  let result: HeldHeader | undefined;
  const take = (part: PartHeader, blankLine: Uint8Array, eol: string) => {
    result = new HeldHeader(part, fields, Buffer.from(blankLine), { eol, canChange: true, needsMimeVersion });
  };
  const scanner = new Scanner((token) => {
    if (token.type === 'field') fields.push({ name: token.name, bytes: Buffer.from(token.bytes) });
    if (token.type === 'header-end') take(token.header, token.bytes, token.lineEnd);
  });
  scanner.write(Buffer.from(text, 'latin1'));
  scanner.end();
  return result!;
}

const changed = (text: string, changes: Parameters<HeldHeader['changed']>[0], needsMimeVersion = false) =>
  Buffer.from(held(text, needsMimeVersion).changed(changes)).toString('latin1');

describe('HeldHeader', () => {
  it.each([
    ['Content-Type: text/plain\n\n', 'Content-Type: text/plain; charset=utf-8\n\n'],
    ['Content-Type: text/plain;\n\n', 'Content-Type: text/plain; charset=utf-8\n\n'],
    // A comment that does not end would swallow the parameter.
    ['Content-Type: text/plain((\n\n', 'Content-Type: text/plain; charset=utf-8\n\n'],
    [
      'content-type:text/plain;CHARSET=us-ascii; format=flowed\n\n',
      'content-type:text/plain;charset=utf-8; format=flowed\n\n',
    ],
    [
      'Content-Type: text/plain;\r\n\tcharset="us-ascii"\r\n\r\n',
      'Content-Type: text/plain;\r\n\tcharset=utf-8\r\n\r\n',
    ],
    ['Content-Type: text\n\n', 'Content-Type: text/plain; charset=utf-8\n\n'],
    ["Content-Type: text/plain; charset*=us-ascii''x\n\n", 'Content-Type: text/plain; charset=utf-8\n\n'],
    [
      'Content-Type: text/plain; charset=us-ascii; format=flowed; charset=iso-8859-1\n\n',
      'Content-Type: text/plain; charset=utf-8; format=flowed\n\n',
    ],
    [
      'Content-Type: text/plain; charset*0=us-; charset*1=ascii; format=flowed\n\n',
      'Content-Type: text/plain; charset=utf-8; format=flowed\n\n',
    ],
    [
      'Content-Type: text/plain (a; charset=b); (c) charset=us-ascii\n\n',
      'Content-Type: text/plain (a; charset=b); charset=utf-8\n\n',
    ],
    [
      'Content-Type: text/plain charset=iso-8859-1; format=flowed\n\n',
      'Content-Type: text/plain; format=flowed; charset=utf-8\n\n',
    ],
    [
      'Content-Type: text/plain; x="charset=y"; reply-type=original-and-quite-long-indeed\n\n',
      'Content-Type: text/plain; x="charset=y"; reply-type=original-and-quite-long-indeed;\n\tcharset=utf-8\n\n',
    ],
  ])('sets the charset in %j', (before, after) => {
    expect(changed(before, { charset: 'utf-8' })).toBe(after);
  });

  it('sets the transfer encoding, and adds what is missing at the end of the header', () => {
    const changes = { charset: 'utf-8', transferEncoding: 'quoted-printable' };
    expect(changed('CONTENT-transfer-encoding: 7bit\nX: y\n\n', changes, true)).toBe(
      'CONTENT-transfer-encoding: quoted-printable\nX: y\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n',
    );
  });

  it('moves the fields that describe the content inside when a multipart is put around it', () => {
    const header = held('Content-Type: image/png\nSubject: x\n y\nContent-ID: <a@b>\nTo: z\n\n');
    expect(Buffer.from(header.wrapped('multipart/mixed; boundary="q"', 'q')).toString()).toBe(
      'Subject: x\n y\nTo: z\nContent-Type: multipart/mixed; boundary="q"\n\n--q\nContent-Type: image/png\nContent-ID: <a@b>\n\n',
    );
  });

  it.each(['8bit', 'binary'])('says %s of the multipart that is put around such a part', (encoding) => {
    const header = held(`Content-Type: image/png\nContent-Transfer-Encoding: ${encoding}\n\n`);
    expect(Buffer.from(header.wrapped('multipart/mixed; boundary="q"', 'q')).toString()).toBe(
      `Content-Type: multipart/mixed; boundary="q"\nContent-Transfer-Encoding: ${encoding}\n\n--q\n` +
        `Content-Type: image/png\nContent-Transfer-Encoding: ${encoding}\n\n`,
    );
  });

  it('takes time that grows with the field', () => {
    const started = performance.now();
    changed(`Content-Type: text/plain;${' '.repeat(30_000)}x=y\n\n`, { charset: 'utf-8' });
    expect(performance.now() - started).toBeLessThan(100);
  });

  it('gives back what it holds', () => {
    expect(Buffer.from(held('A: b\r\nC:\r\n d\r\n\r\n').bytes).toString()).toBe('A: b\r\nC:\r\n d\r\n\r\n');
  });
});
