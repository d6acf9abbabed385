import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BASE64, encodeBase64, endOfBase64 } from '../../src/mime/base64.ts';

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
});
