import { expect, test } from 'vitest';
import {
  enhancedCode,
  exitStatus,
  Failure,
  FailureKind,
  internalFailure,
  lmtpReply,
  temporary,
} from '../../src/errors.ts';
import { failureLine, successLine } from '../../src/transport/log-line.ts';

const HOSTILE = ['a\nb\r\nc', '\u001b[31mred', 'Küche', 'x'.repeat(5000), '', '\u0000', '   '];

test('a success is one printable line of at most 100 characters', () => {
  for (const text of HOSTILE) expect(successLine(text)).toMatch(/^[ -~]{0,100}\n$/);
  expect(successLine('footer added: text/plain')).toBe('footer added: text/plain\n');
  expect(successLine(' a\n\t b\r\n')).toBe('a b\n');
  expect(successLine('x'.repeat(100))).toBe(`${'x'.repeat(100)}\n`);
  expect(successLine('x'.repeat(101))).toBe(`${'x'.repeat(97)}...\n`);
  expect(successLine('x '.repeat(5000))).toBe(`${'x '.repeat(48)}x...\n`);
});

test('a failure is one printable line that begins with its enhanced status', () => {
  for (const text of HOSTILE) {
    expect(failureLine(temporary(text))).toMatch(/^4\.3\.0 [ -~]{0,300}\n$/);
    expect(failureLine(internalFailure(text))).toMatch(/^4\.3\.0 internal error:[ -~]{0,300}\n$/);
  }
  expect(failureLine(new Failure(FailureKind.NoSuchList, 'there is none'))).toBe('5.1.1 there is none\n');
});

test('only a list that does not exist makes Postfix bounce', () => {
  const told = (kind: FailureKind) => [exitStatus(kind), enhancedCode(kind), lmtpReply(kind)];
  expect(told(FailureKind.NoSuchList)).toEqual([67, '5.1.1', 550]);
  expect(told(FailureKind.Temporary)).toEqual([75, '4.3.0', 451]);
  expect([exitStatus(FailureKind.Usage), exitStatus(FailureKind.NoInput)]).toEqual([64, 66]);
});
