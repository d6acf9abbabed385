import { Duplex, type DuplexOptions } from 'node:stream';
import type { FooterPair } from './complete-footers.ts';
import { FooterJob, type FooterStreamOptions } from './footer-job.ts';
import type { FooterReport, PartReport } from './report.ts';

interface FooterStreamEvents {
  /** For each part that got the footer or was refused it. */
  part: [report: PartReport];
  /** Once, when the last byte of the message has been written to the readable side. */
  footer: [report: FooterReport];
}

/** Its own events beside those of every stream, which @types/node declares differently from version to version. */
export interface FooterStream {
  on<Event extends keyof FooterStreamEvents>(
    event: Event,
    listener: (...args: FooterStreamEvents[Event]) => void,
  ): this;
  on(...other: Parameters<Duplex['on']>): this;
  once<Event extends keyof FooterStreamEvents>(
    event: Event,
    listener: (...args: FooterStreamEvents[Event]) => void,
  ): this;
  once(...other: Parameters<Duplex['once']>): this;
}

/**
 * A Node Duplex: the bytes of one message in, in pieces of any size, and the message with its footers out, once all of it
 * has come. Lines may end in LF or CRLF; what is added follows. It never fails for what a message holds. It does for what
 * is written to it that is neither bytes nor a string, and for what a listener of its own events throws.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the interface only says what the events carry
export class FooterStream extends Duplex {
  readonly #job: FooterJob;
  #report: FooterReport | undefined;
  #isWanted = false;

  /**
   * @param footers both halves; `completeFooters` makes them
   * @param streamOptions those of a Node Duplex: `highWaterMark`, `signal` …
   * @throws TypeError for a pair with a blank half, and for an option that does not exist
   */
  constructor(footers: FooterPair, options: FooterStreamOptions = {}, streamOptions: DuplexOptions = {}) {
    super(streamOptions);
    this.#job = new FooterJob(footers, options, (report) => this.emit('part', report));
  }

  override _write(chunk: unknown, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    // A string comes where the stream options say that it is not to be decoded before.
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk;
    try {
      this.#job.write(bytes);
    } catch (error) {
      return done(error as Error);
    }
    done();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#job.plan().then((report) => {
      this.#report = report;
      done();
      if (this.#isWanted) this.#give();
    }, done);
  }

  override _read(): void {
    this.#isWanted = true;
    if (this.#report !== undefined) this.#give();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#job.discard();
    done(error);
  }

  /** As much as the reader takes. */
  #give(): void {
    try {
      for (;;) {
        const piece = this.#job.read();
        if (piece === undefined) break;
        this.#isWanted = this.push(piece);
        if (!this.#isWanted) return;
      }
      this.emit('footer', this.#report!);
      this.push(null);
    } catch (error) {
      this.destroy(error as Error);
    }
  }
}
