/** One message on its way through a stream, of whichever kind: collected, planned, given out. */
import { isUint8Array } from 'node:util/types';
import type { FooterPair } from './complete-footers.ts';
import { type FooterOptions, FooterSetup } from './footer-plan.ts';
import { DEFAULT_MEMORY_LIMIT, MessageCollector } from './message-collector.ts';
import type { FooterReport, PartReport } from './report.ts';

export interface FooterStreamOptions extends FooterOptions {
  /** A directory for what is not to be held in memory, in a file without a name. Without it nothing is opened. */
  readonly spoolDirectory?: string | undefined;
  /** Bytes of a message that are held in memory before the spool directory is used. */
  readonly memoryLimit?: number | undefined;
}

export class FooterJob {
  readonly #setup: FooterSetup;
  readonly #collector: MessageCollector;
  readonly #onPart: ((report: PartReport) => void) | undefined;
  #pieces: Iterator<Uint8Array> | undefined;

  /** @throws TypeError for a pair with a blank half, and for an option that does not exist */
  constructor(
    footers: FooterPair,
    options: FooterStreamOptions,
    onPart: ((report: PartReport) => void) | undefined,
  ) {
    this.#setup = new FooterSetup(footers, options);
    this.#collector = new MessageCollector(
      options.spoolDirectory,
      options.memoryLimit ?? DEFAULT_MEMORY_LIMIT,
    );
    this.#onPart = onPart;
  }

  /** @throws TypeError for what is not bytes */
  write(chunk: unknown): void {
    if (!isUint8Array(chunk)) throw new TypeError('a message is written as bytes: a Buffer or a Uint8Array');
    this.#collector.add(chunk);
  }

  /** Plans, with a turn for everybody else between steps. @throws what `onPart` throws */
  async plan(): Promise<FooterReport> {
    const source = this.#collector.source();
    const planning = this.#setup.begin(source, this.#onPart);
    while (planning.step()) await new Promise((resolve) => setImmediate(resolve));
    const plan = planning.finish();
    this.#pieces = plan.pieces();
    return plan.report;
  }

  /** The next piece of the outgoing message, after `plan`; undefined at its end. */
  read(): Uint8Array | undefined {
    const next = this.#pieces?.next();
    return next === undefined || next.done ? undefined : next.value;
  }

  discard(): void {
    this.#collector.discard();
  }
}
