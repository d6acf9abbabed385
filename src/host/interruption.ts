// What ends a delivery early on Node: a signal, a deadline, a fault that nobody caught.
import { type Failure, internalFailure, temporary } from '../errors.ts';

/** The delivery has failed, as `failure` says. */
export class DeliveryFailure extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

/** The first reason counts. */
export class Interruption {
  /** Aborts at once; its reason is a DeliveryFailure. */
  readonly signal: AbortSignal;
  private readonly controller = new AbortController();
  private readonly happened: Promise<never>;

  constructor() {
    this.signal = this.controller.signal;
    this.happened = new Promise((_, reject) => {
      this.signal.addEventListener('abort', () => reject(this.signal.reason));
    });
    this.happened.catch(() => undefined);
  }

  /** Null as long as there was none. */
  get failure(): Failure | null {
    return this.signal.aborted ? (this.signal.reason as DeliveryFailure).failure : null;
  }

  interrupt(failure: Failure): void {
    this.controller.abort(new DeliveryFailure(failure));
  }

  /** From here on signals and uncaught errors of this process interrupt. */
  listen(): void {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
      process.on(signal, () => this.interrupt(temporary(`stopped by ${signal}`)));
    }
    // EPIPE tells more.
    process.on('SIGPIPE', () => undefined);
    // Whoever started us may have it ignored, which a program inherits: the system would forget how mlmmj-receive ends, and
    // what was stored would look like a failure.
    process.on('SIGCHLD', () => undefined);
    process.on('uncaughtException', (error) => this.interrupt(internalFailure(error.message)));
    process.on('unhandledRejection', (error) => this.interrupt(internalFailure(String(error))));
  }

  /** Interrupts after a while; `stop` calls it off. */
  after(milliseconds: number, failure: Failure): { stop(): void } {
    const timer = setTimeout(() => this.interrupt(failure), milliseconds);
    return { stop: () => clearTimeout(timer) };
  }

  /** What something resolves to, unless it is interrupted before. @throws DeliveryFailure */
  orInterrupted<Value>(work: Promise<Value>): Promise<Value> {
    return Promise.race([work, this.happened]);
  }
}
