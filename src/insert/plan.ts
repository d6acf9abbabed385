// The plan: what a post becomes, as operations on ranges of what came in.
import { TransferEncoding } from '../mime/encoding/transfer-encoding.ts';

/** The five operations. Keep, Drop and Recode walk through the message: each begins where the one before it ended. */
export enum OperationKind {
  /** The range goes out as it came. */
  Keep,
  /** The range does not go out. */
  Drop,
  /** `bytes` go out. */
  Insert,
  /** A range from elsewhere goes out once more (wrapping moves header fields of any size). */
  Copy,
  /** The range goes out in another charset or encoding, with `bytes` added to its text: see Recoder. */
  Recode,
}

export class Operation {
  constructor(
    readonly kind: OperationKind,
    /** Offsets into the message as it came; 0 and 0 for Insert. */
    readonly start: number,
    readonly end: number,
    /** What Insert puts in; what Recode adds to the text. */
    readonly bytes: Uint8Array,
    /** How Recode reads and writes; null for the others. */
    readonly recoding: Recoding | null,
    /** How many bytes come out. */
    readonly length: number,
  ) {}
}

/** How a text is recoded; a Recoder made from it gives the same bytes in planning and in writing. */
export class Recoding {
  constructor(
    /** From which the text is converted to UTF-8, as `charsetNamed` knows it; '' where it stays in its own. */
    readonly charset: string,
    readonly from: TransferEncoding,
    readonly to: TransferEncoding,
    /** The message's, for the lines that the encoding makes. */
    readonly lineEnd: string,
    /** A line end follows the last line of base64. The other encodings end as the text does. */
    readonly endsLine: boolean = false,
  ) {}
}

/** Never more than these many places, whatever the message is: readers show the last alternative, so the first hundred would be the wrong ones. */
export const PLACE_LIMIT: i32 = 100;

/** Bytes: inserted less dropped. What recoding adds is counted by itself. */
export const GROWTH_LIMIT: i32 = 1024 * 1024;

/** All or nothing: a plan without operations leaves the post as it came. */
export class Plan {
  readonly operations: Operation[] = [];

  get isEmpty(): boolean {
    return this.operations.length === 0;
  }

  /** Bytes that will go out; without operations the size of the message, which the plan does not know. */
  get length(): number {
    let length: number = 0;
    for (let i = 0; i < this.operations.length; i++) length += this.operations[i].length;
    return length;
  }
}
