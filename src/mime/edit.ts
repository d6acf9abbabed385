// A change of a message.

/** The bytes from `start` to `end` (offsets into the message) are replaced by `bytes`, which belong to the edit. */
export class Edit {
  constructor(
    readonly start: number,
    readonly end: number,
    readonly bytes: Uint8Array,
  ) {}
}
