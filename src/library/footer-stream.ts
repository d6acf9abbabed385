import { Transform, type TransformCallback, type TransformOptions } from 'node:stream';
import type { FooterPair } from '../footer/footer.ts';
import { type FooterOptions, type FooterReport, Insertion } from './insertion.ts';
import type { PartReport } from './part-reporter.ts';

interface FooterStreamEvents {
  /** For each part that got the footer or was refused it, as soon as that is settled. */
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
  on(...other: Parameters<Transform['on']>): this;
  once<Event extends keyof FooterStreamEvents>(
    event: Event,
    listener: (...args: FooterStreamEvents[Event]) => void,
  ): this;
  once(...other: Parameters<Transform['once']>): this;
}

/**
 * A Node Transform: the bytes of one message in, in pieces of any size, and the message with its footers out. Lines
 * may end in LF or CRLF; what is added follows. It never fails for what a message holds. It does for what is written
 * to it that is neither bytes nor a string, and for what a listener of its own events throws.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the interface only says what the events carry
export class FooterStream extends Transform {
  readonly #insertion: Insertion;

  /**
   * @param footers both halves; `completeFooters` makes them
   * @param streamOptions those of a Node Transform: `highWaterMark`, `signal` …
   * @throws TypeError for a pair with a blank half, and for an option that does not exist
   */
  constructor(footers: FooterPair, options: FooterOptions = {}, streamOptions: TransformOptions = {}) {
    super(streamOptions);
    // The bytes are only lent, and a stream keeps them.
    const output = (bytes: Uint8Array) => void this.push(Buffer.from(bytes));
    this.#insertion = new Insertion(footers, options, output, (report) => this.emit('part', report));
  }

  override _transform(chunk: unknown, encoding: BufferEncoding, done: TransformCallback): void {
    // A string comes where the stream options say that it is not to be decoded before.
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk;
    settle(() => this.#insertion.write(bytes), done);
  }

  override _flush(done: TransformCallback): void {
    settle(() => void this.emit('footer', this.#insertion.end()), done);
  }
}

function settle(step: () => void, done: TransformCallback): void {
  try {
    step();
  } catch (error) {
    return done(error as Error);
  }
  done();
}
