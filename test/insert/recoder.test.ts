import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Recoding } from '../../src/insert/plan.ts';
import { Recoder } from '../../src/insert/recoder.ts';
import { BufferSource } from '../../src/mime/buffer-source.ts';
import { charsetNamed } from '../../src/mime/charset/charsets.ts';
import { CHARSETS } from '../../src/mime/charset/data/labels.ts';
import { TransferEncoding } from '../../src/mime/encoding/transfer-encoding.ts';
import { Window } from '../../src/mime/window.ts';

const { SevenBit, EightBit, QuotedPrintable, Base64 } = TransferEncoding;

interface Reading {
  readonly width?: number;
  readonly piece?: number;
}

/** @param content in its transfer encoding, latin1 characters; undefined where it is not valid */
function recode(content: string, recoding: Recoding, tail = '', reading: Reading = {}): string | undefined {
  const bytes = Buffer.from(`before${content}after`, 'latin1');
  const window = new Window(new BufferSource(bytes), reading.width ?? 4096);
  const recoder = new Recoder(window, 6, bytes.length - 5, recoding, Buffer.from(tail, 'latin1'));
  const into = new Uint8Array(reading.piece ?? 4096);
  let out = '';
  for (let length = recoder.read(into); length > 0; length = recoder.read(into)) {
    out += Buffer.from(into.subarray(0, length)).toString('latin1');
  }
  return recoder.failed ? undefined : out;
}

const latin1 = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

describe('Recoder', () => {
  it.each([
    ['7bit to quoted-printable', 'a=b \nc', '', SevenBit, QuotedPrintable, 'a=3Db=20\ncT'],
    ['8bit as it is', 'a\xfc', '', EightBit, EightBit, 'a\xfcT'],
    ['its own charset in quoted-printable', 'a\xfc', '', EightBit, QuotedPrintable, 'a=FCT'],
    ['Latin-1 to UTF-8', 'a\xfc', 'iso-8859-1', EightBit, EightBit, latin1('aüT')],
    [
      'quoted-printable to UTF-8',
      'a=FC \n=\nb=20\n',
      'iso-8859-1',
      QuotedPrintable,
      QuotedPrintable,
      'a=C3=BC\nb=20\nT',
    ],
    ['base64 to UTF-8', 'YfwNCg==', 'iso-8859-1', Base64, Base64, Buffer.from('aü\r\nT').toString('base64')],
    ['nothing', '', 'iso-8859-1', EightBit, QuotedPrintable, 'T'],
  ])('%s', (_, content, charset, from, to, expected) => {
    expect(recode(content, new Recoding(charset, from, to, '\n'), 'T')).toBe(expected);
  });

  it('ends the last line of base64 where that is asked for', () => {
    expect(recode('YQ==', new Recoding('', Base64, Base64, '\r\n', true), 'b')).toBe('YWI=\r\n');
  });

  it.each(['a\xff', 'a\xc3'])('says that %j is not valid', (content) => {
    expect(recode(content, new Recoding('utf-8', EightBit, EightBit, '\n'))).toBeUndefined();
  });

  it('knows every charset by its name', () => {
    for (const name of CHARSETS) {
      const charset = charsetNamed(name);
      if (charset !== null) expect(charsetNamed(charset.name)).toBe(charset);
    }
    expect(recode('a', new Recoding('x-made-up', EightBit, EightBit, '\n'))).toBeUndefined();
  });

  it('gives the same bytes however wide the window is and however much is read at a time', () => {
    const texts = fc.array(
      fc.constantFrom(
        'a',
        ' ',
        '\n',
        '\r\n',
        '=',
        '.',
        '-',
        'ü',
        '日',
        'From ',
        '\t',
        'x'.repeat(70),
        'word '.repeat(30),
      ),
      { maxLength: 60 },
    );
    const encodings = fc.constantFrom(SevenBit, EightBit, QuotedPrintable, Base64);
    const property = fc.property(
      texts,
      encodings,
      encodings,
      fc.boolean(),
      fc.nat(),
      fc.integer({ min: 1, max: 200 }),
      (pieces, from, to, converts, width, piece) => {
        const content = encode(latin1(pieces.join('')), from);
        const recoding = new Recoding(converts ? 'utf-8' : '', from, to, '\n');
        const whole = recode(content, recoding, 'Tail\n');
        expect(recode(content, recoding, 'Tail\n', { width: 64 + (width % 200), piece })).toBe(whole);
        expect(decode(whole!, to)).toBe(`${latin1(pieces.join(''))}Tail\n`);
      },
    );
    fc.assert(property, { numRuns: 300 });
  });
});

function encode(text: string, encoding: TransferEncoding): string {
  if (encoding === Base64) return Buffer.from(text, 'latin1').toString('base64').replace(/.{76}/g, '$&\n');
  if (encoding !== QuotedPrintable) return text;
  return text.replace(
    /[^!-<>-~\n]/g,
    (c) => `=${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

function decode(encoded: string, encoding: TransferEncoding): string {
  if (encoding === Base64) return Buffer.from(encoded, 'base64').toString('latin1');
  if (encoding !== QuotedPrintable) return encoded;
  return encoded
    .replace(/=\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
