import type { Witness } from './witness.ts';

/** Why a footer was not put somewhere. Each has its sentence in `explain.ts` and its row in docs/footer-rules.md. */
export type Reason =
  | 'signed'
  | 'encrypted'
  | 'report'
  | 'digest'
  | 'message'
  | 'attachment'
  | 'attachment only'
  | 'not text'
  | 'not the root of related'
  | 'after the body'
  | 'unknown encoding'
  | 'unclear header'
  | 'unusable charset'
  | 'broken base64'
  | 'unclosed pgp'
  | 'unfinished tag'
  | 'no boundary'
  | 'no content'
  | 'already there'
  | 'trouble';

/** How a footer got into a message. */
export type Manner =
  /** At the end of a text part, or before `</body>`. */
  | 'into'
  /** As a text part of its own, in a multipart that was there. */
  | 'beside'
  /** As a text part of its own, in a multipart that was put around the message. */
  | 'around';

export interface Placed {
  readonly manner: Manner;
  /** `text/plain` or `text/html`: which footer. */
  readonly kind: 'text/plain' | 'text/html';
  /** The footer's characters did not fit into the part and were spelled in ASCII. */
  readonly transliterated: boolean;
}

/** What became of a message. The lists hold each distinct entry once, so they are short for any message. */
export interface Outcome {
  readonly placed: readonly Placed[];
  readonly reasons: readonly Reason[];
  /** The root's media type, for the log line. */
  readonly rootType: string;
}

/** Collects an Outcome, and passes on what is done to a witness. */
export class OutcomeRecord {
  readonly #witness: Witness | undefined;
  readonly #placed = new Map<string, Placed>();
  readonly #reasons = new Set<Reason>();
  #rootType = '';

  constructor(witness?: Witness) {
    this.#witness = witness;
  }

  root(mediaType: string): void {
    this.#rootType = mediaType;
  }

  placed(placed: Placed): void {
    this.#placed.set(Object.values(placed).join(), placed);
    this.#witness?.placed(placed);
  }

  reason(reason: Reason): void {
    this.#reasons.add(reason);
    this.#witness?.refused(reason);
  }

  get outcome(): Outcome {
    return { placed: [...this.#placed.values()], reasons: [...this.#reasons], rootType: this.#rootType };
  }
}
