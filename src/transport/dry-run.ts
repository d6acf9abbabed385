/** A dry run: the outgoing message goes to standard output, byte for byte as mlmmj-receive would get it. */
import type { Platform } from '../platform/platform.ts';
import { DeliveryError } from '../status.ts';
import { COLLECT_LIMIT, Collector, type Destination } from './destination.ts';

const NEWLINE = 0x0a;

export class DryRun implements Destination {
  readonly #platform: Platform;
  readonly #pending = new Collector();
  #lastByte = NEWLINE;
  #length = 0;
  committed = false;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  get length(): number {
    return this.#length;
  }

  add(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#pending.add(bytes);
    this.#length += bytes.length;
    this.#lastByte = bytes[bytes.length - 1]!;
  }

  async flow(): Promise<void> {
    if (this.committed || this.#pending.length > COLLECT_LIMIT) await this.#write();
  }

  startOver(): void {
    this.#pending.clear();
    this.#length = 0;
    this.#lastByte = NEWLINE;
  }

  async finish(): Promise<void> {
    if (this.#lastByte !== NEWLINE) this.add(Uint8Array.of(NEWLINE));
    await this.#write();
  }

  async abandon(): Promise<boolean> {
    return false;
  }

  async #write(): Promise<void> {
    this.committed = true;
    try {
      await this.#platform.write(1, this.#pending.bytes);
    } catch (error) {
      const code = (error as { code?: string }).code ?? 'unknown error';
      throw new DeliveryError('temporary', `standard output cannot be written (${code})`, { cause: error });
    }
    this.#pending.clear();
  }
}
