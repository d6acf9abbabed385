import type { Reason } from './outcome.ts';
import { type EditResult, type PartEditor, skipped } from './part-editor.ts';
import type { Passage } from './passage.ts';

/** Lets a part through as it is: what was held showed that no footer can be written into it. */
export class LeaveEditor implements PartEditor {
  readonly #reason: Reason;
  readonly #passage: Passage;

  constructor(reason: Reason, passage: Passage) {
    this.#reason = reason;
    this.#passage = passage;
  }

  look(): void {
    this.#passage.release();
  }

  finish(): EditResult {
    return skipped(this.#reason);
  }
}
