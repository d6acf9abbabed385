// A text as ASCII with one byte for each code unit, however wide its charset is and whatever shifts it has.
import { LF } from '../bytes.ts';
import { AsciiView } from './charset.ts';

/** Stands for a code unit that is not ASCII: no letter, no blank, no `<`. */
const OTHER: i32 = 0x80;

/**
 * For charsets in which ASCII is itself. The second byte of a character may look like a letter or a bracket there
 * (Shift_JIS, Big5, GBK), never like a line end, a blank, a quote or what tags are made of.
 */
export class PlainView extends AsciiView {
  view(bytes: Uint8Array, from: i32, to: i32, into: Uint8Array): i32 {
    for (let i = from; i < to; i++) {
      const byte: i32 = bytes[i];
      into[i - from] = u8(byte < OTHER ? byte : OTHER);
    }
    return max(to - from, 0);
  }
}

/** For UTF-16 and UTF-32. */
export class WideView extends AsciiView {
  private value: i32 = 0;
  private read: i32 = 0;

  constructor(
    private readonly unit: i32,
    private readonly bigEndian: boolean,
  ) {
    super();
  }

  view(bytes: Uint8Array, from: i32, to: i32, into: Uint8Array): i32 {
    let count = 0;
    for (let i = from; i < to; i++) {
      const shift = 8 * (this.bigEndian ? this.unit - 1 - this.read : this.read);
      this.value |= i32(bytes[i]) << shift;
      if (++this.read < this.unit) continue;
      // Unsigned: the highest bit of a unit that is no character may be set.
      into[count++] = u8(this.value >= 0 && this.value < OTHER ? this.value : OTHER);
      this.value = 0;
      this.read = 0;
    }
    return count;
  }
}

/** What a charset that shifts is in, or in the middle of. */
enum Mode {
  Ascii,
  Shifted,
  Escape,
  EscapeParenthesis,
  EscapeDollar,
  Tilde,
}

const ESC: i32 = 0x1b;
const SHIFT_OUT: i32 = 0x0e;
const SHIFT_IN: i32 = 0x0f;
const TILDE: i32 = 0x7e;

/** Each byte is a code unit; a line end leads back to ASCII, as most readers have it. */
abstract class ShiftingView extends AsciiView {
  protected mode: Mode = Mode.Ascii;

  view(bytes: Uint8Array, from: i32, to: i32, into: Uint8Array): i32 {
    for (let i = from; i < to; i++) {
      const byte: i32 = bytes[i];
      if (byte === LF) this.mode = Mode.Ascii;
      const isAscii = byte === LF || this.isAscii(byte);
      into[i - from] = u8(isAscii ? byte : OTHER);
    }
    return max(to - from, 0);
  }

  /** Whether the byte stands for itself; what it does to the mode is done. */
  protected abstract isAscii(byte: i32): boolean;
}

/** Between `ESC $ …` and `ESC ( B`, bytes that look like ASCII are halves of other characters (RFC 1468). */
export class Iso2022JpView extends ShiftingView {
  protected isAscii(byte: i32): boolean {
    if (byte === ESC) this.mode = Mode.Escape;
    else if (this.mode === Mode.Ascii) return byte < OTHER;
    else if (this.mode === Mode.Escape) {
      this.mode = byte === 0x24 ? Mode.EscapeDollar : byte === 0x28 ? Mode.EscapeParenthesis : Mode.Ascii;
    } else if (this.mode === Mode.EscapeParenthesis) {
      this.mode = byte === 0x42 || byte === 0x4a ? Mode.Ascii : Mode.Shifted;
    } else if (this.mode === Mode.EscapeDollar && (byte < 0x28 || byte > 0x2f)) this.mode = Mode.Shifted;
    return false;
  }
}

/** Between SO and SI there is Korean; `ESC $ ) C` says so at the text's beginning (RFC 1557). */
export class Iso2022KrView extends ShiftingView {
  protected isAscii(byte: i32): boolean {
    if (byte === SHIFT_OUT) this.mode = Mode.Shifted;
    else if (byte === SHIFT_IN) this.mode = Mode.Ascii;
    else if (this.mode === Mode.Shifted) return false;
    else if (byte === ESC) this.mode = Mode.Escape;
    else if (this.mode === Mode.Ascii) return byte < OTHER;
    else if (this.mode === Mode.Escape && byte === 0x24) this.mode = Mode.EscapeDollar;
    // The designator's last byte: `)` and what else stands between are below it.
    else if (byte > 0x2f || this.mode === Mode.Escape) this.mode = Mode.Ascii;
    return false;
  }
}

/** Between `~{` and `~}` there is Chinese, and `~~` is a tilde (RFC 1843). */
export class HzView extends ShiftingView {
  private wasShifted: boolean = false;

  protected isAscii(byte: i32): boolean {
    if (this.mode === Mode.Tilde) {
      if (byte === 0x7b) this.mode = Mode.Shifted;
      else if (byte === 0x7d) this.mode = Mode.Ascii;
      else this.mode = this.wasShifted ? Mode.Shifted : Mode.Ascii;
      return false;
    }
    if (byte === TILDE) {
      this.wasShifted = this.mode === Mode.Shifted;
      this.mode = Mode.Tilde;
      return false;
    }
    return this.mode === Mode.Ascii && byte < OTHER;
  }
}
