/** A message in memory, in the pieces in which it came: to put them together would cost fresh memory and a copy. */
import { Source } from '../mime/source.ts';
import { releaseMemory } from './memory.ts';

/** Bytes: what is smaller is copied, for an array of a byte takes a hundred. */
const SMALL = 16_384;

/** Bytes of the memory into which small pieces are copied. */
const SHARED = 65_536;

export class Pieces extends Source {
  readonly #pieces: Uint8Array[] = [];
  readonly #starts: number[] = [];
  #size = 0;
  /** Of the last piece, what is used; the piece itself is shorter than its memory. */
  #open: { readonly memory: Uint8Array; used: number } | null = null;
  /** Where the last read ended: mostly the next one goes on there. */
  #at = 0;

  get size(): number {
    return this.#size;
  }

  /** In order. */
  get all(): readonly Uint8Array[] {
    return this.#pieces;
  }

  /** @param bytes given away */
  add(bytes: Uint8Array): void {
    const fitting = this.#fill(bytes);
    const rest = bytes.subarray(fitting);
    if (rest.length === 0) releaseMemory(bytes);
    else if (rest.length >= SMALL) this.#push(rest);
    else {
      const memory = new Uint8Array(SHARED);
      this.#open = { memory, used: 0 };
      this.#push(memory.subarray(0, 0));
      this.#fill(rest);
      releaseMemory(bytes);
    }
  }

  read(offset: number, into: Uint8Array): number {
    let done = 0;
    let at = this.#pieceOf(offset);
    while (done < into.length && at < this.#pieces.length) {
      const piece = this.#pieces[at]!;
      const from = offset + done - this.#starts[at]!;
      const length = Math.min(piece.length - from, into.length - done);
      into.set(from === 0 && length === piece.length ? piece : piece.subarray(from, from + length), done);
      done += length;
      if (from + length === piece.length) at++;
    }
    this.#at = at;
    return done;
  }

  /** Gives the memory back; there is nothing to be read any more. */
  release(): void {
    for (const piece of this.#pieces.splice(0)) releaseMemory(piece);
    this.#starts.length = 0;
    this.#size = 0;
    this.#open = null;
  }

  #push(piece: Uint8Array): void {
    this.#starts.push(this.#size);
    this.#pieces.push(piece);
    this.#size += piece.length;
    if (piece.length > 0) this.#open = null;
  }

  /** Copies what there is room for. @returns how much that is */
  #fill(bytes: Uint8Array): number {
    const open = this.#open;
    if (open === null) return 0;
    const length = Math.min(bytes.length, open.memory.length - open.used);
    open.memory.set(length === bytes.length ? bytes : bytes.subarray(0, length), open.used);
    open.used += length;
    this.#pieces[this.#pieces.length - 1] = open.memory.subarray(0, open.used);
    this.#size += length;
    return length;
  }

  /** Which piece an offset is in; the number of pieces where it is after them. */
  #pieceOf(offset: number): number {
    if (offset >= this.#size) return this.#pieces.length;
    let at = Math.min(this.#at, this.#pieces.length - 1);
    while (this.#starts[at]! > offset) at--;
    while (at + 1 < this.#pieces.length && this.#starts[at + 1]! <= offset) at++;
    return at;
  }
}
