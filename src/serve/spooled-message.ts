/** The message as it comes in: in memory up to a limit, beyond it in a file without a name. */
import { closeQuietly, openAnonymousFile, writeAt } from '../core/host/anonymous-file.ts';
import { FileSource, MemorySource } from '../core/host/node-source.ts';
import type { Source } from '../core/mime/source.ts';
import { releaseMemory } from './memory.ts';
import { storageFailure } from './storage.ts';

/** Bytes. Nearly all list mail is smaller, and needs no file to be read from. */
export const IN_MEMORY = 524_288;

/** Bytes: what the memory begins with where a message comes in pieces. */
const BEGINNING = 65_536;

const NOTHING = Buffer.alloc(0);

export class SpooledMessage {
  readonly #directories: readonly string[];
  #memory: Uint8Array = NOTHING;
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
    if (this.#file >= 0) this.#write(bytes);
    else this.#keep(bytes);
    this.#size = size;
  }

  /** The message is whole. Its bytes stay until they are discarded. */
  get source(): Source {
    if (this.#file >= 0) return new FileSource(this.#file, this.#size);
    return new MemorySource(this.#memory.subarray(0, this.#size));
  }

  discard(): void {
    releaseMemory(this.#memory);
    this.#memory = NOTHING;
    this.#size = 0;
    if (this.#file >= 0) closeQuietly(this.#file);
    this.#file = -1;
  }

  #moveToFile(): void {
    try {
      this.#file = openAnonymousFile(this.#directories);
      writeAt(this.#file, this.#memory.subarray(0, this.#size), 0);
    } catch (error) {
      throw storageFailure('for the message', error);
    }
    releaseMemory(this.#memory);
    this.#memory = NOTHING;
  }

  #write(bytes: Uint8Array): void {
    try {
      writeAt(this.#file, bytes, this.#size);
    } catch (error) {
      throw storageFailure('for the message', error);
    }
    releaseMemory(bytes);
  }

  /** The first piece mostly is the whole message. */
  #keep(bytes: Uint8Array): void {
    if (this.#size === 0) {
      this.#memory = bytes;
      return;
    }
    const size = this.#size + bytes.length;
    if (size > this.#memory.length) {
      const larger = Buffer.allocUnsafeSlow(Math.min(IN_MEMORY, Math.max(BEGINNING, 2 * size)));
      larger.set(this.#memory.subarray(0, this.#size));
      releaseMemory(this.#memory);
      this.#memory = larger;
    }
    this.#memory.set(bytes, this.#size);
    releaseMemory(bytes);
  }
}
