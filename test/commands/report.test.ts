import { expect, test } from 'vitest';
import { failureLine, successLine } from '../../src/commands/report.ts';
import { DeliveryError, STATUS } from '../../src/status.ts';

const HOSTILE = ['a\nb\r\nc', '\u001b[31mred', 'Küche', 'x'.repeat(5000), '', '\u0000', '   '];

test('a success is one printable line of at most 100 characters', () => {
  for (const text of HOSTILE) expect(successLine(text)).toMatch(/^[ -~]{0,100}\n$/);
  expect(successLine('footer added: text/plain')).toBe('footer added: text/plain\n');
});

test('a failure is one printable line that begins with its enhanced status', () => {
  for (const text of HOSTILE) {
    expect(failureLine(new DeliveryError('temporary', text))).toMatch(/^4\.3\.0 [ -~]{0,300}\n$/);
    expect(failureLine(new Error(text))).toMatch(/^4\.3\.0 internal error:[ -~]{0,300}\n$/);
  }
  expect(failureLine(new DeliveryError('no-such-list', 'there is none'))).toBe('5.1.1 there is none\n');
  expect(failureLine(undefined)).toMatch(/^4\.3\.0 /);
});

test('only a list that does not exist makes Postfix bounce', () => {
  for (const [kind, { exit, enhanced }] of Object.entries(STATUS)) {
    if (kind === 'no-such-list') expect([exit, enhanced]).toEqual([67, '5.1.1']);
    if (kind === 'temporary') expect([exit, enhanced]).toEqual([75, '4.3.0']);
  }
});
