import type { FooterPair } from '../footer/footer.ts';
import { FooterInserter } from '../footer/inserter.ts';
import { DEFAULT_WISHES, type FooterOptions, type FooterReport, reportOf } from './footer-stream.ts';
import { type PartReport, PartReporter } from './part-reporter.ts';

export interface FooterTransformOptions extends FooterOptions {
  /** Called for each part that got the footer or was refused it. */
  readonly onPart?: (report: PartReport) => void;
}

/** The same for web streams: `readable.pipeThrough(new FooterTransformStream(footers))`. */
export class FooterTransformStream extends TransformStream<Uint8Array, Uint8Array> {
  /** What was done. Resolves when the message is through; never rejects: a stream that fails rejects its readers. */
  readonly report: Promise<FooterReport>;

  constructor(footers: FooterPair, options: FooterTransformOptions = {}) {
    const { onPart, ...wishes } = options;
    const reporter = onPart && new PartReporter(onPart);
    let inserter: FooterInserter;
    let finished: (report: FooterReport) => void;
    super({
      start(controller) {
        const output = (bytes: Uint8Array) => controller.enqueue(Uint8Array.from(bytes));
        inserter = new FooterInserter(footers, { ...DEFAULT_WISHES, ...wishes }, output, reporter);
      },
      transform(chunk) {
        inserter.write(chunk);
      },
      flush() {
        inserter.end();
        finished(reportOf(inserter));
      },
    });
    this.report = new Promise((resolve) => {
      finished = resolve;
    });
  }
}
