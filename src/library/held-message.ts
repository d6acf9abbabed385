/** A message in memory that comes in pieces. What is there stays where it is: nothing is copied a second time. */
import { Source } from '../mime/source.ts';

/** Memory is taken in slabs as large as all before, but no larger than this: malloc has such for the next message. Bytes. */
const LARGEST_SLAB = 131_072;

export class HeldMessage extends Source {
  readonly #slabs: Uint8Array[] = [];
  /** The offset of each slab's first byte. */
  readonly #starts: number[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @param piece copied */
  add(piece: Uint8Array): void {
    for (let from = 0; from < piece.length; ) {
      const room = this.#roomFor(piece.length - from);
      const part = piece.subarray(from, from + room.length);
      room.set(part);
      this.#size += part.length;
      from += part.length;
    }
  }

  /** Memory for some of these bytes at least. */
  #roomFor(count: number): Uint8Array {
    const last = this.#slabs.at(-1);
    const used = this.#size - (this.#starts.at(-1) ?? 0);
    if (last !== undefined && used < last.length) return last.subarray(used);
    // Without zeros in it: what is not written is not read.
    const slab = Buffer.allocUnsafeSlow(Math.max(count, Math.min(this.#size, LARGEST_SLAB)));
    this.#slabs.push(slab);
    this.#starts.push(this.#size);
    return slab;
  }

  read(offset: number, into: Uint8Array): number {
    const wanted = Math.min(into.length, Math.max(0, this.#size - offset));
    let index = this.#slabAt(offset);
    for (let length = 0; length < wanted; index++) {
      const from = offset + length - this.#starts[index]!;
      const part = this.#slabs[index]!.subarray(from, from + wanted - length);
      into.set(part, length);
      length += part.length;
    }
    return wanted;
  }

  /** The last slab that starts at an offset or before. */
  #slabAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** What is held, in order; lent. */
  *pieces(): Generator<Uint8Array> {
    for (const [index, slab] of this.#slabs.entries())
      yield slab.subarray(0, this.#size - this.#starts[index]!);
  }
}
