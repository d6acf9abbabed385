/** Where a message goes, and how it is held until it does. */

/**
 * Up to this size a message is collected before any of it leaves: mlmmj-receive then gets it whole or not at
 * all, and until then it can still go out as it came in. Nearly all list mail fits. The price is memory, twice
 * this size at most.
 */
export const COLLECT_LIMIT = 524_288;

/** Where a message goes: mlmmj-receive, or standard output for a dry run. */
export interface Destination {
  /** How many bytes have been added. */
  readonly length: number;
  /** Whether bytes have left that cannot be taken back. */
  readonly committed: boolean;
  /** Takes the bytes (a copy, where they are not gone at once). */
  add(bytes: Uint8Array): void;
  /** Lets bytes leave, if there are enough of them; waits while the reader is slow. To be called after each piece. */
  flow(): Promise<void>;
  /** Forgets everything added. Only while nothing is committed. */
  startOver(): void;
  /** The message is whole. Resolves when it is delivered. @throws DeliveryError */
  finish(): Promise<void>;
  /**
   * Undoes what can be undone; after that the other calls do nothing. Resolves to whether the message was delivered
   * whole all the same, because the trouble came too late.
   */
  abandon(): Promise<boolean>;
}

/** Bytes: a message's large part is mostly followed by a little more, which is not to move it once again. */
const HEADROOM = 8192;

/** One growing buffer that is used again and again: what the footer code hands out is only lent. */
export class Collector {
  #buffer: Uint8Array = new Uint8Array();
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Valid until the next call of `add`. */
  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  add(bytes: Uint8Array): void {
    const needed = this.#length + bytes.length;
    if (needed > this.#buffer.length) {
      // Not zeroed first: it is written before it is read.
      const larger = Buffer.allocUnsafeSlow(Math.max(needed + HEADROOM, 2 * this.#buffer.length));
      larger.set(this.bytes);
      this.#buffer = larger;
    }
    this.#buffer.set(bytes, this.#length);
    this.#length = needed;
  }

  clear(): void {
    this.#length = 0;
  }
}
