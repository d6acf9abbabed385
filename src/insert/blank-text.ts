// Whether a text shows anything.
import { isWithoutInk } from '../footer/visible.ts';
import { ByteBuilder } from '../mime/byte-builder.ts';
import { CharsetDecoder } from '../mime/charset/charset.ts';

/** Bytes that are decoded at a time: mostly the first few tell. */
const PIECE: i32 = 256;

/** Looks for the first character with ink in a text that comes in pieces. */
export class BlankText {
  private isBlankSoFar: boolean = true;
  private readonly characters: ByteBuilder = new ByteBuilder();
  /** UTF-8 that is cut: the code point so far, and how many bytes of it are missing. */
  private code: i32 = 0;
  private missing: i32 = 0;

  /** @param decoder the charset's; what it cannot read shows something */
  constructor(private readonly decoder: CharsetDecoder) {}

  /** White space and characters without ink alone, so far. */
  get isBlank(): boolean {
    return this.isBlankSoFar;
  }

  /** @param text its first `length` bytes are the next ones */
  push(text: Uint8Array, length: i32): void {
    for (let at = 0; at < length && this.isBlankSoFar; at += PIECE) {
      this.characters.clear();
      if (!this.decoder.decode(text, at, min(at + PIECE, length), this.characters)) this.isBlankSoFar = false;
      else this.look();
    }
  }

  /** The text ends here. */
  end(): void {
    if (!this.isBlankSoFar) return;
    this.characters.clear();
    if (this.decoder.end(this.characters)) this.look();
    else this.isBlankSoFar = false;
  }

  private look(): void {
    const utf8 = this.characters.data;
    for (let i = 0; i < this.characters.length && this.isBlankSoFar; i++) {
      const byte: i32 = utf8[i];
      if (byte >= 0xc0) {
        this.missing = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
        this.code = byte & (0x3f >> this.missing);
        continue;
      }
      if (byte < 0x80) this.code = byte;
      else {
        this.code = (this.code << 6) | (byte & 0x3f);
        if (--this.missing > 0) continue;
      }
      this.isBlankSoFar = isWithoutInk(this.code);
    }
  }
}
