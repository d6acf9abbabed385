import { describe, expect, it } from 'vitest';
import { latin1 } from '../../src/mime/bytes.ts';
import { TransferEncoding } from '../../src/mime/encoding/transfer-encoding.ts';
import { BlankLine } from '../../src/mime/header/part-header.ts';
import { BOUNDARY_LIMIT, FIELD_LIMIT, KEPT_LIMIT } from '../../src/mime/limits.ts';
import { headerOf, partOf } from '../helpers/scans.ts';

const typed = (body: string) => headerOf(`Content-Type:${body}\n\nx\n`);

describe('PartHeader', () => {
  it.each([
    [' text/plain', 'text/plain'],
    ['TEXT/Html;charset=x', 'text/html'],
    [' text/html charset=utf-8', 'text/html'],
    [' text/html, charset=utf-8', 'text/html'],
    [' text/html\n\tcharset=utf-8', 'text/html'],
    [' multipart / mixed; boundary=b', 'multipart/mixed'],
    [' text /html', 'text/html'],
    [' text/ (comment) html', 'text/html'],
    [' (x) text/html (y)', 'text/html'],
    [' text/html((', 'text/html'],
    [' text', 'text/plain'],
    [' TEXT (of cron)', 'text/plain'],
    ['', 'text/plain'],
    [' ', 'text/plain'],
    [' (nothing)', 'text/plain'],
    [' x-thing/y.z+w', 'x-thing/y.z+w'],
  ])('reads the type in %j', (body, type) => {
    expect(typed(body).mediaType).toBe(type);
    expect(typed(body).isTypeReadable).toBe(true);
  });

  it.each([
    [' PDF', 'pdf'],
    [' image', 'image'],
    [' image/png/x', 'image/png/x'],
    [' text/', 'text/'],
    [' /plain', '/plain'],
    [' /', '/'],
    [' multipart;', 'multipart'],
    [' multipart/;', 'multipart/'],
    [' multipart/multipart/mixed', 'multipart/multipart/mixed'],
    [' X-sun-attachment', 'x-sun-attachment'],
    [' text plain', 'text plain'],
    [' text; charset=utf-8', 'text/plain'],
    [': text/plain', ': text/plain'],
    ['; charset=utf-8', ''],
  ])('says what stands in %j, where it is no type', (body, value) => {
    expect(typed(body).mediaType).toBe(value);
    expect(typed(body).isTypeReadable).toBe(value === 'text/plain');
  });

  it('has the default type where the field is missing', () => {
    expect(headerOf('Subject: x\n\nHi\n').mediaType).toBe('text/plain');
    const digest =
      'Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n\n--b\nContent-Type: text/html\n\n';
    expect(headerOf(digest, 1).mediaType).toBe('message/rfc822');
    expect(headerOf(digest, 2).mediaType).toBe('text/html');
    const inner =
      'Content-Type: multipart/digest; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\n';
    expect(headerOf(inner, 2).mediaType).toBe('text/plain');
  });

  it.each([
    ['', TransferEncoding.SevenBit],
    ['Content-Transfer-Encoding:\n', TransferEncoding.SevenBit],
    ['CONTENT-TRANSFER-ENCODING: Base64 \n', TransferEncoding.Base64],
    ['Content-Transfer-Encoding: "7bit"\n', TransferEncoding.SevenBit],
    ['Content-Transfer-Encoding: (a) 8bit (b); x=y\n', TransferEncoding.EightBit],
    ['Content-Transfer-Encoding : quoted-printable\n', TransferEncoding.QuotedPrintable],
    ['Content-Transfer-Encoding:\n binary\n', TransferEncoding.Binary],
    ['Content-Transfer-Encoding: 7-bit\n', TransferEncoding.SevenBit],
    ['Content-Transfer-Encoding: 8bits\n', TransferEncoding.EightBit],
    ['Content-Transfer-Encoding: x-uuencode\n', TransferEncoding.Unknown],
  ])('reads the transfer encoding in %j', (field, encoding) => {
    expect(headerOf(`${field}X: y\n\n`).transferEncoding).toBe(encoding);
  });

  it('reads charset, disposition, file name, Content-ID and other parameters', () => {
    const header = headerOf(
      'Content-Type: text/plain; charset="ISO-8859-1"; format=Flowed; name=a.txt\n' +
        'Content-Disposition: ATTACHMENT; filename="b.txt"\nContent-ID: <x@y>\n\n',
    );
    expect(header.charset).toBe('iso-8859-1');
    expect(header.parameter('format')).toBe('Flowed');
    expect(header.parameter('delsp')).toBe('');
    expect(header.disposition).toBe('attachment');
    expect(header.fileName).toBe('b.txt');
    expect(header.contentId).toBe('x@y');
    expect(header.contradictory).toBe(false);
  });

  it('takes the file name of Content-Type where Content-Disposition has none', () => {
    const named = (disposition: string) =>
      headerOf(`Content-Type: a/b; name*=utf-8''%41\n${disposition}\n`).fileName;
    expect(named('')).toBe('A');
    expect(named('Content-Disposition: inline\n')).toBe('A');
    expect(named('Content-Disposition: inline; filename=""\n')).toBe('A');
    expect(named('Content-Disposition: inline; filename*0="B "; filename*1=C\n')).toBe('B C');
  });

  it('keeps what is asked for of a field of any length', () => {
    const long = (name: string) => `${name}="${'\\"x'.repeat(2000)}.patch"`;
    const header = headerOf(
      `Content-Type: text/plain;\n a=${'b'.repeat(5000)};\n charset="utf\\-8"; format*=''flo%77ed; ${long('name')}\n` +
        `Content-Disposition: ${'x'.repeat(5000)}; ${long('filename')}\nContent-ID: <${'y'.repeat(5000)}>\n\n`,
    );
    expect(header.contradictory).toBe(false);
    expect(header.charset).toBe('utf-8');
    expect(header.parameter('format')).toBe('flowed');
    expect(header.parameter('a')).toBe('');
    expect(header.fileName).toMatch(/^"?x.{980,}\.patch$/);
    for (const text of [header.disposition, header.fileName, header.contentId]) {
      expect(text.length).toBe(KEPT_LIMIT);
    }
    const related = headerOf(
      `Content-Type: multipart/related; start="a\\\\\\"b"; type="c;d"; x=${'y'.repeat(2000)}\n\n`,
    );
    expect(related.parameter('start')).toBe('a\\"b');
    expect(related.parameter('type')).toBe('c;d');
  });

  it.each([
    ['Content-ID: a@b\n', 'a@b'],
    ['Content-ID:  <> \n', ''],
    ['Content-ID: >\n', ''],
    ['', ''],
  ])('reads the Content-ID in %j', (field, id) => {
    expect(headerOf(`${field}\n`).contentId).toBe(id);
  });

  it.each([
    ['Content-Type: text/plain\nContent-Type: text/html\n', true],
    ['Content-Type: text/plain;\n charset=x\nContent-Type:   text/plain; charset=x\n', false],
    ['Content-Type: text/plain\nContent-Type: text/ plain\n', true],
    ['Content-Transfer-Encoding: 7bit\nContent-Transfer-Encoding: base64\n', true],
    ['Content-Disposition: inline\nContent-Disposition: inline\n', false],
    ['Content-ID: <a@b>\nContent-ID: <c@d>\n', true],
    ['Content-Type: a/b\nContent-Type: a/b\nContent-Type: a/c\nContent-Type: a/b\n', true],
    [`Content-Type: text/plain; x=${'y'.repeat(FIELD_LIMIT)}\n`, true],
    [`X: ${'y'.repeat(FIELD_LIMIT)}\n`, false],
    ['Content-Description: a\nContent-Description: b\n', false],
  ])('sees whether readers disagree about %.70j: %s', (fields, contradictory) => {
    expect(headerOf(`${fields}\n`).contradictory).toBe(contradictory);
  });

  it.each([
    ['Content-Type: multipart/mixed; boundary="b "\n\n', 'b'],
    ['Content-Type: multipart/mixed; boundary=""\n\n', ''],
    ['Content-Type: multipart/mixed; boundary=" "\n\n', ''],
    ['Content-Type: multipart/mixed\n\n', ''],
    ['Content-Type: text/plain; boundary=b\n\n--b\n', ''],
    ['Content-Type: multipart/mixed; boundary=b\nContent-Type: multipart/mixed; boundary=c\n\n', ''],
    [`Content-Type: multipart/mixed; boundary=${'b'.repeat(BOUNDARY_LIMIT)}\n\n`, 'b'.repeat(BOUNDARY_LIMIT)],
    [`Content-Type: multipart/mixed; boundary=${'b'.repeat(BOUNDARY_LIMIT + 1)}\n\n`, ''],
  ])('finds the boundary in %.70j', (text, boundary) => {
    const part = partOf(Buffer.from(text));
    expect(latin1(part.header!.boundary, 0, part.header!.boundary.length)).toBe(boundary);
    expect(part.isMultipart).toBe(boundary !== '');
  });

  it.each([
    ['A: b\n\nHi', BlankLine.Present],
    ['A: b\r\n\r\nHi', BlankLine.Present],
    ['\n', BlankLine.Present],
    ['A: b\nHi there\n', BlankLine.Missing],
    ['Hi there\n', BlankLine.Missing],
    ['A: b\n\r', BlankLine.Missing],
    ['A: b\n', BlankLine.CutOff],
    ['A: b', BlankLine.CutOff],
    ['', BlankLine.CutOff],
  ])('sees what ends the header of %j', (text, blankLine) => {
    expect(headerOf(text).blankLine).toBe(blankLine);
  });

  it('is cut off by a delimiter', () => {
    const message = 'Content-Type: multipart/mixed; boundary=b\n\n--b\nA: b\n--b\n--b--\n';
    expect(headerOf(message, 1).blankLine).toBe(BlankLine.CutOff);
    expect(headerOf(message, 2).blankLine).toBe(BlankLine.CutOff);
  });
});
