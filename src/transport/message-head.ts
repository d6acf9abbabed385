/**
 * The envelope stands in the first lines of a message, and what they say decides how the rest is treated. So just
 * enough of the beginning is taken from the stream, and the stream is then given on whole.
 */
import { DeliveryError } from '../status.ts';
import { headTellsEnvelope } from './envelope.ts';

/**
 * The trace lines of real mail fit in 2 KB. Beyond this limit the envelope counts as unknown: a header that hides its
 * first `Received:` behind more than this was not written by a mail system.
 */
export const HEAD_LIMIT = 65_536;

export interface MessageWithHead {
  /** The beginning: until behind the first `Received:` field or the header, or the limit, or the end of input. */
  readonly head: Uint8Array;
  /** The whole message, `head` included. Each piece is only valid until the next one is asked for. */
  readonly pieces: AsyncIterable<Uint8Array>;
}

/** A header that drips in byte by byte is looked at this often, not at every byte. */
const STEP = 512;

/** @throws DeliveryError where the input cannot be read, also while the pieces are taken. */
export async function takeHead(input: AsyncIterable<Uint8Array>): Promise<MessageWithHead> {
  const source = input[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array(0);
  let ended = false;
  while (!ended && head.length < HEAD_LIMIT && !headTellsEnvelope(head.subarray(0, HEAD_LIMIT))) {
    const fresh: Uint8Array[] = [];
    let length = 0;
    while (!ended && length < STEP) {
      const { done, value } = await nextPiece(source);
      if (done) ended = true;
      else {
        // A copy: the source may reuse its buffer.
        fresh.push(value.slice());
        length += value.length;
      }
    }
    head = joined([head, ...fresh]);
  }
  async function* pieces(): AsyncIterable<Uint8Array> {
    if (head.length > 0) yield head;
    while (!ended) {
      const { done, value } = await nextPiece(source);
      if (done) return;
      yield value;
    }
  }
  return { head: head.subarray(0, HEAD_LIMIT), pieces: pieces() };
}

async function nextPiece(source: AsyncIterator<Uint8Array>): Promise<IteratorResult<Uint8Array>> {
  try {
    return await source.next();
  } catch (error) {
    const code = (error as { code?: string }).code ?? 'unknown error';
    throw new DeliveryError('temporary', `the message cannot be read (${code})`, { cause: error });
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 2 && parts[0]!.length === 0) return parts[1]!;
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
