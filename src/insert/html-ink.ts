// Whether text between tags shows anything: character references that stand for blanks show nothing.
import { showsSomething } from '../footer/visible.ts';
import { isHtmlBlank } from '../html/tokenizer.ts';
import { ByteBuilder } from '../mime/byte-builder.ts';
import { latin1 } from '../mime/bytes.ts';

const AMPERSAND: i32 = 0x26;
const SEMICOLON: i32 = 0x3b;
const HASH: i32 = 0x23;

/** Longer than any name of a character reference. */
const REFERENCE_LIMIT: i32 = 40;

/** The one that mail is full of: what is known of it need not be looked up. */
const NBSP: string = '&nbsp;';

/** Takes text in pieces: a reference may be cut. */
export class InkReader {
  /** The piece that was read last has something beyond ASCII. */
  sawOther: boolean = false;

  /** A reference has begun and may go on. */
  isPending: boolean = false;
  private readonly reference: ByteBuilder = new ByteBuilder();

  /** @returns whether there is ink in ASCII; then the rest of the piece has not been read */
  read(units: Uint8Array, from: i32, to: i32): boolean {
    this.sawOther = false;
    for (let i = from; i < to; i++) {
      const byte: i32 = units[i];
      if (this.isPending) {
        if (this.goesOn(byte)) continue;
        const isWhole = byte === SEMICOLON;
        if (isWhole) this.reference.add(byte);
        if (this.end()) return true;
        if (isWhole) continue;
      }
      if (byte === AMPERSAND) {
        this.reference.add(byte);
        this.isPending = true;
      } else if (byte >= 0x80) this.sawOther = true;
      else if (!isHtmlBlank(byte)) return true;
    }
    return false;
  }

  /** The text has ended. @returns whether what is pending is ink */
  end(): boolean {
    const isInk = !this.isNbsp() && showsSomething(latin1(this.reference.data, 0, this.reference.length));
    this.reference.clear();
    this.isPending = false;
    return isInk;
  }

  private goesOn(byte: i32): boolean {
    const lower = byte | 0x20;
    const isPart = (lower >= 0x61 && lower <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === HASH;
    if (!isPart || this.reference.length === REFERENCE_LIMIT) return false;
    this.reference.add(byte);
    return true;
  }

  private isNbsp(): boolean {
    if (this.reference.length !== NBSP.length) return false;
    for (let i = 0; i < NBSP.length; i++) if (this.reference.data[i] !== NBSP.charCodeAt(i)) return false;
    return true;
  }
}
