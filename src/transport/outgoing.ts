const NEWLINE = 0x0a;

/** Bytes: a message's large part is mostly followed by a little more, which is not to move it once again. */
const HEADROOM = 8192;

/**
 * The bytes of a message on its way out: those that have not left yet, in one growing buffer that is used again and
 * again because what the footer code hands out is only lent, and what is to be known of those that have.
 */
export class Outgoing {
  readonly #free: (bytes: Uint8Array) => void;
  #buffer: Uint8Array = new Uint8Array();
  #pending = 0;
  #lastByte = NEWLINE;

  /** @param free `Platform.free` */
  constructor(free: (bytes: Uint8Array) => void = () => undefined) {
    this.#free = free;
  }

  /** What has not left yet. Valid until the next call of `add` or `release`. */
  get pending(): Uint8Array {
    return this.#buffer.subarray(0, this.#pending);
  }

  add(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const needed = this.#pending + bytes.length;
    if (needed > this.#buffer.length) {
      // Not zeroed first: it is written before it is read.
      const larger = Buffer.allocUnsafeSlow(Math.max(needed + HEADROOM, 2 * this.#buffer.length));
      larger.set(this.pending);
      this.#free(this.#buffer);
      this.#buffer = larger;
    }
    this.#buffer.set(bytes, this.#pending);
    this.#pending = needed;
    this.#lastByte = bytes[bytes.length - 1]!;
  }

  /** mlmmj-send sends uninitialised memory in place of a last line that has no newline. */
  endLastLine(): void {
    if (this.#lastByte !== NEWLINE) this.add(Uint8Array.of(NEWLINE));
  }

  /** What was pending has left, and there is more to come. */
  clear(): void {
    this.#pending = 0;
  }

  /** Forgets everything added. */
  startOver(): void {
    this.#pending = 0;
    this.#lastByte = NEWLINE;
  }

  /** What was pending has left, and nobody looks at it any more. */
  release(): void {
    this.#free(this.#buffer);
    this.#buffer = new Uint8Array();
    this.#pending = 0;
  }
}
