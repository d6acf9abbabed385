import { copyOf, NO_BYTES } from '../mime/bytes.ts';

/** Smaller pieces are put together: each has its price, and a client that sends byte by byte could make it ours. */
const SMALL = 16_384;

/** Whether a piece of a message stays as it is, or is only lent until the next one. */
export type PieceLife = 'lasting' | 'lent';

/** What has come of a message, in order. Large pieces that last are not copied. */
export class Pieces implements Iterable<Uint8Array> {
  readonly #life: PieceLife;
  readonly #all: Uint8Array[] = [];
  /** What is free behind the last piece. */
  #room: Uint8Array = NO_BYTES;
  #length = 0;

  constructor(life: PieceLife) {
    this.#life = life;
  }

  /** In bytes. */
  get length(): number {
    return this.#length;
  }

  add(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#length += bytes.length;
    const last = this.#all.at(-1);
    if (last !== undefined && bytes.length <= this.#room.length) {
      this.#room.set(bytes);
      this.#all[this.#all.length - 1] = new Uint8Array(last.buffer, 0, last.length + bytes.length);
      this.#room = this.#room.subarray(bytes.length);
    } else if (last === undefined || bytes.length >= SMALL) {
      this.#all.push(this.#life === 'lent' ? copyOf(bytes) : bytes);
      this.#room = NO_BYTES;
    } else {
      const piece = new Uint8Array(SMALL);
      piece.set(bytes);
      this.#all.push(piece.subarray(0, bytes.length));
      this.#room = piece.subarray(bytes.length);
    }
  }

  /** The first `limit` bytes, or a little more. */
  head(limit: number): Uint8Array {
    const found: Uint8Array[] = [];
    let length = 0;
    for (const piece of this.#all) {
      if (length >= limit) break;
      found.push(piece);
      length += piece.length;
    }
    return found.length === 1 ? found[0]! : Buffer.concat(found);
  }

  [Symbol.iterator](): Iterator<Uint8Array> {
    return this.#all[Symbol.iterator]();
  }

  clear(): void {
    this.#all.length = 0;
    this.#room = NO_BYTES;
    this.#length = 0;
  }
}
