/** A dry run: the outgoing message goes to standard output, byte for byte as mlmmj-receive would get it. */
import type { Platform } from '../platform/platform.ts';
import { DeliveryError } from '../status.ts';
import { COLLECT_LIMIT, type Destination } from './destination.ts';
import { Outgoing } from './outgoing.ts';

export class DryRun implements Destination {
  readonly #platform: Platform;
  readonly #outgoing = new Outgoing();
  committed = false;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  add(bytes: Uint8Array): void {
    this.#outgoing.add(bytes);
  }

  async flow(): Promise<void> {
    if (this.#outgoing.pending.length > COLLECT_LIMIT) await this.#write();
  }

  startOver(): void {
    this.#outgoing.startOver();
  }

  async finish(): Promise<void> {
    this.#outgoing.endLastLine();
    await this.#write();
  }

  async abandon(): Promise<boolean> {
    return false;
  }

  async #write(): Promise<void> {
    this.committed = true;
    try {
      await this.#platform.write(1, this.#outgoing.pending);
    } catch (error) {
      const code = (error as { code?: string }).code ?? 'unknown error';
      throw new DeliveryError('temporary', `standard output cannot be written (${code})`, { cause: error });
    }
    this.#outgoing.clear();
  }
}
