// Where in a message decoded text lies: a decoder can begin only at some offsets, and is read in blocks.

/** A block of decoded text begins here. */
export class Checkpoint {
  /** In the message, where a decoder can begin. */
  offset: number = 0;
  /** In the decoded text, in bytes. */
  position: number = 0;

  set(offset: number, position: number): void {
    this.offset = offset;
    this.position = position;
  }

  copy(other: Checkpoint): void {
    this.set(other.offset, other.position);
  }
}

/** A place in the decoded text, and where to begin so as to come to it. */
export class Mark {
  /** In the decoded text, in bytes; -1: it is none. */
  position: number = -1;
  readonly block: Checkpoint = new Checkpoint();
  /** So much before the place that the text's end there can be read. */
  readonly tail: Checkpoint = new Checkpoint();
}

/** Remembers of the blocks that were read as much as marks may ask for: those near to where the reader is. */
export class DecodedMarks {
  readonly block: Checkpoint = new Checkpoint();
  /** The block in which the token began that is not at its end. */
  private readonly tokenBlock: Checkpoint = new Checkpoint();
  private readonly tailBefore: Checkpoint = new Checkpoint();
  private readonly tailNext: Checkpoint = new Checkpoint();

  /** @param start where the content begins in the message; @param tailLength bytes of text that are wanted before a mark */
  constructor(
    start: number,
    private readonly tailLength: i32,
  ) {
    this.block.set(start, 0);
    this.tokenBlock.copy(this.block);
    this.tailBefore.copy(this.block);
    this.tailNext.copy(this.block);
  }

  /**
   * A block begins.
   * @param tokenStart position of what was not read to its end: no mark will be before it
   */
  begin(offset: number, position: number, tokenStart: number): void {
    if (tokenStart >= this.block.position) this.tokenBlock.copy(this.block);
    this.block.set(offset, position);
    if (tokenStart - this.tailNext.position < this.tailLength) return;
    this.tailBefore.copy(this.tailNext);
    this.tailNext.copy(this.block);
  }

  /** Marks a position in this block, or where the token began that ends in it. */
  mark(mark: Mark, position: number): void {
    if (position === mark.position) return;
    mark.position = position;
    mark.block.copy(position >= this.block.position ? this.block : this.tokenBlock);
    mark.tail.copy(this.tailBefore);
  }
}
