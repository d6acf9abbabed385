import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import {
  completeFooters,
  type FooterReport,
  FooterStream,
  FooterTransformStream,
  type PartReport,
} from '../../src/index.ts';
import { Scanner } from '../../src/scanner.ts';
import { fixtures } from '../helpers/fixtures.ts';
import { insertFooters } from '../helpers/insert.ts';

const footers = await completeFooters({ text: '-- \nThe café list' });
const messages = fixtures().filter((_, index) => index % 7 === 0);

/** A message in pieces of a few bytes. */
function* pieces(message: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < message.length; at += size) yield message.subarray(at, at + size);
}

describe('FooterStream', () => {
  it('gives what the inserter gives, in any pieces', async () => {
    for (const { name, bytes, wishes } of messages) {
      const stream = Readable.from(pieces(bytes, 13)).pipe(new FooterStream(footers, wishes));
      expect(await buffer(stream), name).toEqual(insertFooters(bytes, footers, wishes));
    }
  });

  it('works with a reader that is slow, and with tiny buffers', async () => {
    const message = Buffer.from(`Subject: x\n\n${'a line of text\n'.repeat(5000)}`);
    const stream = new FooterStream(footers, {}, { highWaterMark: 16 });
    Readable.from(pieces(message, 1000)).pipe(stream);
    const out: Buffer[] = [];
    for await (const piece of stream) {
      out.push(piece as Buffer);
      if (out.length % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(Buffer.concat(out)).toEqual(insertFooters(message, footers));
  });

  it('says what was done where', async () => {
    const parts: PartReport[] = [];
    const reports: FooterReport[] = [];
    const stream = new FooterStream(footers);
    stream.on('part', (report) => parts.push(report)).once('footer', (report) => reports.push(report));
    const name = 'alternative/exchange-calendar-invite';
    const { bytes } = fixtures().find((fixture) => fixture.name === name)!;
    Readable.from(pieces(bytes, 100)).pipe(stream);
    await buffer(stream);
    expect(parts).toEqual([
      {
        number: '1',
        mediaType: 'text/plain',
        placed: { manner: 'into', kind: 'text/plain', transliterated: false },
      },
      {
        number: '2',
        mediaType: 'text/html',
        placed: { manner: 'into', kind: 'text/html', transliterated: false },
      },
      { number: '3', mediaType: 'text/calendar', reason: 'not text' },
    ]);
    expect(reports).toHaveLength(1);
    expect(reports[0]).toMatchObject({ summary: 'footer added: text/plain, text/html' });
  });
});

describe('FooterTransformStream', () => {
  it('gives the same, and a report', async () => {
    for (const { name, bytes, wishes } of messages) {
      const parts: PartReport[] = [];
      const transform = new FooterTransformStream(footers, { ...wishes, onPart: (part) => parts.push(part) });
      const source = new ReadableStream<Uint8Array>({
        start(controller) {
          for (const piece of pieces(bytes, 17)) controller.enqueue(piece);
          controller.close();
        },
      });
      const out = Buffer.from(await new Response(source.pipeThrough(transform)).arrayBuffer());
      expect(out, name).toEqual(insertFooters(bytes, footers, wishes));
      const report = await transform.report;
      expect(report.reasons.length === 0 || parts.some(({ reason }) => reason !== undefined)).toBe(true);
    }
  });
});

describe('completeFooters', () => {
  it('makes the half that is missing', async () => {
    await expect(completeFooters({ text: 'a <b>\r\n\r\n' })).resolves.toEqual({
      text: 'a <b>',
      html: '<div>a &lt;b&gt;</div>',
    });
    await expect(completeFooters({ html: '<p>a &lt;b&gt;</p>\n', text: ' \n' })).resolves.toEqual({
      text: 'a <b>',
      html: '<p>a &lt;b&gt;</p>',
    });
  });

  it('refuses a footer that shows nothing', async () => {
    await expect(completeFooters({ text: ' \n\n' })).rejects.toThrow(TypeError);
    await expect(completeFooters({})).rejects.toThrow(TypeError);
  });
});

it('the scanner by itself loses no byte', () => {
  const message = readFileSync(new URL('../fixtures/messages/mixed/outlook.eml', import.meta.url));
  const out: Buffer[] = [];
  const scanner = new Scanner((token) => out.push(Buffer.from(token.bytes)));
  for (const piece of pieces(message, 7)) scanner.write(piece);
  scanner.end();
  expect(Buffer.concat(out)).toEqual(message);
});
