import { asBuffer } from './bytes.ts';

/**
 * Puts pieces together in memory that has room for more. A message can come byte by byte, and to copy what is there with
 * each would take quadratic time. Bytes that were given out never change.
 */
export class GrowingBytes {
  #memory = Buffer.alloc(0);
  #end = 0;

  /** @param bytes in linear time where they are the end of what was given out last; any others are copied once */
  join(bytes: Uint8Array, more: Uint8Array): Buffer {
    const length = bytes.length + more.length;
    if (!this.#isAtEnd(bytes) || this.#end + more.length > this.#memory.length) {
      this.#memory = Buffer.allocUnsafeSlow(2 * length);
      this.#memory.set(bytes);
      this.#end = bytes.length;
    }
    this.#memory.set(more, this.#end);
    this.#end += more.length;
    return asBuffer(this.#memory.subarray(this.#end - length, this.#end));
  }

  #isAtEnd(bytes: Uint8Array): boolean {
    const end = this.#memory.byteOffset + this.#end;
    return bytes.buffer === this.#memory.buffer && bytes.byteOffset + bytes.length === end;
  }
}
