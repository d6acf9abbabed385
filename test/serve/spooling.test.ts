/** What lies where between the final dot and mlmmj-receive: memory, files without a name, and files that held another post. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Outgoing } from '../../src/insert/outgoing.ts';
import { Plan } from '../../src/insert/plan.ts';
import { insertOperation } from '../../src/insert/plan-builder.ts';
import { BufferSource } from '../../src/mime/buffer-source.ts';
import type { Source } from '../../src/mime/source.ts';
import { Deliverer } from '../../src/serve/deliverer.ts';
import { Delivery } from '../../src/serve/delivery.ts';
import { parseServeArgs } from '../../src/serve/options.ts';
import { OutgoingFiles } from '../../src/serve/outgoing-files.ts';
import { IN_MEMORY, SpooledMessage } from '../../src/serve/spooled-message.ts';
import { Turns } from '../../src/serve/turns.ts';
import { Post } from '../../src/transport/post.ts';
import { FOOTER, makeSpool, message, type Spool, STORE } from './service.ts';

const NEVER = new AbortController().signal;

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'amime-spooling-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

function contentOf(source: Source, piece = source.size): Buffer {
  const content = Buffer.alloc(source.size);
  for (let at = 0; at < content.length; ) at += source.read(at, content.subarray(at, at + piece));
  return content;
}

/** Bytes of which no two neighbourhoods are alike. */
function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at++) bytes[at] = (at * 31 + (at >> 8) * 17 + (at >> 16)) & 0xff;
  return bytes;
}

describe('a message that comes in', () => {
  test('is what came, in whatever pieces, read at whatever places', () => {
    const lengths = fc.array(fc.oneof(fc.nat(100), fc.nat(20_000), fc.nat(70_000)), { maxLength: 40 });
    fc.assert(
      fc.property(lengths, fc.array(fc.tuple(fc.nat(800_000), fc.nat(70_000))), (pieces, reads) => {
        const whole = noise(pieces.reduce((sum, length) => sum + length, 0));
        const spooled = new SpooledMessage([directory]);
        let at = 0;
        for (const length of pieces) {
          spooled.add(Uint8Array.prototype.slice.call(whole, at, at + length));
          at += length;
        }
        const { source } = spooled;
        expect(source.size).toBe(whole.length);
        expect(contentOf(source).equals(whole)).toBe(true);
        for (const [offset, length] of reads) {
          const into = Buffer.alloc(length);
          const count = source.read(Math.min(offset, whole.length), into);
          expect(into.subarray(0, count).equals(whole.subarray(offset, offset + length))).toBe(true);
        }
        spooled.discard();
      }),
      { numRuns: 60 },
    );
  });

  test('byte by byte it takes little more memory than it is long, and a file beyond the limit', () => {
    const before = readdirSync('/proc/self/fd').length;
    const spooled = new SpooledMessage([directory]);
    for (let at = 0; at < IN_MEMORY; at++) spooled.add(Uint8Array.of(at & 0xff));
    expect(readdirSync('/proc/self/fd')).toHaveLength(before);
    spooled.add(Uint8Array.of(1));
    expect(readdirSync('/proc/self/fd')).toHaveLength(before + 1);
    expect(readdirSync(directory), 'it has no name').toEqual([]);
    const content = contentOf(spooled.source);
    expect([content.length, content[256 + 7], content.at(-1)]).toEqual([IN_MEMORY + 1, 7, 1]);
    spooled.discard();
    expect(readdirSync('/proc/self/fd')).toHaveLength(before);
  });

  test('that has no room is refused for now', () => {
    const spooled = new SpooledMessage([join(directory, 'not-there')]);
    spooled.add(noise(IN_MEMORY));
    expect(() => spooled.add(noise(1))).toThrow('there is no room for the message (ENOENT)');
    spooled.discard();
  });
});

describe('a post that goes out', () => {
  const readBack = (fd: number) => readFileSync(`/proc/self/fd/${fd}`);
  const write = (files: OutgoingFiles, content: Buffer, length = content.length) =>
    files.write({ source: new BufferSource(content), plan: new Plan(), length }, directory, new Turns(NEVER));

  test.each([0, 1, 1000, IN_MEMORY, IN_MEMORY + 1, 3_000_000])('of %i bytes is in its file', async (size) => {
    const files = new OutgoingFiles();
    const file = await write(files, noise(size));
    expect(readBack(file!.fd).equals(noise(size))).toBe(true);
    file!.close(true);
    files.closeSpare();
  });

  test('gets the file of another that was taken whole, with nothing left in it', async () => {
    const files = new OutgoingFiles();
    const before = readdirSync('/proc/self/fd').length;
    for (const size of [5000, 100, 70_000, 0, 300]) {
      const file = await write(files, noise(size));
      expect(readBack(file!.fd).equals(noise(size))).toBe(true);
      file!.close(true);
      expect(readdirSync('/proc/self/fd')).toHaveLength(before + 1);
    }
    const file = await write(files, noise(10));
    file!.close(false);
    expect(readdirSync('/proc/self/fd'), 'one that was not is closed').toHaveLength(before);
  });

  test('of which more or less is there than was planned is no post', async () => {
    const files = new OutgoingFiles();
    const before = readdirSync('/proc/self/fd').length;
    for (const wrong of [99, 101]) expect(await write(files, noise(100), wrong)).toBeNull();
    expect(await write(files, noise(1_000_000), 1_000_001)).toBeNull();
    (await write(files, noise(10)))!.close(true);
    expect(await write(files, noise(100), 99), 'nor in the file of another').toBeNull();
    files.closeSpare();
    expect(readdirSync('/proc/self/fd')).toHaveLength(before);
  });

  test('whose plan goes beyond the message is no post', async () => {
    const plan = new Plan();
    plan.operations.push(insertOperation(noise(10)));
    const post = { source: new BufferSource(noise(5)), plan, length: 15 };
    expect(await new OutgoingFiles().write(post, directory, new Turns(NEVER))).toBeNull();
  });

  test('finds room in another directory, or is told that there is none', async () => {
    const files = new OutgoingFiles();
    const post = { source: new BufferSource(noise(IN_MEMORY + 1)), plan: new Plan(), length: IN_MEMORY + 1 };
    const elsewhere = await files.write(post, join(directory, 'not-there'), new Turns(NEVER));
    expect(readBack(elsewhere!.fd)).toHaveLength(post.length);
    elsewhere!.close(true);
    vi.stubEnv('TMPDIR', join(directory, 'not-there-either'));
    await expect(files.write(post, join(directory, 'not-there'), new Turns(NEVER))).rejects.toThrow(
      'there is no room to hand the message over (ENOENT)',
    );
    vi.unstubAllEnvs();
  });
});

describe('trouble with footers costs the footers, not the mail', () => {
  let spool: Spool;
  beforeAll(async () => {
    spool = await makeSpool();
  });
  afterAll(async () => {
    vi.restoreAllMocks();
    await spool.remove();
  });

  /** What becomes of a post, in the log's words, and what mlmmj-receive got. */
  async function deliver(
    subject: string,
    body?: string,
  ): Promise<{ said: string; detail: string; stored: string }> {
    const args = ['--lists', spool.path, '--mlmmj-receive', STORE, '--delivery-seconds', '20'];
    const report = { refused: () => undefined, taken: () => undefined, trouble: () => undefined };
    const deliverer = new Deliverer(parseServeArgs(args), report);
    const found = await deliverer.findList('news', 'example.org');
    const delivery = new Delivery({ ...found, recipient: 'news@example.org' }, 'a@example.net', deliverer);
    const result = await delivery.deliver(new BufferSource(Buffer.from(message(subject, body))));
    const stored = (await spool.stored('news')).find((text) => text.includes(`Subject: ${subject}\n`)) ?? '';
    return { said: `${result.code} ${result.text}`, detail: result.detail ?? '', stored };
  }

  const top = 'Return-Path: <a@example.net>\nX-Original-To: news@example.org\n';

  test('nothing is wrong', async () => {
    const { said, stored } = await deliver('fine');
    expect(said).toBe('250 footer added: text/plain');
    expect(stored).toBe(`${top}${message('fine')}${FOOTER} news\n`);
  });

  test('planning throws', async () => {
    vi.spyOn(Post.prototype, 'step').mockImplementation(() => {
      throw new RangeError('index out of range');
    });
    const { said, detail, stored } = await deliver('throws');
    vi.restoreAllMocks();
    expect(said).toBe('250 no footer: internal error (index out of range)');
    expect(detail).toMatch(/^RangeError: index out of range\n {4}at /);
    expect(stored).toBe(top + message('throws'));
  });

  test('planning does not come to its end', async () => {
    vi.spyOn(Post.prototype, 'step').mockReturnValue(true);
    const { said, stored } = await deliver('endless');
    vi.restoreAllMocks();
    expect(said).toBe('250 no footer: planning took too long');
    expect(stored).toBe(top + message('endless'));
  });

  test.each(['throws', 'fails'])('carrying out the plan %s', async (how) => {
    const read = Outgoing.prototype.read;
    let calls = 0;
    vi.spyOn(Outgoing.prototype, 'read').mockImplementation(function (this: Outgoing, into: Uint8Array) {
      if (++calls !== 3) return read.call(this, into);
      if (how === 'throws') throw new TypeError('no such thing');
      return 0;
    });
    const { said, stored } = await deliver(`broken-${how}`);
    vi.restoreAllMocks();
    expect(said).toBe('250 no footer: internal error (the plan could not be carried out)');
    expect(stored).toBe(top + message(`broken-${how}`));
  });

  test('the message itself cannot be read again: nothing is started', async () => {
    vi.spyOn(Outgoing.prototype, 'read').mockReturnValue(0);
    const { said, stored } = await deliver('unreadable');
    vi.restoreAllMocks();
    expect(said).toBe('451 the message cannot be read again');
    expect(stored).toBe('');
  });
});
