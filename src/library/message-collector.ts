/** A message that arrives in pieces, until it is whole: where a footer goes is decided with all of it in view. */
import { closeQuietly, openAnonymousFile, writeAt } from '../host/anonymous-file.ts';
import { FileSource } from '../host/file-source.ts';
import type { Source } from '../mime/source.ts';
import { HeldMessage } from './held-message.ts';

/** How much of a message is held in memory before it goes to a file. Bytes. */
export const DEFAULT_MEMORY_LIMIT = 8 * 1024 * 1024;

export class MessageCollector {
  readonly #directory: string | undefined;
  readonly #limit: number;
  #held = new HeldMessage();
  #size = 0;
  #file: number | undefined;

  /** @param directory for a nameless file with what memory is not to hold; without one all stays in memory */
  constructor(directory: string | undefined, limit: number) {
    this.#directory = directory;
    this.#limit = limit;
  }

  /** @param piece copied @throws the system's error, where it cannot be stored */
  add(piece: Uint8Array): void {
    if (
      this.#file === undefined &&
      this.#directory !== undefined &&
      this.#size + piece.length > this.#limit
    ) {
      this.#file = openAnonymousFile([this.#directory]);
      let position = 0;
      for (const held of this.#held.pieces()) {
        writeAt(this.#file, held, position);
        position += held.length;
      }
      this.#held = new HeldMessage();
    }
    if (this.#file === undefined) this.#held.add(piece);
    else writeAt(this.#file, piece, this.#size);
    this.#size += piece.length;
  }

  /** The whole message, good until `discard`. */
  source(): Source {
    return this.#file === undefined ? this.#held : new FileSource(this.#file, this.#size);
  }

  discard(): void {
    this.#held = new HeldMessage();
    if (this.#file !== undefined) closeQuietly(this.#file);
    this.#file = undefined;
  }
}
