// UTF-8 (RFC 3629), and whether bytes are that.
import { ByteBuilder } from '../byte-builder.ts';
import { utf8Of } from '../bytes.ts';
import { PlainView } from './ascii-view.ts';
import { AsciiView, Charset, CharsetDecoder } from './charset.ts';

/** Tells whether bytes that come in pieces are UTF-8: no overlong form, no surrogate, nothing above U+10FFFF. */
export class Utf8Validator {
  private valid: boolean = true;
  private seenMultiByte: boolean = false;
  /** How many bytes the last character still wants, and how many of it there are. */
  private missing: i32 = 0;
  private present: i32 = 0;
  /** What the next byte may be. */
  private lowest: i32 = 0x80;
  private highest: i32 = 0xbf;

  /** Looks at bytes[from, to). @returns false once something was not valid */
  push(bytes: Uint8Array, from: i32, to: i32): boolean {
    let i = from;
    while (i < to && this.valid) {
      if (this.missing === 0) {
        while (i < to && bytes[i] < 0x80) i++;
        if (i < to) this.begin(bytes[i++]);
        continue;
      }
      const byte: i32 = bytes[i++];
      this.valid = byte >= this.lowest && byte <= this.highest;
      this.lowest = 0x80;
      this.highest = 0xbf;
      this.missing--;
      this.present++;
    }
    return this.valid;
  }

  /** All that was seen is whole characters. */
  get isWhole(): boolean {
    return this.valid && this.missing === 0;
  }

  /** How many bytes there are of a character that has not ended. */
  get unfinished(): i32 {
    return this.missing === 0 ? 0 : this.present;
  }

  /** Not ASCII alone: text in another charset would hardly look like this. */
  get hasMultiByte(): boolean {
    return this.seenMultiByte;
  }

  private begin(byte: i32): void {
    this.valid = byte >= 0xc2 && byte <= 0xf4;
    this.seenMultiByte = true;
    this.missing = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    this.present = 1;
    if (byte === 0xe0) this.lowest = 0xa0;
    else if (byte === 0xed) this.highest = 0x9f;
    else if (byte === 0xf0) this.lowest = 0x90;
    else if (byte === 0xf4) this.highest = 0x8f;
  }
}

export class Utf8 extends Charset {
  constructor() {
    super('utf-8', true, false, 1);
  }

  encode(text: string): Uint8Array | null {
    return utf8Of(text);
  }

  decoder(): CharsetDecoder | null {
    return new Utf8Decoder();
  }

  asciiView(): AsciiView {
    return new PlainView();
  }
}

class Utf8Decoder extends CharsetDecoder {
  private readonly validator: Utf8Validator = new Utf8Validator();
  /** The beginning of a character that was cut. */
  private readonly held: ByteBuilder = new ByteBuilder();

  decode(bytes: Uint8Array, from: i32, to: i32, into: ByteBuilder): boolean {
    if (!this.validator.push(bytes, from, to)) return false;
    const end = max(to - this.validator.unfinished, from);
    if (this.validator.unfinished <= to - from) {
      into.addRange(this.held.data, 0, this.held.length);
      this.held.clear();
      into.addRange(bytes, from, end);
    }
    this.held.addRange(bytes, end, to);
    return true;
  }

  end(_into: ByteBuilder): boolean {
    return this.validator.isWhole;
  }
}
