// The last bytes of a text that comes in pieces.
import { copyBytes } from '../mime/bytes.ts';

/** Enough to see how the text ends, and whether a footer stands there already. */
export class TextTail {
  /** How many bytes there were in all. */
  total: number = 0;
  private readonly ring: Uint8Array;

  /** @param limit how many bytes are kept */
  constructor(limit: i32) {
    this.ring = new Uint8Array(limit);
  }

  /** @param text its first `length` bytes are the next ones */
  push(text: Uint8Array, length: i32): void {
    const limit = this.ring.length;
    const from = max(length - limit, 0);
    const at = i32((this.total + from) % limit);
    const first = min(length - from, limit - at);
    copyBytes(text, from, from + first, this.ring, at);
    copyBytes(text, from + first, length, this.ring, 0);
    this.total += length;
  }

  /**
   * The last bytes, at most the limit: the caller's own.
   * @param unit bytes of a code unit: the first one is whole
   */
  bytes(unit: i32): Uint8Array {
    const limit = this.ring.length;
    const most = i32(min(this.total, f64(limit)));
    const dropped = this.total - most;
    const partial = i32(dropped % unit);
    const length = partial > 0 ? max(most - unit + partial, 0) : most;
    const bytes = new Uint8Array(length);
    const at = i32((this.total - length) % limit);
    const first = min(length, limit - at);
    copyBytes(this.ring, at, at + first, bytes, 0);
    copyBytes(this.ring, 0, length - first, bytes, first);
    return bytes;
  }
}
