import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BASE64, encodeBase64, endOfBase64, isBrokenBase64 } from '../../src/mime/base64.ts';
import { littleByLittle } from '../helpers/decoding.ts';

const bytes = fc.uint8Array({ maxLength: 300 });

describe('BASE64', () => {
  it('reads what the encoder wrote, however it is cut, and is left with the padded group', () => {
    fc.assert(
      fc.property(
        bytes,
        fc.integer({ min: 0, max: 76 }),
        fc.integer({ min: 4, max: 76 }),
        fc.nat(),
        (data, column, width, at) => {
          const raw = Buffer.from(encodeBase64(data, Math.min(column, width), width, '\r\n'), 'latin1');
          for (const line of raw.toString('latin1').split('\r\n').slice(1))
            expect(line.length).toBeLessThanOrEqual(width);
          const cut = raw.length ? at % raw.length : 0;
          const first = BASE64.decode(raw.subarray(0, cut), false);
          const rest = raw.subarray(first.consumed);
          const second = BASE64.decode(rest, false);
          const end = endOfBase64(rest.subarray(second.consumed));
          expect(end.broken).toBe(false);
          expect(Buffer.concat([first.bytes, second.bytes, end.bytes])).toEqual(Buffer.from(data));
        },
      ),
    );
  });

  it('says where the group of each decoded byte begins', () => {
    fc.assert(
      fc.property(bytes, fc.constantFrom('\n', '\r\n'), (data, eol) => {
        const raw = Buffer.from(encodeBase64(data, 0, 76, eol), 'latin1');
        for (let offset = 0; offset < Math.floor(data.length / 3) * 3; offset++) {
          const { at, skip } = BASE64.locate(raw, offset);
          const before = BASE64.decode(raw.subarray(0, at), false);
          expect(before.bytes.length + skip).toBe(offset);
          expect(before.consumed).toBe(at);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('reads much at once as it reads little by little, and finds the same places in it', () => {
    const pieces = fc.constantFrom('QUJD', 'x', '/+', '\n', '\r\n', 'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo=');
    const strays = fc.constantFrom('=', ' ', '!', '-_', '\t', '\f', '\v', '\0', '\xa0', '\xff');
    const content = fc
      .array(fc.oneof({ weight: 900, arbitrary: pieces }, { weight: 1, arbitrary: strays }), {
        minLength: 1200,
        maxLength: 3000,
        size: 'max',
      })
      .map((all) => Buffer.from(all.join('').replaceAll(/=(?!$)/g, ''), 'latin1'));
    fc.assert(
      fc.property(content, fc.boolean(), fc.nat(), (raw, final, at) => {
        const once = BASE64.decode(raw, final);
        expect(once).toEqual(littleByLittle(BASE64, raw, final));
        const offset = at % (once.bytes.length + 1);
        const place = BASE64.locate(raw, offset);
        const before = littleByLittle(BASE64, raw.subarray(0, place.at), false);
        expect(before).toEqual({ bytes: once.bytes.subarray(0, offset - place.skip), consumed: place.at });
      }),
      { numRuns: 20, endOnFailure: true },
    );
  });

  it.each([
    ['QQ==', 'A', 4, false],
    ['QUI', 'AB', 3, false],
    ['QQ==\r\n\r\n', 'A', 4, false],
    ['Q', '', 1, true],
    ['QQ==QUJD', 'A', 8, true],
    ['Q!Q==', 'A', 5, true],
  ])('knows how %j ends', (raw, text, end, broken) => {
    expect(endOfBase64(Buffer.from(raw))).toEqual({ bytes: Buffer.from(text), end, broken });
  });

  it.each([
    ['QUJDRA==\n', false],
    ['QUJDRA==\nRUZH\n', true],
    ['QUJDRA==\n\n__\nlist!\n', true],
    ['QUJDR', true],
  ])('knows whether %j as a whole is broken', (content, broken) => {
    expect(isBrokenBase64(Buffer.from(content))).toBe(broken);
  });
});
