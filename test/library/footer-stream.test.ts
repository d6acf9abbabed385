import { mkdtempSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  completeFooters,
  type FooterReport,
  FooterStream,
  FooterTransformStream,
  type PartReport,
  planFooters,
} from '../../src/index.ts';
import { PartsPlanner } from '../../src/insert/parts-planner.ts';
import { Placement } from '../../src/insert/placement.ts';
import { TextPlanner } from '../../src/insert/text-planner.ts';
import { scanMessage } from '../../src/scanner.ts';
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
    // What a text gets is known later than what a calendar is refused.
    parts.sort((a, b) => a.number.localeCompare(b.number));
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

describe('what is written to a stream', () => {
  const message = 'Content-Type: text/plain; charset=utf-8\n\nHi \u00e9\n';
  const expected = insertFooters(Buffer.from(message), footers);

  it('may be a string, also where the stream does not decode it', async () => {
    for (const streamOptions of [{}, { decodeStrings: false }, { objectMode: true }]) {
      const stream = new FooterStream(footers, {}, streamOptions);
      stream.write(message.slice(0, 10), 'utf8');
      stream.end(Buffer.from(message.slice(10)).toString('base64'), 'base64');
      expect(await buffer(stream), JSON.stringify(streamOptions)).toEqual(expected);
    }
  });

  it('may be a buffer that is used again, and nothing at all', async () => {
    const stream = new FooterStream(footers);
    const whole = buffer(stream);
    const piece = Buffer.alloc(1);
    for (const byte of Buffer.from(message)) {
      piece[0] = byte;
      await new Promise((resolve) => stream.write(piece, resolve));
      stream.write(Buffer.alloc(0));
    }
    stream.end();
    expect(await whole).toEqual(expected);
  });

  it('is not lost without a word where it is no bytes', async () => {
    const stream = new FooterStream(footers, {}, { objectMode: true });
    stream.end(7);
    await expect(buffer(stream)).rejects.toThrow(TypeError);
    for (const chunk of [message, new TextEncoder().encode(message).buffer]) {
      const source = new ReadableStream({
        start(controller) {
          controller.enqueue(chunk);
          controller.close();
        },
      });
      const out = source.pipeThrough(new FooterTransformStream(footers));
      await expect(new Response(out).arrayBuffer()).rejects.toThrow(TypeError);
    }
  });
});

describe('a listener that throws', () => {
  it('fails the stream, and takes no byte of the message with it', async () => {
    const { bytes } = fixtures().find(({ name }) => name === 'apple-mail/many-pictures')!;
    const good = insertFooters(bytes, footers);
    for (const piece of [bytes.length, 1]) {
      const stream = new FooterStream(footers);
      stream.on('part', () => {
        throw new Error('of the listener');
      });
      const out: Buffer[] = [];
      stream.on('data', (data) => out.push(data));
      const failure = new Promise((resolve) => stream.once('error', resolve));
      for (const part of pieces(bytes, piece)) stream.write(part);
      stream.end();
      expect(await failure).toMatchObject({ message: 'of the listener' });
      const written = Buffer.concat(out);
      expect(written.toString('latin1')).toBe(good.toString('latin1', 0, written.length));
    }
    const onPart = () => {
      throw new Error('of the caller');
    };
    const out = new Blob([new Uint8Array(bytes)])
      .stream()
      .pipeThrough(new FooterTransformStream(footers, { onPart }));
    await expect(new Response(out).arrayBuffer()).rejects.toThrow('of the caller');
  });
});

describe('a wrong call', () => {
  it('is refused at once: it would cost the footer in silence', () => {
    for (const Stream of [FooterStream, FooterTransformStream]) {
      expect(() => new Stream({ text: 'x' } as never)).toThrow('completeFooters');
      expect(() => new Stream({ text: 'x', html: ' ' })).toThrow(TypeError);
      expect(() => new Stream(footers, { signed: 'remove' } as never)).toThrow('signed is skip or wrap');
    }
  });

  it('is none where an option is undefined', async () => {
    const message = Buffer.from('Content-Type: image/png\n\nx\n');
    const stream = new FooterStream(footers, { attachmentOnly: undefined } as object);
    stream.end(message);
    expect(await buffer(stream)).toEqual(insertFooters(message, footers));
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
      html: '<div dir="auto">a &lt;b&gt;</div>',
    });
    await expect(completeFooters({ html: '<p>a &lt;b&gt;</p>\n', text: ' \n' })).resolves.toEqual({
      text: 'a <b>',
      html: '<p>a &lt;b&gt;</p>',
    });
  });

  it('refuses a footer that shows nothing', async () => {
    await expect(completeFooters({ text: ' \n\n' })).rejects.toThrow(TypeError);
    await expect(completeFooters({})).rejects.toThrow(TypeError);
    for (const html of ['<p><br></p>', '<p>&nbsp;</p>', '<!-- x --><div>\u200b</div>']) {
      await expect(completeFooters({ html, text: '\u200b' }), html).rejects.toThrow(TypeError);
    }
    await expect(completeFooters({ html: '<img src="https://example.org/a.png">' })).resolves.toMatchObject({
      text: '<https://example.org/a.png>',
    });
  });
});

it('the scanner by itself loses no byte', () => {
  const message = readFileSync(new URL('../fixtures/messages/mixed/outlook.eml', import.meta.url));
  const tokens = [...scanMessage(message)];
  expect(Buffer.concat(tokens.map(({ start, end }) => message.subarray(start, end)))).toEqual(message);
  const bodies = tokens.filter(({ kind }) => kind === 'body');
  expect(bodies.map(({ mediaType }) => mediaType).slice(0, 3)).toEqual([
    'text/plain',
    'text/html',
    'image/png',
  ]);
});

describe('a large message', () => {
  const message = Buffer.concat([
    Buffer.from('Content-Type: multipart/mixed; boundary=b\n\n--b\n\nHi\n--b\nContent-Type: a/b\n\n'),
    Buffer.alloc(3_000_000, `${'x'.repeat(75)}\n`),
    Buffer.from('\n--b--\n'),
  ]);
  const expected = insertFooters(message, footers);

  it('goes through a nameless file where a directory is given', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'footer-stream-'));
    const stream = new FooterStream(footers, { spoolDirectory: directory, memoryLimit: 10_000 });
    Readable.from(pieces(message, 64_000)).pipe(stream);
    expect((await buffer(stream)).equals(expected)).toBe(true);
    expect(readdirSync(directory)).toEqual([]);
    rmdirSync(directory);
  });

  it('fails the stream where the directory is not there', async () => {
    const stream = new FooterStream(footers, { spoolDirectory: '/nowhere', memoryLimit: 10 });
    stream.end(message);
    await expect(buffer(stream)).rejects.toThrow('ENOENT');
  });
});

describe('planFooters', () => {
  it('tells what becomes of a message, and gives it out', () => {
    const message = Buffer.from('Content-Type: text/plain; charset=utf-8\n\nHi\n');
    const plan = planFooters(message, footers);
    expect(plan.report).toMatchObject({ summary: 'footer added: text/plain' });
    // The footer is not ASCII and the part is 7bit: it becomes quoted-printable.
    expect(plan.operations.map(({ kind }) => kind)).toEqual(['keep', 'insert', 'keep', 'recode']);
    const out = Buffer.concat([...plan.pieces()]);
    expect(out).toEqual(insertFooters(message, footers));
    expect(plan.length).toBe(out.length);
  });
});

describe('a fault in the planning', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('costs the footer, not the message', async () => {
    const message = Buffer.from('Content-Type: text/plain\n\nHi');
    for (const owner of [Placement.prototype, TextPlanner.prototype, PartsPlanner.prototype]) {
      const method = owner === Placement.prototype ? 'leave' : 'step';
      vi.spyOn(owner as unknown as Record<string, () => unknown>, method).mockImplementation(() => {
        throw new Error('ours');
      });
      const stream = new FooterStream(footers);
      const report = new Promise<FooterReport>((resolve) => stream.once('footer', resolve));
      stream.end(message);
      expect((await buffer(stream)).toString()).toBe('Content-Type: text/plain\n\nHi\n');
      expect(await report).toMatchObject({ placed: [], reasons: ['trouble'] });
      vi.restoreAllMocks();
    }
  });
});
