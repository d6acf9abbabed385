// Who wants to know why each part is treated as it is: preview, and the library's `onPart`.
import { Part } from '../mime/part.ts';
import { Placed, Reason } from './outcome.ts';

/**
 * Told of each part as it is found, and of what is done to it as soon as that is decided, which can be much later: parts
 * are told apart by `number`, as IMAP numbers them (RFC 3501 §6.4.5: `1`, `2.1`; `0` for a root multipart).
 * A message of 100,000 parts has as many calls, so nothing of this is in the plan.
 */
export abstract class PartObserver {
  abstract partStart(number: string, part: Part): void;
  abstract partEnd(number: string, part: Part): void;
  abstract placed(number: string, placed: Placed): void;
  abstract skipped(number: string, reason: Reason): void;
}
