import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BufferSource } from '../../src/mime/buffer-source.ts';
import { TransferEncoding } from '../../src/mime/encoding/transfer-encoding.ts';
import { editHeader, HeaderChanges, readContentFields } from '../../src/mime/header/header-edit.ts';
import { EDITED_HEADER_LIMIT, FIELD_LIMIT, FIELD_RANGE_LIMIT } from '../../src/mime/limits.ts';
import { Window } from '../../src/mime/window.ts';
import { soup } from '../helpers/arbitrary-message.ts';
import { messages, partOf, scannerOf } from '../helpers/scans.ts';
import { portableCode, WasmCore } from '../helpers/wasm.ts';

const LEFT = TransferEncoding.Unknown;

/** A message with a header changed, '{came|wanted}' around each edit if `shown`; null where it cannot be changed. */
function changed(text: string, charset: string, encoding = LEFT, nth = 0, shown = false): string | null {
  const message = Buffer.from(text, 'latin1');
  const window = new Window(new BufferSource(message), 64);
  const changes = new HeaderChanges(charset, encoding);
  const edits = editHeader(window, partOf(message, nth), changes, scannerOf(message).lineEnd);
  if (edits === null) return null;
  let result = '';
  let at = 0;
  for (const { start, end, bytes } of edits) {
    if (start < at || end < start) expect.fail('edits overlap');
    const wanted = Buffer.from(bytes).toString('latin1');
    result += text.slice(at, start) + (shown ? `{${text.slice(start, end)}|${wanted}}` : wanted);
    at = end;
  }
  return result + text.slice(at);
}

/** As a part of a multipart: there a missing MIME-Version does not matter. */
function changedPart(header: string, charset: string, encoding = LEFT): string | null {
  const eol = header.includes('\r\n') ? '\r\n' : '\n';
  const before = `Content-Type: multipart/mixed; boundary=_${eol}${eol}--_${eol}`;
  return changed(before + header, charset, encoding, 1)?.slice(before.length) ?? null;
}

describe('editHeader', () => {
  it.each([
    ['Content-Type: text/plain\n\n', 'Content-Type: text/plain; charset=utf-8\n\n'],
    ['Content-Type: text/plain;\n\n', 'Content-Type: text/plain; charset=utf-8\n\n'],
    ['Content-Type: text/plain ; ; \n\n', 'Content-Type: text/plain; charset=utf-8 \n\n'],
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
    ['Content-Type: text/plain; charset (comment)=x\n\n', 'Content-Type: text/plain; charset=utf-8\n\n'],
    ['Content-Type: text/plain; charset\n =\n x\n\n', 'Content-Type: text/plain; charset=utf-8\n\n'],
    [
      'Content-Type: text/plain charset=iso-8859-1; format=flowed\n\n',
      'Content-Type: text/plain; format=flowed; charset=utf-8\n\n',
    ],
    ['Content-Type: text/html charset=iso-8859-1\n\n', 'Content-Type: text/html; charset=utf-8\n\n'],
    ['Content-Type: text/html, charset=iso-8859-1\n\n', 'Content-Type: text/html; charset=utf-8\n\n'],
    ['Content-Type: text / html\n\n', 'Content-Type: text / html; charset=utf-8\n\n'],
    ['Content-Type: (a) text (b)/ html (c)\n\n', 'Content-Type: (a) text (b)/ html (c); charset=utf-8\n\n'],
    ['Content-Type:\n\n', 'Content-Type: text/plain; charset=utf-8\n\n'],
    ['Content-Type : text/plain\n\n', 'Content-Type : text/plain; charset=utf-8\n\n'],
    [
      'Content-Type: text/plain; x="charset=y"; reply-type=original-and-quite-long-indeed\n\n',
      'Content-Type: text/plain; x="charset=y"; reply-type=original-and-quite-long-indeed;\n\tcharset=utf-8\n\n',
    ],
    [
      'Content-Type: text/plain\nX: y\nContent-Type: text/plain\n\n',
      'Content-Type: text/plain; charset=utf-8\nX: y\nContent-Type: text/plain; charset=utf-8\n\n',
    ],
    ['Content-Type: text/plain; charset=UTF-8\n\n', 'Content-Type: text/plain; charset=utf-8\n\n'],
    ['X: y\n\n', 'X: y\nContent-Type: text/plain; charset=utf-8\n\n'],
    ['\n', 'Content-Type: text/plain; charset=utf-8\n\n'],
  ])('sets the charset in %j', (before, after) => {
    expect(changedPart(before, 'utf-8')).toBe(after);
  });

  it.each([
    // The type would have to be replaced, or what is around it.
    'Content-Type: text\n\n',
    'Content-Type: (nothing)\n\n',
    'Content-Type: PDF\n\n',
    'Content-Type: text/\n\n',
    'Content-Type: ; charset=x\n\n',
    'Content-Type:: text/plain\n\n',
    'Content-Type: text/ht(m)l\n\n',
    // The parameter would be read as something else.
    'Content-Type: text/plain; x="open\n\n',
    'Content-Type: text/plain; x="open; charset=us-ascii\n\n',
    // Readers disagree.
    'Content-Type: text/plain\nContent-Type: text/html\n\n',
    'Content-Type: text/plain\nContent-Disposition: inline\nContent-Disposition: attachment\n\n',
    `Content-Type: text/plain; x=${'y'.repeat(FIELD_LIMIT)}\n\n`,
    // There is no blank line.
    'Content-Type: text/plain\nText\n',
    'Content-Type: text/plain\n',
    'Content-Type: text/plain',
    // Too many to look at.
    `${'Content-Type: text/plain\n'.repeat(101)}\n`,
    `Content-Type: text/plain${Array.from({ length: 101 }, (_, i) => `;x${i}=y`).join('')}\n\n`,
  ])('leaves %.80j alone', (header) => {
    expect(changedPart(header, 'utf-8')).toBe(null);
  });

  it('does not make text of the parts of a digest', () => {
    const digest = 'Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n\n';
    expect(changed(digest, 'utf-8', LEFT, 1)).toBe(null);
  });

  it('sets the transfer encoding, and adds what is missing at the end of the header', () => {
    const text = 'CONTENT-transfer-encoding: 7bit (a)\nX: y\n\n';
    expect(changed(text, 'utf-8', TransferEncoding.QuotedPrintable)).toBe(
      'CONTENT-transfer-encoding: quoted-printable\nX: y\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n',
    );
    expect(changed('A: b\r\nMIME-VERSION: 1\r\n\r\nHi', '', TransferEncoding.Base64)).toBe(
      'A: b\r\nMIME-VERSION: 1\r\nContent-Transfer-Encoding: base64\r\n\r\nHi',
    );
  });

  it('changes no more bytes than it has to', () => {
    const text = 'Content-Type: text/plain; charset="us-ascii"; x=y\nMIME-Version: 1.0\n\n';
    expect(changed(text, 'utf-8', LEFT, 0, true)).toBe(
      'Content-Type: text/plain; charset={"us-ascii"|utf-8}; x=y\nMIME-Version: 1.0\n\n',
    );
    expect(
      changed('A: b\nContent-Type: text/plain; charset=utf-8\n\n', 'utf-8', LEFT, 0, true),
    ).not.toContain('|');
    expect(changed('A: b\n\n', '', LEFT, 0, true)).toBe('A: b\n\n');
  });

  it('takes an mbox line at the top for what it is', () => {
    expect(changed('From a@b Mon\nContent-Type: text/html\nMIME-Version: 1.0\n\n', 'utf-8')).toBe(
      'From a@b Mon\nContent-Type: text/html; charset=utf-8\nMIME-Version: 1.0\n\n',
    );
  });

  it('takes time that grows with the field', () => {
    // Quadratic time would not be over before the test's timeout.
    const header = `Content-Type: text/plain;${' '.repeat(30_000)}x=y\n\n`;
    const first = changed(header, 'utf-8');
    for (let i = 0; i < 200; i++) expect(changed(header, 'utf-8')).toBe(first);
  });

  it('passes over a large header, but not over one of any size', () => {
    const text = (size: number) => `${'X: y\n'.repeat(size / 5)}Content-Type: text/html\n\n`;
    expect(changed(text(1e6), 'utf-8')).toContain('text/html; charset=utf-8\nMIME-Version: 1.0\n\n');
    expect(changed(text(EDITED_HEADER_LIMIT + 5), 'utf-8')).toBe(null);
  });

  it('either says what it should in any header, or is no edit', () => {
    fc.assert(
      fc.property(soup(), fc.nat(3), fc.boolean(), (message, nth, sets) => {
        const text = message.toString('latin1');
        let before: ReturnType<typeof partOf>;
        try {
          before = partOf(message, nth);
        } catch {
          return;
        }
        const encoding = sets ? TransferEncoding.QuotedPrintable : LEFT;
        const after = changed(text, 'utf-8', encoding, nth);
        if (after === null) return;
        const part = partOf(Buffer.from(after, 'latin1'), nth);
        expect(part.header!.charset).toBe('utf-8');
        expect(part.header!.mediaType).toBe(before.header!.mediaType);
        expect(part.header!.transferEncoding).toBe(sets ? encoding : before.header!.transferEncoding);
        expect(part.header!.fileName).toBe(before.header!.fileName);
        expect(after.slice(part.bodyStart)).toBe(text.slice(before.bodyStart));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('readContentFields', () => {
  const fieldsOf = (text: string) => {
    const message = Buffer.from(text, 'latin1');
    const found = readContentFields(new Window(new BufferSource(message), 64), partOf(message));
    if (found === null) return null;
    const ranges = found.starts.map((start, i) => text.slice(start, found.ends[i]));
    return { ranges, rest: text.slice(found.end), hasMimeVersion: found.hasMimeVersion };
  };

  it('finds the fields that describe the content, neighbours as one range', () => {
    const text =
      'Content-Type: image/png\nSubject: x\n y\nContent-ID: <a@b>\ncontent-x:\n z\nMime-Version: 1\nTo: z\n\nHi';
    expect(fieldsOf(text)).toEqual({
      ranges: ['Content-Type: image/png\n', 'Content-ID: <a@b>\ncontent-x:\n z\n'],
      rest: '\nHi',
      hasMimeVersion: true,
    });
    expect(fieldsOf('To: z\r\n\r\nHi')).toEqual({ ranges: [], rest: '\r\nHi', hasMimeVersion: false });
    expect(fieldsOf('\nHi')).toEqual({ ranges: [], rest: '\nHi', hasMimeVersion: false });
    expect(fieldsOf('From x\nContent: y\n\n')).toEqual({ ranges: [], rest: '\n', hasMimeVersion: false });
  });

  it('finds a field of any length', () => {
    const long = `Content-X: ${'y'.repeat(100_000)}\n`;
    expect(fieldsOf(`A: b\n${long}\n`)!.ranges).toEqual([long]);
  });

  it('gives up where the header has no blank line, or its fields are too many', () => {
    expect(fieldsOf('Content-Type: image/png\nHi\n')).toBe(null);
    expect(fieldsOf('Content-Type: image/png\n')).toBe(null);
    const scattered = (count: number) => `${'Content-X: y\nA: b\n'.repeat(count)}\n`;
    expect(fieldsOf(scattered(FIELD_RANGE_LIMIT))!.ranges.length).toBe(FIELD_RANGE_LIMIT);
    expect(fieldsOf(scattered(FIELD_RANGE_LIMIT + 1))).toBe(null);
  });
});

describe('in WebAssembly', () => {
  const core = new WasmCore(portableCode(), 'header-edit');
  const output = () => core.read(core.call('output'), core.call('outputLength')).toString('latin1');

  function expectTheSame(message: Buffer): void {
    const scanner = scannerOf(message);
    while (scanner.advance() && scanner.part.header === null);
    const window = () => new Window(new BufferSource(message), 64);
    core.message = message;
    const changes = new HeaderChanges('utf-8', TransferEncoding.Base64);
    const edits = editHeader(window(), scanner.part, changes, scanner.lineEnd);
    const count = core.call('edit', message.length, 0, 1, TransferEncoding.Base64);
    expect(count).toBe(edits?.length ?? -1);
    const words = edits?.map(
      ({ start, end, bytes }) => `${start}-${end} ${Buffer.from(bytes).toString('latin1')}\0`,
    );
    if (words) expect(output()).toBe(words.join(''));
    const fields = readContentFields(window(), scanner.part);
    expect(core.call('contentFields', message.length)).toBe(fields?.starts.length ?? -1);
    const ranges = fields?.starts.map((start, i) => `${start}-${fields.ends[i]} `).join('');
    if (fields) expect(output()).toBe(`${ranges}${fields.end} ${fields.hasMimeVersion}`);
  }

  it('edits are the same', () => {
    for (const { bytes } of messages()) expectTheSame(bytes);
    fc.assert(fc.property(soup(), expectTheSame), { numRuns: 200 });
  });
});
