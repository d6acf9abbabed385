import type { PartHeader } from '../mime/part-header.ts';
import type { Placed, Reason } from './outcome.ts';

/**
 * Watches a message go by: which parts it has, and what is done to each. For those who want to show it; without a
 * witness nothing of this is collected. All of it comes in the message's order, and what is `placed` or `refused` is
 * always about the part that began last, except for a part of its own (`beside`): that comes behind all that has
 * begun so far, in the innermost multipart that has not ended.
 */
export interface Witness {
  /** A part begins. Where its header has a boundary, what begins before its `ended` is inside it. */
  began(header: PartHeader): void;
  /** So many bytes of the part's content went by, as they are encoded. */
  content(length: number): void;
  /** The innermost open multipart has ended. */
  ended(): void;
  placed(placed: Placed): void;
  /** May come beside `placed`: why the footer stands around the message. */
  refused(reason: Reason): void;
}
