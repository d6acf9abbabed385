import { copyOf, NO_BYTES } from '../mime/bytes.ts';
import { GrowingBytes } from '../mime/growing-bytes.ts';

export type Output = (bytes: Uint8Array) => void;

/**
 * The way of one part's bytes from the message to the output. It owns what is not out yet, so that an editor that
 * fails loses nothing: whatever it was doing, `release` sends the rest on as it came.
 */
export class Passage {
  readonly #output: Output;
  readonly #memory = new GrowingBytes();
  #waiting: Uint8Array = NO_BYTES;
  #isBorrowed = false;
  #isRewriting = false;

  constructor(output: Output) {
    this.#output = output;
  }

  /** What has come and is not out yet. Valid until the next call of any method. */
  get waiting(): Uint8Array {
    return this.#waiting;
  }

  /**
   * What has gone out says that the rest comes in another transfer encoding: it can no longer be released as it
   * came.
   */
  get isRewriting(): boolean {
    return this.#isRewriting;
  }

  /** @param bytes the next ones of the message; borrowed until `keep` is called */
  give(bytes: Uint8Array): void {
    this.#isBorrowed = this.#waiting.length === 0;
    this.#waiting = this.#isBorrowed ? bytes : this.#memory.join(this.#waiting, bytes);
  }

  /** What still waits is wanted after the caller's buffer has been filled anew. */
  keep(): void {
    if (this.#isBorrowed) this.#waiting = copyOf(this.#waiting);
    this.#isBorrowed = false;
  }

  /** The next `length` bytes go out as they came. */
  pass(length: number): void {
    this.replace(length, this.#waiting.subarray(0, length));
  }

  /** Other bytes go out in place of the next `length`. */
  replace(length: number, bytes: Uint8Array): void {
    this.#waiting = this.#waiting.subarray(length);
    if (bytes.length > 0) this.#output(bytes);
  }

  /** `out` goes out, and `waiting` waits, in place of everything that waits. */
  exchange(out: Uint8Array, waiting: Uint8Array): void {
    this.#waiting = waiting;
    this.#isBorrowed = false;
    this.#output(out);
  }

  beginRewriting(): void {
    this.#isRewriting = true;
  }

  /** Everything that waits goes out as it is. */
  release(): void {
    this.pass(this.#waiting.length);
  }
}
