// What a text part asks of what is put into it.

export class TextFormat {
  constructor(
    /** `format=flowed` (RFC 3676). */
    readonly flowed: boolean,
    /** The transfer encoding leaves lines as they are, so they must not be too long. */
    readonly unencoded: boolean,
  ) {}
}
