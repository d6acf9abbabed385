/** The small parts: slots, log lines, what the log reads in a header. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logLine } from '../../src/serve/log-line.ts';
import { delivered, failed, replyText, tooLarge } from '../../src/serve/result.ts';
import { Slots } from '../../src/serve/slots.ts';
import { readMessageTrace } from '../../src/serve/trace.ts';
import { DeliveryError, STATUS } from '../../src/status.ts';

describe('slots', () => {
  test('are given in the order in which they were asked for, also to those who want many', async () => {
    const slots = new Slots(3);
    const order: string[] = [];
    const ask = async (name: string, wanted: number) => {
      const release = await slots.take(wanted, 60_000);
      order.push(name);
      return () => {
        for (let at = 0; at < wanted; at++) release!();
      };
    };
    const first = await ask('one', 1);
    const second = ask('three', 3);
    const third = ask('small', 1);
    expect([slots.running, slots.waiting]).toEqual([1, 2]);
    first();
    const release = await second;
    expect(slots.running).toBe(3);
    release();
    (await third)();
    expect(order).toEqual(['one', 'three', 'small']);
    expect([slots.running, slots.waiting]).toEqual([0, 0]);
  });

  test('who waits too long leaves the queue, and those behind move up', async () => {
    const slots = new Slots(2);
    const release = await slots.take(1, 60_000);
    const large = slots.take(2, 20);
    const small = slots.take(1, 60_000);
    expect(await large).toBeUndefined();
    expect(await small).toBeTypeOf('function');
    release!();
    expect(slots.running).toBe(1);
  });
});

describe('log lines', () => {
  test('are one printable line, whatever stands in them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (value) => {
        const line = logLine('event', { key: value, next: 'end' });
        expect(line).toMatch(/^event (key=([!#-<>-[\]-~]+|"([ !#-[\]-~]|\\.)+") )?next=end\n$/);
      }),
    );
  });
});

describe('what the log reads in a header', () => {
  test.each([
    [
      'Received: from a by b (Postfix)\n\twith ESMTP id 4XyZ\n\tfor <x@y>; now\nMessage-Id: <a@b>\n\n',
      '4XyZ',
      '<a@b>',
    ],
    ['Message-ID:\n <folded@b>\nReceived: by x id A1; y\n\nMessage-ID: <no>\n', 'A1', '<folded@b>'],
    ['Subject: x\n\nReceived: by x id NO\nMessage-ID: <no>\n', '', ''],
    ['', '', ''],
    ['Message-ID: <end>', '', '<end>'],
  ])('%j', (text, queueId, messageId) => {
    expect(readMessageTrace(Buffer.from(text))).toEqual({ queueId, messageId });
  });
});

describe('replies', () => {
  test.each(Object.entries(STATUS))('%s', (kind, { lmtp }) => {
    const result = failed(new DeliveryError(kind as keyof typeof STATUS, 'why\r\n250 really'));
    expect(result.code).toBe(lmtp);
    expect(replyText(result)).toMatch(
      new RegExp(`^${Math.floor(lmtp / 100)}\\.[0-9]\\.[0-9] why 250 really$`),
    );
  });

  test('an error that nobody foresaw is for the log only', () => {
    const result = failed(new TypeError('cannot read /etc/secret'));
    expect(replyText(result)).toBe('4.3.0 internal error');
    expect(result.detail).toContain('/etc/secret');
  });

  test('stay within what a reply line may be', () => {
    const long = { summary: 'x'.repeat(1000), outcome: undefined, failure: undefined };
    expect(replyText(delivered(long)).length).toBeLessThan(500);
    expect(replyText(tooLarge(5))).toBe('5.3.4 the message is larger than 5 bytes');
  });
});
