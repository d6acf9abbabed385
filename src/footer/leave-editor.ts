import type { Reason } from './outcome.ts';
import { type EditResult, type Output, type PartEditor, skipped } from './part-editor.ts';

/** Lets a part through as it is: what was held showed that no footer can be written into it. */
export class LeaveEditor implements PartEditor {
  readonly #reason: Reason;
  readonly #output: Output;

  constructor(reason: Reason, output: Output) {
    this.#reason = reason;
    this.#output = output;
  }

  write(raw: Uint8Array): void {
    this.#output(raw);
  }

  finish(): EditResult {
    return skipped(this.#reason);
  }

  abandon(): boolean {
    return true;
  }
}
