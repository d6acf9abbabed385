import { expect, test } from 'vitest';
import { printable, printableLine, printableWord, quoted } from '../src/printable.ts';

test('printable ASCII stays, and each other character is a question mark', () => {
  expect(printable('a b"c', 10)).toBe('a b"c');
  expect(printable('\n\t\x7f\u00e4\ud83d\ude00~', 10)).toBe('??????~');
  expect(printable('', 10)).toBe('');
});

test('in one word also blanks and double quotes', () => {
  expect(printableWord('a b"c', 10)).toBe('a?b?c');
});

test('what is too long is cut, and says so', () => {
  expect(printable('0123456789', 10)).toBe('0123456789');
  expect(printable('0123456789a', 10)).toBe('0123456...');
  expect(printableWord('\n'.repeat(1_000_000), 10)).toBe('???????...');
  expect(quoted('x'.repeat(61))).toBe(`"${'x'.repeat(57)}..."`);
});

test('one line', () => {
  expect(printableLine('\n a\r\n\tb  c\u00e4d ', 100)).toBe('a b c d');
  expect(printableLine('ab cd', 4)).toBe('a...');
  expect(printableLine('x '.repeat(1_000_000), 10)).toBe('x x x x...');
  expect(printableLine('\0', 10)).toBe('');
});
