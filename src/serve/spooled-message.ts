/** The message as it comes in: in memory up to a limit, beyond it in a file without a name. */
import { closeQuietly, openAnonymousFile, writeAt } from '../host/anonymous-file.ts';
import { FileSource } from '../host/file-source.ts';
import type { Source } from '../mime/source.ts';
import { releaseMemory } from './memory.ts';
import { Pieces } from './pieces.ts';
import { storageFailure } from './storage.ts';

/** Bytes. Nearly all list mail is smaller, and needs no file to be read from. */
export const IN_MEMORY = 524_288;

export class SpooledMessage {
  readonly #directories: readonly string[];
  readonly #pieces = new Pieces();
  #size = 0;
  #file = -1;

  /** @param directories where the file may lie, best first */
  constructor(directories: readonly string[]) {
    this.#directories = directories;
  }

  /** @param bytes given away: nothing else has a view of their memory. @throws DeliveryFailure */
  add(bytes: Uint8Array): void {
    const size = this.#size + bytes.length;
    if (this.#file < 0 && size > IN_MEMORY) this.#moveToFile();
    if (this.#file >= 0) this.#write(bytes, this.#size);
    else this.#pieces.add(bytes);
    this.#size = size;
  }

  /** The message is whole. Its bytes stay until they are discarded. */
  get source(): Source {
    return this.#file >= 0 ? new FileSource(this.#file, this.#size) : this.#pieces;
  }

  discard(): void {
    this.#pieces.release();
    this.#size = 0;
    if (this.#file >= 0) closeQuietly(this.#file);
    this.#file = -1;
  }

  #moveToFile(): void {
    try {
      this.#file = openAnonymousFile(this.#directories);
    } catch (error) {
      throw storageFailure('for the message', error);
    }
    let written = 0;
    for (const piece of this.#pieces.all) {
      const { length } = piece;
      this.#write(piece, written);
      written += length;
    }
    this.#pieces.release();
  }

  #write(bytes: Uint8Array, position: number): void {
    try {
      writeAt(this.#file, bytes, position);
    } catch (error) {
      throw storageFailure('for the message', error);
    }
    releaseMemory(bytes);
  }
}
