// Transfer decoding as a stream that always knows where in the message it is.
import { Window } from '../window.ts';

/**
 * Decodes the content between two offsets of a message. It stops only where the encoding can be cut, so to find the
 * offset of the n-th decoded byte, begin a decoder where one stopped before it and read as many bytes as are missing.
 */
export abstract class Decoder {
  /** Where in the message the encoding of the next byte begins. */
  offset: number;

  constructor(
    protected readonly window: Window,
    start: number,
    protected readonly end: number,
  ) {
    this.offset = start;
  }

  /** Fills `into` (at least 8 bytes) as far as whole units of the encoding go; how many bytes that were: 0 at the end. */
  abstract read(into: Uint8Array): i32;

  /**
   * Readers disagree about what the content says, so it is not to be written anew. For certain only once `read` has
   * returned 0.
   */
  get isBroken(): boolean {
    return false;
  }
}

/** A place in decoded content: before the byte that comes `distance` decoded bytes after the offset `offset`, at which a decoder can begin. */
export class Place {
  constructor(
    readonly offset: number,
    readonly distance: i32,
  ) {}
}

/**
 * Reads bytes and forgets them.
 * @returns how many there were: fewer than `count` where the content ends, or where a unit of the encoding has more
 */
export function skip(decoder: Decoder, count: i32): i32 {
  const bytes = new Uint8Array(count);
  let skipped = 0;
  while (skipped < count) {
    const length = decoder.read(skipped === 0 ? bytes : bytes.subarray(skipped));
    if (length === 0) break;
    skipped += length;
  }
  return skipped;
}
