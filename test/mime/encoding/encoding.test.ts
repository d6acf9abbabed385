import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteBuilder } from '../../../src/mime/byte-builder.ts';
import { Base64Encoder } from '../../../src/mime/encoding/base64.ts';
import { QuotedPrintableEncoder } from '../../../src/mime/encoding/quoted-printable.ts';
import { TransferEncoding, transferEncodingOf } from '../../../src/mime/encoding/transfer-encoding.ts';
import { encoded, unquoted } from './content.ts';

/** mailparser's readers. */
const mailparser = createRequire(createRequire(import.meta.url).resolve('mailparser'));
const libqp = mailparser('libqp') as { decode(text: string): Buffer };
const libbase64 = mailparser('libbase64') as { decode(text: string): Buffer };

function quoted(text: string, cuts: readonly number[] = [], lineEnd = '\n'): string {
  return encoded(TransferEncoding.QuotedPrintable, Buffer.from(text, 'latin1'), lineEnd, cuts).toString(
    'latin1',
  );
}

function inBase64(
  bytes: Uint8Array,
  column: number,
  width: number,
  cuts: readonly number[],
  lineEnd: string,
): string {
  const encoder = new Base64Encoder(lineEnd, column, width);
  const into = new ByteBuilder();
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    encoder.write(bytes, from, Math.max(from, cut), into);
    from = Math.max(from, cut);
  }
  encoder.end(into);
  return Buffer.from(into.bytes()).toString('latin1');
}

const mailText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\n',
        '\r\n',
        '\r',
        ' ',
        '\t',
        '.',
        '-',
        '--',
        'From ',
        'F',
        '=',
        '\xc3\xbc',
        '\xf0\x9f\x98\x80',
        '\xe4',
        '\0',
        'word',
      ),
      fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((c) => String.fromCharCode(c)), maxLength: 90 }),
    ),
    { maxLength: 30 },
  )
  .map((pieces) => pieces.join(''));

const someCuts = (text: string | Uint8Array) => fc.array(fc.nat({ max: text.length }), { maxLength: 8 });

describe('transferEncodingOf', () => {
  const { SevenBit, EightBit, Binary, QuotedPrintable, Base64, Unknown } = TransferEncoding;
  it.each([
    ['', SevenBit],
    ['7bit', SevenBit],
    ['7-bit', SevenBit],
    ['7bits', SevenBit],
    ['8bit', EightBit],
    ['8-bit', EightBit],
    ['8bits', EightBit],
    ['binary', Binary],
    ['quoted-printable', QuotedPrintable],
    ['base64', Base64],
    ['quoted_printable', Unknown],
    ['base-64', Unknown],
    ['x-uuencode', Unknown],
    ['16bit', Unknown],
    ['utf-8', Unknown],
  ])('reads %j', (name, encoding) => expect(transferEncodingOf(name)).toBe(encoding));
});

describe('QuotedPrintableEncoder', () => {
  it('encodes what the rules of RFC 2045 §6.7 ask for', () => {
    expect(quoted('a=b')).toBe('a=3Db');
    expect(quoted('blank \nmore\t\r\n')).toBe('blank=20\nmore\t=0D\n');
    expect(quoted('blank \r\nmore\t\n', [7], '\r\n')).toBe('blank=20\r\nmore\t=0A');
    expect(quoted('ends in a blank ')).toBe('ends in a blank=20');
    expect(quoted('lone\rCR\r')).toBe('lone=0DCR=0D');
    expect(quoted('two  blanks')).toBe('two  blanks');
  });

  it('leaves nothing at the start of a line that software on the way changes', () => {
    expect(quoted('.\nFrom me\nFro')).toBe('=2E\n=46rom me\nFro');
    expect(quoted('a.b From')).toBe('a.b From');
  });

  it('begins no line with two dashes', () => {
    expect(quoted('-- \nAna')).toBe('=2D-=20\nAna');
    expect(quoted('--b--\n-b\n---')).toBe('=2D-b--\n-b\n=2D--');
    expect(quoted('-')).toBe('=2D');
    expect(quoted('a-\n- b')).toBe('a-\n- b');
    expect(quoted(`${'x'.repeat(75)}--b`)).toBe(`${'x'.repeat(75)}=\n=2D-b`);
    expect(quoted(`${'x'.repeat(75)}-b`)).toBe(`${'x'.repeat(75)}=\n=2Db`);
  });

  it('is read back as what went in, however it was cut, in lines of at most 76 characters, all of them 7-bit', () => {
    fc.assert(
      fc.property(
        mailText.chain((text) => fc.tuple(fc.constant(text), someCuts(text))),
        fc.constantFrom('\n', '\r\n'),
        ([text, cuts], lineEnd) => {
          const raw = quoted(text, cuts, lineEnd);
          expect(raw).toBe(quoted(text, [], lineEnd));
          expect(unquoted(raw).toString('latin1')).toBe(text);
          expect(libqp.decode(raw).toString('latin1')).toBe(text);
          expect(raw.replaceAll(lineEnd, '')).not.toMatch(/[\r\n]/);
          for (const line of raw.split(lineEnd)) {
            expect(line.length).toBeLessThanOrEqual(76);
            expect(line).not.toMatch(/^(?:--|\.|From )/);
          }
          expect(raw).toMatch(/^[\t\n\r -~]*$/);
          expect(raw).not.toMatch(/[ \t]\r?$/m);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('goes on a line that has been begun', () => {
    for (let column = 0; column <= 100; column++) {
      const encoder = new QuotedPrintableEncoder('\n', column);
      const into = new ByteBuilder();
      const text = Buffer.from(
        'a word = or two, \xe4 and more of them: it goes on and on until the line is full --',
        'latin1',
      );
      encoder.write(text, 0, text.length, into);
      encoder.end(into);
      const raw = Buffer.from(into.bytes()).toString('latin1');
      const lines = ('x'.repeat(column) + raw).split('\n');
      for (const line of column > 75 ? lines.slice(1) : lines) expect(line.length).toBeLessThanOrEqual(76);
      expect(encoder.column).toBe(lines.at(-1)!.length);
      expect(unquoted(raw)).toEqual(text);
    }
  });

  it('keeps UTF-8 sequences on one line', () => {
    for (const character of ['ü', '日', '😀']) {
      const raw = quoted(Buffer.from(character.repeat(200)).toString('latin1'));
      const unit = quoted(Buffer.from(character).toString('latin1'));
      for (const line of raw.split('\n')) expect(line.replaceAll(unit, '')).toMatch(/^=?$/);
    }
    expect(quoted('\xf0\x9f')).toBe('=F0=9F');
    expect(quoted('\xc3\xc3\xbc\xbc')).toBe('=C3=C3=BC=BC');
  });
});

describe('Base64Encoder', () => {
  it('writes what Node writes, in lines', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }).chain((bytes) => fc.tuple(fc.constant(bytes), someCuts(bytes))),
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: 4, max: 76 }),
        fc.constantFrom('\n', '\r\n'),
        ([bytes, cuts], column, width, lineEnd) => {
          const raw = inBase64(bytes, column, width, cuts, lineEnd);
          expect(raw.replaceAll(lineEnd, '')).toBe(Buffer.from(bytes).toString('base64'));
          expect(libbase64.decode(raw)).toEqual(Buffer.from(bytes));
          const lines = raw.split(lineEnd);
          for (const line of lines.slice(1)) expect(line.length).toBeLessThanOrEqual(width);
          if (lines[0] !== '') expect(column + lines[0]!.length).toBeLessThanOrEqual(Math.max(width, 4));
          for (const line of lines.slice(1, -1)) expect(line.length).toBe(width - (width % 4));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('writes groups whole even where no line has room for one', () => {
    expect(inBase64(Buffer.from('ABCDEF'), 0, 1, [], '\n')).toBe('QUJD\nREVG');
  });
});
