// How one text part gets its footer.
import { Edit } from '../mime/edit.ts';
import { Placed, Reason } from './outcome.ts';
import { Recoding } from './plan.ts';

/** What a part becomes: either `placed` and the changes for it, or a `reason` and no change at all. */
export class PartPlan {
  placed: Placed | null = null;
  /** Nothing that a reader would see: white space and characters without ink; in HTML neither text nor a picture. */
  isBlank: boolean = false;
  reason: Reason = Reason.None;
  /** In the order of the message, not overlapping: in the part's header, then in its content. */
  readonly edits: Edit[] = [];
  /** The whole content is recoded (and then no edit touches it), with `tail` added to the text: in the charset that comes out. */
  recoding: Recoding | null = null;
  tail: Uint8Array = new Uint8Array(0);
  /** Bytes that come out of recoding. */
  recodedLength: number = 0;
}

/**
 * Reads a part and plans. It is resumable: `step` reads a bounded amount of content, and between two steps garbage is
 * collected and other sessions of a service have their turn.
 */
export abstract class PartPlanner {
  /** Complete once `step` has returned false. */
  readonly plan: PartPlan = new PartPlan();

  /** @returns whether there is more to do */
  abstract step(): boolean;
}
