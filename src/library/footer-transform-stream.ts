import type { FooterPair } from '../footer/footer.ts';
import { type FooterOptions, type FooterReport, Insertion } from './insertion.ts';
import type { PartReport } from './part-reporter.ts';

export interface FooterTransformOptions extends FooterOptions {
  /** Called for each part that got the footer or was refused it. What it throws, the stream fails with. */
  readonly onPart?: (report: PartReport) => void;
}

/**
 * The same for web streams: `readable.pipeThrough(new FooterTransformStream(footers))`. It takes bytes (`Uint8Array`)
 * and fails with a TypeError for anything else.
 */
export class FooterTransformStream extends TransformStream<Uint8Array, Uint8Array> {
  /** What was done. Resolves when the message is through; never rejects: a stream that fails rejects its readers. */
  readonly report: Promise<FooterReport>;

  /**
   * @param footers both halves; `completeFooters` makes them
   * @throws TypeError for a pair with a blank half, and for an option that does not exist
   */
  constructor(footers: FooterPair, options: FooterTransformOptions = {}) {
    let insertion: Insertion;
    let finished: (report: FooterReport) => void;
    super({
      start(controller) {
        const output = (bytes: Uint8Array) => controller.enqueue(Uint8Array.from(bytes));
        insertion = new Insertion(footers, options, output, options.onPart);
      },
      transform(chunk) {
        insertion.write(chunk);
      },
      flush() {
        finished(insertion.end());
      },
    });
    this.report = new Promise((resolve) => {
      finished = resolve;
    });
  }
}
