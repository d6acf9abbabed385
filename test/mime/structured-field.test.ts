import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../src/mime/bytes.ts';
import { FieldSegments, StructuredField } from '../../src/mime/header/structured-field.ts';

function parse(raw: string): { value: string; parameters: Record<string, string> } {
  const field = new StructuredField(bytesOf(raw));
  const parameters = Object.fromEntries(
    field.parameterNames(100).map((name) => [name, field.parameter(name)]),
  );
  return { value: field.value, parameters };
}

function segmentsOf(raw: string): string[] {
  const segments = new FieldSegments(bytesOf(raw));
  const found: string[] = [];
  while (segments.advance()) found.push(raw.slice(segments.start, segments.end));
  return found;
}

describe('StructuredField', () => {
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
    ["a/b; x*=''2; x=1", 'a/b', { x: '1' }],
    ['a/b; x*2=c; x*0=a; x*10=d', 'a/b', { x: 'acd' }],
    ['a/b; x*1x=a; *=b; x**=c; x*100=d', 'a/b', { 'x*1x': 'a', '*': 'b', 'x**': 'c', 'x*100': 'd' }],
    ["a/b; x*='%4; y*=%4g%; z*=a'b", 'a/b', { x: "'%4", y: '%4g%', z: "a'b" }],
    ['a/b; x="open \r\n ', 'a/b', { x: 'open' }],
    ['a/b; x=fol\r\n ded\rcr', 'a/b', { x: 'fol ded\rcr' }],
    ['a/b; x="a\\', 'a/b', { x: 'a\\' }],
    ['a/b; "unclosed', 'a/b', {}],
    ['', '', {}],
    [';', '', {}],
  ])('reads %j', (raw, value, parameters) => {
    expect(parse(raw)).toEqual({ value, parameters });
  });

  it.each(['(', ' (', '()', '"(', '\\(', ';(x)', ';x*=', ';=', "'%4"])(
    'takes time that grows with %j',
    (piece) => {
      // Quadratic time would not be over before the test's timeout.
      const field = new StructuredField(bytesOf(piece.repeat(100_000)));
      for (const name of ['x', 'boundary', 'charset', 'name']) field.parameter(name);
      expect(field.parameterNames(100).length).toBeLessThanOrEqual(100);
    },
  );

  const raw = fc.string({
    unit: fc.constantFrom(...'";;\\=()*\r\n\t \'%a/04x', '*0', '*1*', '%41', '\r\n '),
    maxLength: 40,
  });

  it('finds segments that joined are the body', () => {
    fc.assert(
      fc.property(raw, (text) => {
        expect(segmentsOf(text).join(';')).toBe(text);
      }),
    );
  });
});
