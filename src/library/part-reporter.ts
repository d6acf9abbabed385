import type { Placed, Reason } from '../footer/outcome.ts';
import { PartNumbers } from '../footer/part-numbers.ts';
import type { Witness } from '../footer/witness.ts';
import type { PartHeader } from '../mime/part-header.ts';

/** What was done to one part. Exactly one of `placed` and `reason` is there. */
export interface PartReport {
  /** As IMAP numbers the parts of the original message: `1`, `2.1`; '' is a multipart that is the whole message. */
  readonly number: string;
  readonly mediaType: string;
  readonly placed?: Placed;
  /** Why the footer was not put there, or why it stands around the message. */
  readonly reason?: Reason;
}

/**
 * Makes reports of what a witness is told, one at a time: nothing grows with the message but its nesting. What the
 * one who gets them throws is kept for `rethrow`: let out at once, it would end the footer in the middle of a part.
 */
export class PartReporter implements Witness {
  readonly #report: (report: PartReport) => void;
  readonly #numbers = new PartNumbers();
  #number = '';
  #mediaType = '';
  #thrown: { readonly error: unknown } | undefined;

  constructor(report: (report: PartReport) => void) {
    this.#report = report;
  }

  began(header: PartHeader): void {
    this.#number = this.#numbers.began(header);
    this.#mediaType = header.mediaType;
  }

  content(): void {}

  ended(): void {
    this.#numbers.ended();
  }

  placed(placed: Placed): void {
    this.#tell({ number: this.#number, mediaType: this.#mediaType, placed });
  }

  refused(reason: Reason): void {
    this.#tell({ number: this.#number, mediaType: this.#mediaType, reason });
  }

  /** @throws what was thrown at a report, the first of it */
  rethrow(): void {
    if (this.#thrown !== undefined) throw this.#thrown.error;
  }

  #tell(report: PartReport): void {
    try {
      this.#report(report);
    } catch (error) {
      this.#thrown ??= { error };
    }
  }
}
