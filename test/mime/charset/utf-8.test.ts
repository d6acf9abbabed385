import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Utf8Validator } from '../../../src/mime/charset/utf-8.ts';

function isUtf8(bytes: Uint8Array): boolean {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes) !== undefined;
  } catch {
    return false;
  }
}

function validated(bytes: Uint8Array, piece: number): Utf8Validator {
  const validator = new Utf8Validator();
  for (let at = 0; at < bytes.length; at += piece)
    validator.push(bytes, at, Math.min(at + piece, bytes.length));
  return validator;
}

describe('Utf8Validator', () => {
  it('agrees with Node on all sequences of three bytes that begin above ASCII', () => {
    const decoder = new TextDecoder('utf-8');
    for (let first = 0x80; first < 0x100; first++)
      for (let second = 0x7f; second < 0x102; second++)
        for (const third of [0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xe0, 0xff]) {
          const bytes = Uint8Array.of(first, second, third);
          const expected = !decoder.decode(bytes).includes('\ufffd');
          if (validated(bytes, 3).isWhole !== expected) expect([...bytes]).toEqual([expected]);
        }
  });

  it('agrees with Node on anything, however it is cut', () => {
    const byte = fc.oneof(
      fc.nat(0xff),
      fc.constantFrom(0x41, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc2, 0xe0, 0xed, 0xf0, 0xf4),
    );
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 9 }), fc.integer({ min: 1, max: 4 }), (all, piece) => {
        const bytes = Uint8Array.from(all);
        expect(validated(bytes, piece).isWhole).toBe(isUtf8(bytes));
      }),
      { numRuns: 20_000 },
    );
  });

  it('tells what it saw', () => {
    expect(validated(Buffer.from('abc'), 1).hasMultiByte).toBe(false);
    expect(validated(Buffer.from('für'), 1).hasMultiByte).toBe(true);
    const validator = new Utf8Validator();
    expect(validator.push(Uint8Array.of(0xf0, 0x9f), 0, 2)).toBe(true);
    expect([validator.isWhole, validator.unfinished]).toEqual([false, 2]);
    expect(validator.push(Uint8Array.of(0x98, 0x80), 0, 2)).toBe(true);
    expect([validator.isWhole, validator.unfinished]).toEqual([true, 0]);
    expect(validator.push(Uint8Array.of(0x80), 0, 1)).toBe(false);
    expect(validator.push(Buffer.from('a'), 0, 1)).toBe(false);
    expect(validator.isWhole).toBe(false);
    expect(new Utf8Validator().isWhole).toBe(true);
  });
});
