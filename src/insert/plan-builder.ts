// Changes of a message, put in order and made a plan.
import { Edit } from '../mime/edit.ts';
import { Operation, OperationKind, Plan, Recoding } from './plan.ts';

const NO_BYTES: Uint8Array = new Uint8Array(0);

/** A range of the message, and what comes in its place. */
class Change {
  constructor(
    readonly start: number,
    readonly end: number,
    /** In the order in which they go out. */
    readonly operations: Operation[],
  ) {}
}

/** Takes changes in any order; they must not overlap. Of two at the same place the one that came first goes out first. */
export class PlanBuilder {
  private changes: Change[] = [];

  get isEmpty(): boolean {
    return this.changes.length === 0;
  }

  edit(edit: Edit): void {
    const operations: Operation[] = [];
    if (edit.bytes.length > 0) operations.push(insertOperation(edit.bytes));
    this.replace(edit.start, edit.end, operations);
  }

  recode(start: number, end: number, recoding: Recoding, tail: Uint8Array, length: number): void {
    const operation = new Operation(OperationKind.Recode, start, end, tail, recoding, length);
    this.add(new Change(start, end, [operation]));
  }

  /** @param operations Insert and Copy alone */
  replace(start: number, end: number, operations: Operation[]): void {
    if (end > start) operations.push(new Operation(OperationKind.Drop, start, end, NO_BYTES, null, 0));
    this.add(new Change(start, end, operations));
  }

  /** @param size of the message */
  build(size: number): Plan {
    const plan = new Plan();
    if (this.isEmpty) return plan;
    let done: number = 0;
    for (let i = 0; i < this.changes.length; i++) {
      const change = this.changes[i];
      if (change.start > done) plan.operations.push(keepOperation(done, change.start));
      for (let k = 0; k < change.operations.length; k++) plan.operations.push(change.operations[k]);
      done = change.end;
    }
    if (size > done) plan.operations.push(keepOperation(done, size));
    return plan;
  }

  private add(change: Change): void {
    let at = this.changes.length;
    while (at > 0 && this.changes[at - 1].start > change.start) at--;
    this.changes.push(change);
    for (let i = this.changes.length - 1; i > at; i--) this.changes[i] = this.changes[i - 1];
    this.changes[at] = change;
  }
}

export function insertOperation(bytes: Uint8Array): Operation {
  return new Operation(OperationKind.Insert, 0, 0, bytes, null, bytes.length);
}

export function copyOperation(start: number, end: number): Operation {
  return new Operation(OperationKind.Copy, start, end, NO_BYTES, null, end - start);
}

function keepOperation(start: number, end: number): Operation {
  return new Operation(OperationKind.Keep, start, end, NO_BYTES, null, end - start);
}
