import { copyOf } from '../mime/bytes.ts';
import type { HeldField } from '../mime/held-header.ts';
import { HELD_HEADER_LIMIT } from './limits.ts';
import type { Output } from './passage.ts';

/**
 * What is held back until a part's header is complete: the delimiter before it, if the body may have ended there,
 * and the fields from the first one on that may have to change.
 */
export class LookAhead {
  #delimiter: Uint8Array | undefined;
  #fields: HeldField[] = [];
  #length = 0;
  #complete = true;

  get isEmpty(): boolean {
    return this.#delimiter === undefined && this.#fields.length === 0;
  }

  get isFull(): boolean {
    return this.#length > HELD_HEADER_LIMIT;
  }

  /** Every field that may have to change is here, whole. */
  get isComplete(): boolean {
    return this.#complete;
  }

  get fields(): readonly HeldField[] {
    return this.#fields;
  }

  holdDelimiter(bytes: Uint8Array): void {
    this.#delimiter = copyOf(bytes);
    this.#length += bytes.length;
  }

  holdField(name: string, bytes: Uint8Array, whole: boolean): void {
    this.#fields.push({ name, bytes: copyOf(bytes) });
    this.#length += bytes.length;
    if (!whole) this.#complete = false;
  }

  releaseDelimiter(output: Output): void {
    if (this.#delimiter) output(this.#delimiter);
    this.#delimiter = undefined;
  }

  /** Everything goes out; what comes of this header from here on is no longer the whole of it. */
  release(output: Output): void {
    this.releaseDelimiter(output);
    for (const { bytes } of this.#fields) output(bytes);
    this.clear();
    this.#complete = false;
  }

  /** The fields are on their way; the next header begins afresh. */
  clear(): void {
    this.#fields = [];
    this.#length = 0;
    this.#complete = true;
  }
}
