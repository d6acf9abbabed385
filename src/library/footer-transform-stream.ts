import type { FooterPair } from './complete-footers.ts';
import { FooterJob, type FooterStreamOptions } from './footer-job.ts';
import type { FooterReport, PartReport } from './report.ts';

export interface FooterTransformOptions extends FooterStreamOptions {
  /** Called for each part that got the footer or was refused it. What it throws, the stream fails with. */
  readonly onPart?: (report: PartReport) => void;
}

/**
 * The same for web streams: `readable.pipeThrough(new FooterTransformStream(footers))`. It takes bytes (`Uint8Array`)
 * and fails with a TypeError for anything else.
 */
export class FooterTransformStream {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
  /** What was done. Resolves when the message is through; never rejects: a stream that fails rejects its readers. */
  readonly report: Promise<FooterReport>;

  /**
   * @param footers both halves; `completeFooters` makes them
   * @throws TypeError for a pair with a blank half, and for an option that does not exist
   */
  constructor(footers: FooterPair, options: FooterTransformOptions = {}) {
    const job = new FooterJob(footers, options, options.onPart);
    const planned = deferred<FooterReport>();
    const finished = deferred<FooterReport>();
    // Who reads is told; nobody need listen to this one.
    planned.promise.catch(() => undefined);
    this.report = finished.promise;
    const fail = (error: unknown): never => {
      job.discard();
      planned.reject(error);
      throw error;
    };
    this.writable = new WritableStream({
      write(chunk) {
        try {
          job.write(chunk);
        } catch (error) {
          fail(error);
        }
      },
      async close() {
        planned.resolve(await job.plan().catch(fail));
      },
      abort(reason) {
        job.discard();
        planned.reject(reason);
      },
    });
    this.readable = new ReadableStream({
      async pull(controller) {
        const report = await planned.promise;
        const piece = job.read();
        if (piece !== undefined) return controller.enqueue(piece);
        controller.close();
        job.discard();
        finished.resolve(report);
      },
      cancel() {
        job.discard();
      },
    });
  }
}

interface Deferred<Value> {
  readonly promise: Promise<Value>;
  resolve(value: Value): void;
  reject(reason: unknown): void;
}

/** Node 20 has no `Promise.withResolvers`. */
function deferred<Value>(): Deferred<Value> {
  let resolve: (value: Value) => void = () => undefined;
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<Value>((...settle) => {
    [resolve, reject] = settle;
  });
  return { promise, resolve, reject };
}
