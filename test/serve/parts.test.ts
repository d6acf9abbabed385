/** The small parts: the semaphore, log lines, what the log reads in a header. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Failure, FailureKind, lmtpReply } from '../../src/errors.ts';
import { DeliveryFailure } from '../../src/host/interruption.ts';
import { BufferSource } from '../../src/mime/buffer-source.ts';
import { FairSemaphore } from '../../src/serve/fair-semaphore.ts';
import { logLine } from '../../src/serve/log-line.ts';
import { readMessageTrace } from '../../src/serve/message-trace.ts';
import { delivered, failed, replyText, tooLarge } from '../../src/serve/result.ts';

const NEVER = new AbortController().signal;

describe('the semaphore', () => {
  test('gives its permits in the order in which they were asked for', async () => {
    const semaphore = new FairSemaphore(1);
    const order: string[] = [];
    const ask = async (name: string) => {
      const release = await semaphore.acquire(60_000, NEVER);
      order.push(name);
      return release!;
    };
    const first = await ask('one');
    const [second, third] = [ask('two'), ask('three')];
    expect([semaphore.running, semaphore.waiting]).toEqual([1, 2]);
    first();
    first();
    (await second)();
    (await third)();
    expect(order).toEqual(['one', 'two', 'three']);
    expect([semaphore.running, semaphore.waiting]).toEqual([0, 0]);
  });

  test('who waits too long, or is told to stop waiting, leaves the queue, and those after move up', async () => {
    const semaphore = new FairSemaphore(1);
    const release = await semaphore.acquire(60_000, NEVER);
    const stop = new AbortController();
    const late = semaphore.acquire(20, NEVER);
    const stopped = semaphore.acquire(60_000, stop.signal);
    const last = semaphore.acquire(60_000, NEVER);
    stop.abort();
    expect([await late, await stopped]).toEqual([null, null]);
    expect(await semaphore.acquire(60_000, stop.signal)).toBeNull();
    release!();
    expect(await last).toBeTypeOf('function');
    expect([semaphore.running, semaphore.waiting]).toEqual([1, 0]);
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
    expect(readMessageTrace(new BufferSource(Buffer.from(text)))).toEqual({ queueId, messageId });
  });
});

describe('replies', () => {
  test.each([
    [FailureKind.NoSuchList, 550],
    [FailureKind.Temporary, 451],
    [FailureKind.Usage, 451],
    [FailureKind.NoInput, 451],
  ])('kind %s is told as %i', (kind, code) => {
    const result = failed(new DeliveryFailure(new Failure(kind, 'why\r\n250 really')));
    expect([result.code, lmtpReply(kind)]).toEqual([code, code]);
    expect(replyText(result)).toMatch(
      new RegExp(`^${Math.floor(code / 100)}\\.[0-9]\\.[0-9] why 250 really$`),
    );
  });

  test('an error that nobody foresaw is for the log only', () => {
    const result = failed(new TypeError('cannot read /etc/secret'));
    expect(replyText(result)).toBe('4.3.0 internal error');
    expect(result.detail).toContain('/etc/secret');
  });

  test('stay within what a reply line may be', () => {
    expect(replyText(delivered('x'.repeat(1000), null)).length).toBeLessThan(500);
    expect(replyText(tooLarge(5))).toBe('5.3.4 the message is larger than 5 bytes');
  });
});
