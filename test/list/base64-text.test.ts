import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64Text } from '../../src/list/base64-text.ts';

function asAtob(text: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(text), (octet) => octet.charCodeAt(0));
  } catch {
    return null;
  }
}

describe('decodeBase64Text', () => {
  it.each([
    '',
    'YQ==',
    'YQ',
    'YWI=',
    'YW\r\nI\n',
    'YWJj',
    'YWJjZA==',
    'YWJjZA',
    'YQ=',
    'Y',
    '=',
    '==',
    '====',
    'YWJj=',
    'Y Q = =',
    'Y=Q=',
    'YQ==YQ==',
    '*not base64*',
    '+/+/',
    '-_-_',
    'ü',
  ])('%j as atob', (text) => {
    expect(decodeBase64Text(text)).toEqual(asAtob(text));
  });

  it('any text as atob', () => {
    const text = fc.string({ unit: fc.constantFrom(...'AZaz09+/=- \n'), maxLength: 14 });
    fc.assert(
      fc.property(text, (base64) => {
        expect(decodeBase64Text(base64)).toEqual(asAtob(base64));
      }),
      { numRuns: 2000 },
    );
  });
});
