/** What became of a message and of its parts, as the library's users read it. */
import { summarize } from '../insert/explain.ts';
import { PartObserver } from '../insert/observer.ts';
import type { Outcome, Placed, Reason } from '../insert/outcome.ts';
import {
  KIND_NAMES,
  type KindName,
  MANNER_NAMES,
  type MannerName,
  REASON_NAMES,
  type ReasonName,
} from '../insert/outcome-names.ts';
import type { Part } from '../mime/part.ts';

/** A footer that was put in. */
export interface PlacedFooter {
  readonly manner: MannerName;
  readonly kind: KindName;
  /** Its characters did not fit into the part and were spelled in ASCII. */
  readonly transliterated: boolean;
  /** HTML around it that could not be closed may hide it. Only there where it is true. */
  readonly mayBeHidden?: true;
  /** The charset from which the part's text was converted to UTF-8. Only there where it was. */
  readonly convertedFrom?: string;
}

/** What became of a message: each distinct footer and reason once. `summary` says it in one line, as for a mail log. */
export interface FooterReport {
  readonly placed: readonly PlacedFooter[];
  readonly reasons: readonly ReasonName[];
  /** The root's media type. */
  readonly rootType: string;
  readonly summary: string;
}

/** What was done to one part. Exactly one of `placed` and `reason` is there. */
export interface PartReport {
  /**
   * As IMAP numbers the parts of the original message: `1`, `2.1`; '' is a multipart that is the whole message. A footer that
   * is a part of its own has the number of the part before it (`2.0` where it is the first in part 2).
   */
  readonly number: string;
  readonly mediaType: string;
  readonly placed?: PlacedFooter;
  /** Why the footer was not put there, or why it stands around the message. */
  readonly reason?: ReasonName;
}

export function placedFooter(placed: Placed): PlacedFooter {
  return {
    manner: MANNER_NAMES[placed.manner],
    kind: KIND_NAMES[placed.kind],
    transliterated: placed.transliterated,
    ...(placed.mayBeHidden ? { mayBeHidden: true } : {}),
    ...(placed.convertedFrom === '' ? {} : { convertedFrom: placed.convertedFrom }),
  };
}

export function footerReport(outcome: Outcome): FooterReport {
  return {
    placed: outcome.placed.map(placedFooter),
    reasons: outcome.reasons.map((reason) => REASON_NAMES[reason]),
    rootType: outcome.rootType,
    summary: summarize(outcome),
  };
}

/** Parts whose fate may be told only at the end of the structure; of the others the media type is not remembered. */
const REMEMBERED_LIMIT = 10_000;

/**
 * Makes a report for each part that gets a footer or is refused it. What the one who gets them throws is kept for
 * `rethrow`: let out at once, it could not be told from a fault in the planning.
 */
export class PartReporter extends PartObserver {
  readonly #report: (report: PartReport) => void;
  readonly #mediaTypes = new Map<string, string>();
  #thrown: { readonly error: unknown } | undefined;

  constructor(report: (report: PartReport) => void) {
    super();
    this.#report = report;
  }

  partStart(number: string, part: Part): void {
    if (this.#mediaTypes.size < REMEMBERED_LIMIT) this.#mediaTypes.set(number, part.header!.mediaType);
  }

  partEnd(): void {}

  placed(number: string, placed: Placed): void {
    const footer = placedFooter(placed);
    const isOwnPart = footer.manner === 'beside';
    const mediaType = isOwnPart ? footer.kind : this.#typeOf(number);
    this.#tell({ number: isOwnPart ? number : shownNumber(number), mediaType, placed: footer });
  }

  skipped(number: string, reason: Reason): void {
    this.#tell({
      number: shownNumber(number),
      mediaType: this.#typeOf(number),
      reason: REASON_NAMES[reason],
    });
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

  #typeOf(number: string): string {
    return this.#mediaTypes.get(number) ?? '';
  }
}

function shownNumber(number: string): string {
  return number === '0' ? '' : number;
}
