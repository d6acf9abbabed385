import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStructured, structuredSegments } from '../../src/mime/content-type.ts';

describe('parseStructured', () => {
  it.each([
    ['Text/Plain; charset=UTF-8', 'text/plain', { charset: 'UTF-8' }],
    [
      ' text/plain;\r\n\tcharset="utf-8" ;; format = flowed',
      'text/plain',
      { charset: 'utf-8', format: 'flowed' },
    ],
    ['text/plain; charset=us-ascii (Plain text)', 'text/plain', { charset: 'us-ascii' }],
    ['(a (nested) comment) text/html (x)', 'text/html', {}],
    ['text/html (don"t; really); charset=utf-8', 'text/html', { charset: 'utf-8' }],
    ['multipart/mixed; (x; boundary=z) boundary=b', 'multipart/mixed', { boundary: 'b' }],
    ['multipart/mixed; boundary (x) = (y (z)) "b"', 'multipart/mixed', { boundary: 'b' }],
    ['a/b (open; x=1', 'a/b', { x: '1' }],
    ['a/b; name=c(1;2).d; x=1', 'a/b', { name: 'c(1', x: '1' }],
    ['multipart/mixed; boundary="a;b \\"c\\""', 'multipart/mixed', { boundary: 'a;b "c"' }],
    ['multipart/mixed; boundary=----=_Part 1; x=y', 'multipart/mixed', { boundary: '----=_Part 1', x: 'y' }],
    [
      "a/b; name*=utf-8'de'%FCber; title*0*=iso-8859-1''a%20; title*1=b",
      'a/b',
      { name: '\xfcber', title: 'a b' },
    ],
    ['a/b; x=1; x=2', 'a/b', { x: '1' }],
    ['a/b; "unclosed', 'a/b', {}],
    ['', '', {}],
  ])('reads %j', (raw, value, parameters) => {
    const parsed = parseStructured(raw);
    expect(parsed.value).toBe(value);
    expect(Object.fromEntries(parsed.parameters)).toEqual(parameters);
  });

  it('takes time that grows with the text, whatever is left open in it', () => {
    for (const piece of ['(', ' (', '()', '"(', '\\(', ';(x)']) {
      const started = performance.now();
      parseStructured(piece.repeat(100_000));
      expect(performance.now() - started).toBeLessThan(1000);
    }
  });

  it('takes any text, and its segments joined are the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'";\\=()*\r\n\t \'%a/0') }), (raw) => {
        parseStructured(raw);
        expect(structuredSegments(raw).join(';')).toBe(raw);
      }),
    );
  });
});
