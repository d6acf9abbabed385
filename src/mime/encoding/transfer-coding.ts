// The content of one part in its transfer encoding: how it is read, and how text is put into it.
import { ByteBuilder } from '../byte-builder.ts';
import { Edit } from '../edit.ts';
import { Decoder, Place } from './decoder.ts';

/** What a transfer encoding can do; `codingOf` (coding-of.ts) makes the one of a part. */
export abstract class TransferCoding {
  /** The encoding breaks long lines itself (quoted-printable, base64): what is put in may have lines of any length. */
  abstract get breaksLines(): boolean;

  /** The text inside has line ends of its own (base64); else the message's line ends are the text's. */
  abstract get ownLineEnds(): boolean;

  /** What it writes is 7-bit whatever it is given. */
  abstract get sevenBit(): boolean;

  /**
   * `insert` takes text of a multiple of this many bytes at any place. Of other length, base64 takes it only where little
   * follows, all of which has to be written again: fill up HTML with blanks.
   */
  get unitLength(): i32 {
    return 1;
  }

  /** Reads the content from an offset at which a unit of the encoding begins. */
  abstract decoder(from: number): Decoder;

  /**
   * Puts text into the content; what stands before and after the place keeps its meaning, and all of it but the units
   * next to the place keeps its bytes.
   * @param text in the part's charset, line ends as the text has them
   * @returns null where the content is too broken to add to (base64 with data after its padding, for instance), or too
   *   much of it would have to be written again (see `unitLength`)
   */
  abstract insert(place: Place, text: Uint8Array): Edit | null;

  /**
   * Puts text at the content's end.
   * @param needsLineEnd no delimiter with a line end of its own follows (see Follower): the last line gets one
   */
  abstract append(text: Uint8Array, needsLineEnd: boolean): Edit | null;
}

/** Writes content in a transfer encoding, in pieces. One encoder a part. */
export abstract class ContentEncoder {
  /** Appends the encoding of bytes[from, to) to `into`; what depends on what follows waits for the next call. */
  abstract write(bytes: Uint8Array, from: i32, to: i32, into: ByteBuilder): void;

  /** The content ends here. */
  abstract end(into: ByteBuilder): void;
}
