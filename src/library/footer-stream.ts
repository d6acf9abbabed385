import { Transform, type TransformCallback, type TransformOptions } from 'node:stream';
import { summarize } from '../footer/explain.ts';
import type { FooterPair, PlacementWishes } from '../footer/footer.ts';
import { FooterInserter } from '../footer/inserter.ts';
import type { Outcome } from '../footer/outcome.ts';
import { type PartReport, PartReporter } from './part-reporter.ts';

/** What became of a message: `summary` says it in one line, as for a mail log. */
export interface FooterReport extends Outcome {
  readonly summary: string;
}

/** What can be chosen. Signed mail is left as it is, and mail without text gets a part of its own, unless told. */
export type FooterOptions = Partial<PlacementWishes>;

export const DEFAULT_WISHES: PlacementWishes = { signed: 'skip', attachmentOnly: 'part' };

interface FooterStreamEvents {
  /** For each part that got the footer or was refused it, as soon as that is settled. */
  part: [report: PartReport];
  /** Once, when the last byte of the message has been written to the readable side. */
  footer: [report: FooterReport];
}

export interface FooterStream {
  on<Event extends keyof FooterStreamEvents>(
    event: Event,
    listener: (...args: FooterStreamEvents[Event]) => void,
  ): this;
  on(event: string | symbol, listener: (...args: unknown[]) => void): this;
  once<Event extends keyof FooterStreamEvents>(
    event: Event,
    listener: (...args: FooterStreamEvents[Event]) => void,
  ): this;
  once(event: string | symbol, listener: (...args: unknown[]) => void): this;
}

/**
 * A Node Transform: the bytes of one message in, in pieces of any size, and the message with its footers out. Lines
 * may end in LF or CRLF; what is added follows. It never fails for what a message holds.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the interface only says what the events carry
export class FooterStream extends Transform {
  readonly #inserter: FooterInserter;

  constructor(footers: FooterPair, options: FooterOptions = {}, streamOptions: TransformOptions = {}) {
    super(streamOptions);
    const reporter = new PartReporter((report) => this.emit('part', report));
    // The inserter only lends its bytes, and a stream keeps them.
    const output = (bytes: Uint8Array) => void this.push(Buffer.from(bytes));
    this.#inserter = new FooterInserter(footers, { ...DEFAULT_WISHES, ...options }, output, reporter);
  }

  override _transform(chunk: unknown, _encoding: BufferEncoding, done: TransformCallback): void {
    settle(() => this.#inserter.write(chunk as Uint8Array), done);
  }

  override _flush(done: TransformCallback): void {
    settle(() => {
      this.#inserter.end();
      this.emit('footer', reportOf(this.#inserter));
    }, done);
  }
}

export function reportOf(inserter: FooterInserter): FooterReport {
  const { outcome } = inserter;
  return { ...outcome, summary: summarize(outcome) };
}

function settle(step: () => void, done: TransformCallback): void {
  try {
    step();
  } catch (error) {
    return done(error as Error);
  }
  done();
}
