// What is said of a message while it is planned: kept in short for the log, passed on whole to an observer.
import { Part } from '../mime/part.ts';
import { PartObserver } from './observer.ts';
import { Outcome, Placed, Reason } from './outcome.ts';
import { partNumber } from './part-number.ts';

export class Report {
  readonly outcome: Outcome = new Outcome();

  constructor(private readonly observer: PartObserver | null) {}

  partStart(part: Part): void {
    if (part.parent === null) this.outcome.rootType = part.header!.mediaType;
    const observer = this.observer;
    if (observer !== null) observer.partStart(partNumber(part), part);
  }

  partEnd(part: Part): void {
    const observer = this.observer;
    if (observer !== null) observer.partEnd(partNumber(part), part);
  }

  /** @param number of the part; of a part of its own the number of the part before it */
  placed(number: string, placed: Placed): void {
    if (!this.isKnown(placed)) this.outcome.placed.push(placed);
    const observer = this.observer;
    if (observer !== null) observer.placed(number, placed);
  }

  skipped(part: Part, reason: Reason): void {
    this.reason(reason);
    const observer = this.observer;
    if (observer !== null) observer.skipped(partNumber(part), reason);
  }

  /** A reason that is the whole message's. */
  reason(reason: Reason): void {
    if (this.outcome.reasons.indexOf(reason) < 0) this.outcome.reasons.push(reason);
  }

  private isKnown(placed: Placed): boolean {
    for (let i = 0; i < this.outcome.placed.length; i++)
      if (this.outcome.placed[i].equals(placed)) return true;
    return false;
  }
}
