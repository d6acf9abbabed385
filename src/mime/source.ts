// Where the bytes of a message are read from.

/** Bytes that can be read at any offset: a spooled post, a file, a buffer. */
export abstract class Source {
  /** Bytes; a `number`, as messages can be larger than 2 GiB. */
  abstract get size(): number;

  /**
   * Fills `into` with the bytes from `offset` on.
   * @returns how many there were: fewer than `into` holds only at the source's end, or where reading failed (`failed`)
   */
  abstract read(offset: number, into: Uint8Array): i32;

  /** Whether a read went wrong: what was made of the source is then not to be trusted. */
  get failed(): boolean {
    return false;
  }
}
