import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QUOTED_PRINTABLE, QuotedPrintableEncoder } from '../../src/mime/quoted-printable.ts';
import { littleByLittle } from '../helpers/decoding.ts';

function encode(text: string, cut = text.length, eol = '\n'): string {
  const encoder = new QuotedPrintableEncoder(eol);
  return encoder.write(text.slice(0, cut)) + encoder.write(text.slice(cut)) + encoder.end();
}

function decode(raw: string): string {
  const { bytes, consumed } = QUOTED_PRINTABLE.decode(Buffer.from(raw, 'latin1'), true);
  expect(consumed).toBe(raw.length);
  return Buffer.from(bytes).toString('latin1');
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

describe('QuotedPrintableEncoder', () => {
  it('encodes what the rules of RFC 2045 §6.7 ask for', () => {
    expect(encode('a=b')).toBe('a=3Db');
    expect(encode('blank \nmore\t\r\n')).toBe('blank=20\nmore\t=0D\n');
    expect(encode('blank \r\nmore\t\n', 7, '\r\n')).toBe('blank=20\r\nmore\t=0A');
    expect(encode('ends in a blank ')).toBe('ends in a blank=20');
    expect(encode('lone\rCR\r')).toBe('lone=0DCR=0D');
    expect(encode(`${'x'.repeat(75)}--b`)).toBe(`${'x'.repeat(75)}=\n=2D-b`);
    expect(encode('.\nFrom me\nFro')).toBe('=2E\n=46rom me\nFro');
  });

  it('reads back as what went in, however it was cut, in lines of at most 76 characters, all of them 7-bit', () => {
    fc.assert(
      fc.property(mailText, fc.nat(), fc.constantFrom('\n', '\r\n'), (text, at, eol) => {
        const encoded = encode(text, text.length ? at % text.length : 0, eol);
        expect(encoded).toBe(encode(text, 0, eol));
        expect(decode(encoded)).toBe(text);
        expect(encoded.replaceAll(eol, '')).not.toMatch(/[\r\n]/);
        for (const line of encoded.split(eol)) expect(line.length).toBeLessThanOrEqual(76);
        expect(encoded).toMatch(/^[\t\n\r -~]*$/);
        expect(encoded).not.toMatch(/[ \t]\r?$/m);
      }),
    );
  });

  it('keeps UTF-8 sequences on one line', () => {
    const encoded = encode('ü'.repeat(200).replace(/ü/g, '\xc3\xbc'));
    for (const line of encoded.split('\n')) expect(line).toMatch(/^(?:=C3=BC)+=?$/);
  });
});

describe('QUOTED_PRINTABLE', () => {
  it.each([
    ['a=3db', 'a=b'],
    ['soft=\nbreak', 'softbreak'],
    ['soft=  \r\nbreak', 'softbreak'],
    ['a=zz', 'a=zz'],
    ['a=4', 'a=4'],
    ['cut off=', 'cut off'],
    ['x =  ', 'x '],
  ])('reads %j as %j', (raw, text) => expect(decode(raw)).toBe(text));

  it('says where each decoded byte begins', () => {
    fc.assert(
      fc.property(mailText, (text) => {
        const raw = Buffer.from(encode(text), 'latin1');
        for (let offset = 0; offset <= text.length; offset++) {
          const { at } = QUOTED_PRINTABLE.locate(raw, offset);
          expect(
            decode(raw.subarray(0, at).toString('latin1')) + decode(raw.subarray(at).toString('latin1')),
          ).toBe(text);
          expect(decode(raw.subarray(0, at).toString('latin1')).length).toBe(offset);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('leaves what may go on for the next call', () => {
    fc.assert(
      fc.property(mailText, fc.nat(), (text, at) => {
        const raw = Buffer.from(encode(text), 'latin1');
        const cut = raw.length ? at % raw.length : 0;
        const first = QUOTED_PRINTABLE.decode(raw.subarray(0, cut), false);
        const rest = QUOTED_PRINTABLE.decode(raw.subarray(first.consumed), true);
        expect(Buffer.concat([first.bytes, rest.bytes]).toString('latin1')).toBe(text);
      }),
    );
  });

  it('reads much at once as it reads little by little, and finds the same places in it', () => {
    const pieces = fc.constantFrom(
      '=3D',
      '=c3=BC',
      '=\n',
      '= \t\r\n',
      '\n',
      '\r\n',
      '%',
      '%41',
      '%u0041',
      'text ',
    );
    const strays = fc.constantFrom('=', '=4', '=4=\n1', '=u0041', '==\n', '=\r', `=${' '.repeat(998)}\n`);
    const content = fc
      .array(fc.oneof({ weight: 400, arbitrary: pieces }, { weight: 1, arbitrary: strays }), {
        minLength: 1200,
        maxLength: 2500,
        size: 'max',
      })
      .map((all) => Buffer.from(all.join(''), 'latin1'));
    fc.assert(
      fc.property(content, fc.boolean(), fc.nat(), (raw, final, at) => {
        const once = QUOTED_PRINTABLE.decode(raw, final);
        expect(once).toEqual(littleByLittle(QUOTED_PRINTABLE, raw, final));
        const offset = at % (once.bytes.length + 1);
        const place = QUOTED_PRINTABLE.locate(raw.subarray(0, once.consumed), offset);
        const rest = littleByLittle(QUOTED_PRINTABLE, raw.subarray(place.at), final);
        expect(rest.bytes).toEqual(once.bytes.subarray(offset));
      }),
      { numRuns: 30, endOnFailure: true },
    );
  });
});
