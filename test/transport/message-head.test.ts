import { expect, test } from 'vitest';
import { HEAD_LIMIT, takeHead } from '../../src/transport/message-head.ts';
import { post } from '../helpers/programs.ts';

/** Pieces in one buffer that is used again, as a platform may do it. */
async function* reusing(message: Uint8Array, size: number, log: number[] = []): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(size);
  for (let at = 0; at < message.length; at += size) {
    const piece = message.subarray(at, at + size);
    buffer.set(piece);
    log.push(piece.length);
    yield buffer.subarray(0, piece.length);
    buffer.fill(0x21);
  }
}

async function whole(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const copies: Buffer[] = [];
  for await (const piece of pieces) copies.push(Buffer.from(piece));
  return Buffer.concat(copies);
}

test('the whole message is given on, whatever the size of the pieces', async () => {
  const message = post(5_000);
  for (const size of [1, 2, 3, 7, 100, 511, 512, 513, 4096, 10_000]) {
    const { head, pieces } = await takeHead(reusing(message, size));
    expect(message.subarray(0, head.length).equals(head)).toBe(true);
    expect(Buffer.from(head).includes('news@example.org')).toBe(true);
    expect((await whole(pieces)).equals(message), `pieces of ${size}`).toBe(true);
  }
});

test('no more is read than the envelope needs', async () => {
  const log: number[] = [];
  await takeHead(reusing(post(100_000), 1024, log));
  expect(log).toEqual([1024]);
});

test('a header that hides its Received line far down ends the search', async () => {
  const message = Buffer.concat([Buffer.from('X: y\n'.repeat(100_000)), post()]);
  const { head, pieces } = await takeHead(reusing(message, 4096));
  expect(head.length).toBe(HEAD_LIMIT);
  expect((await whole(pieces)).equals(message)).toBe(true);
});

test('an empty message has an empty head', async () => {
  const { head, pieces } = await takeHead(reusing(new Uint8Array(0), 10));
  expect(head.length).toBe(0);
  expect((await whole(pieces)).length).toBe(0);
});

test('input that cannot be read is trouble of ours, also later on', async () => {
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield post(5_000);
    throw Object.assign(new Error('i/o error, read'), { code: 'EIO' });
  }
  const { pieces } = await takeHead(failing());
  await expect(whole(pieces)).rejects.toMatchObject({
    kind: 'temporary',
    message: 'the message cannot be read (EIO)',
  });
});
