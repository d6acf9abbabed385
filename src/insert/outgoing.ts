// The message as it goes out: what came in, with a plan carried out. Whoever writes it decides nothing.
import { Source } from '../mime/source.ts';
import { Window } from '../mime/window.ts';
import { Operation, OperationKind, Plan } from './plan.ts';
import { Recoder } from './recoder.ts';

/** Bytes of the message that are in memory while a text is recoded. */
const WINDOW_WIDTH: i32 = 65536;

/** Gives out the outgoing message in pieces; an empty plan gives the message as it came. */
export class Outgoing {
  private index: i32 = 0;
  /** How much of the operation at hand is out. */
  private done: number = 0;
  private recoder: Recoder | null = null;
  private hasFailed: boolean = false;

  constructor(
    private readonly source: Source,
    private readonly plan: Plan,
  ) {}

  /** The source could not be read, or recoding gave other bytes than were planned: what came out is of no use. */
  get failed(): boolean {
    return this.hasFailed || this.source.failed;
  }

  /** Fills `into`. @returns how many bytes there were: 0 at the end, or where it `failed` */
  read(into: Uint8Array): i32 {
    if (this.plan.isEmpty) return this.readRange(0, this.source.size, into);
    while (this.index < this.plan.operations.length) {
      const operation = this.plan.operations[this.index];
      const length = this.carryOut(operation, into);
      this.done += length;
      if (length > 0 || this.failed) return this.failed ? 0 : length;
      if (this.done !== operation.length) {
        this.hasFailed = true;
        return 0;
      }
      this.index++;
      this.done = 0;
      this.recoder = null;
    }
    return 0;
  }

  private carryOut(operation: Operation, into: Uint8Array): i32 {
    switch (operation.kind) {
      case OperationKind.Keep:
      case OperationKind.Copy:
        return this.copy(operation.start, operation.end, into);
      case OperationKind.Insert:
        return this.insert(operation.bytes, into);
      case OperationKind.Recode:
        return this.recode(operation, into);
      default:
        return 0;
    }
  }

  private readRange(start: number, end: number, into: Uint8Array): i32 {
    const length = this.copy(start, end, into);
    this.done += length;
    return length;
  }

  private copy(start: number, end: number, into: Uint8Array): i32 {
    const at = start + this.done;
    const length = i32(min(f64(into.length), end - at));
    if (length === 0) return 0;
    const got = this.source.read(at, into.subarray(0, length));
    if (got < length) this.hasFailed = true;
    return got;
  }

  private insert(bytes: Uint8Array, into: Uint8Array): i32 {
    const from = i32(this.done);
    const length = min(into.length, bytes.length - from);
    into.set(bytes.subarray(from, from + length));
    return length;
  }

  private recode(operation: Operation, into: Uint8Array): i32 {
    let recoder = this.recoder;
    if (recoder === null) {
      const window = new Window(this.source, WINDOW_WIDTH);
      recoder = new Recoder(window, operation.start, operation.end, operation.recoding!, operation.bytes);
      this.recoder = recoder;
    }
    return recoder.read(into);
  }
}
