// A character set that text parts can be written in.
import { ByteBuilder } from '../byte-builder.ts';

export abstract class Charset {
  constructor(
    /** Lower case, as MIME names it (IANA's preferred name). */
    readonly name: string,
    /** Bytes below 0x80 mean ASCII wherever they stand (in a shifting charset: in its first state). */
    readonly asciiCompatible: boolean,
    /** Everything that `encode` gives is 7-bit: such text can stay in a 7bit part. */
    readonly sevenBit: boolean,
    /** Bytes in a code unit: 1, 2 (UTF-16) or 4 (UTF-32). */
    readonly unit: i32,
  ) {}

  /** One byte stands for one character, always: what is valid UTF-8 under such a label may well be UTF-8. */
  get isSingleByte(): boolean {
    return false;
  }

  /** The text in this charset; null where it cannot hold some character. */
  abstract encode(text: string): Uint8Array | null;

  /** Reads text in this charset; null where it can only be written (its bytes are never certain). */
  abstract decoder(): CharsetDecoder | null;

  /** Shows the text as ASCII where it is ASCII: see AsciiView. */
  abstract asciiView(): AsciiView;

  /** What leads back to the first state after this text; empty where it is there. Only shifting charsets have states. */
  resetAfter(_text: Uint8Array): Uint8Array {
    return new Uint8Array(0);
  }
}

/** Turns text that comes in pieces into UTF-8. One decoder a text. */
export abstract class CharsetDecoder {
  /**
   * Appends the UTF-8 of bytes[from, to) to `into`; a character that is cut waits for the next call.
   * @returns false once something was not valid in the charset: the text is then not certain, and `into` of no use
   */
  abstract decode(bytes: Uint8Array, from: i32, to: i32, into: ByteBuilder): boolean;

  /** The text ends here. @returns false where it ends inside a character (or, in a shifting charset, in another state) */
  abstract end(into: ByteBuilder): boolean;
}

/**
 * A text with one byte for each code unit: ASCII as itself, everything else as 0x80. So code that looks for line ends
 * and tags reads every charset alike, the wide ones and those that shift included. It keeps state: one view a text.
 */
export abstract class AsciiView {
  /**
   * Views the units in bytes[from, to); a unit that is cut waits for the next call.
   * @param into at least as long as the bytes are
   * @returns how many units were viewed
   */
  abstract view(bytes: Uint8Array, from: i32, to: i32, into: Uint8Array): i32;
}
