// ISO-2022-JP (RFC 1468), and what it is called with additions: seven bits, with escape sequences between the tables.
import { ByteBuilder } from '../byte-builder.ts';
import { lastIndexOf } from '../bytes.ts';
import { Iso2022JpView } from './ascii-view.ts';
import { AsciiView, Charset, CharsetDecoder } from './charset.ts';
import { codePointAt, unitsOf } from './code-points.ts';
import { EncodingIndex } from './encoding-index.ts';
import { FIRST_KATAKANA, jis0208Index, jis0208Pointer } from './jis.ts';
import { BlockDecoder } from './multi-byte.ts';

const ESC: i32 = 0x1b;
const SHIFT_OUT: i32 = 0x0e;
const SHIFT_IN: i32 = 0x0f;

const TO_ASCII = '\x1b(B';
const TO_JIS0208 = '\x1b$B';

export class Iso2022Jp extends Charset {
  constructor() {
    super('iso-2022-jp', true, true, 1);
  }

  /** JIS X 0208 alone: half-width katakana has no place here, and JIS X 0212 only in an extension. */
  encode(text: string): Uint8Array | null {
    const bytes = new ByteBuilder();
    let isShifted = false;
    for (let i = 0; i < text.length; ) {
      const point = codePointAt(text, i);
      i += unitsOf(point);
      const isAscii = point < 0x80;
      const pointer = isAscii ? 0 : jis0208Pointer(point);
      if (pointer < 0 || isControl(point)) return null;
      if (isAscii === isShifted) {
        bytes.addText(isAscii ? TO_ASCII : TO_JIS0208);
        isShifted = !isAscii;
      }
      if (isAscii) bytes.add(point);
      else {
        bytes.add(0x21 + i32(pointer / 94));
        bytes.add(0x21 + (pointer % 94));
      }
    }
    if (isShifted) bytes.addText(TO_ASCII);
    return bytes.bytes();
  }

  decoder(): CharsetDecoder | null {
    return new Iso2022JpDecoder();
  }

  asciiView(): AsciiView {
    return new Iso2022JpView();
  }

  /**
   * RFC 1468 has every text end in ASCII, but mailers forget, and readers differ on whether a line end leads back, too.
   * JIS X 0201's Latin letters are as good as ASCII.
   */
  override resetAfter(text: Uint8Array): Uint8Array {
    const reset = new ByteBuilder();
    const last = lastIndexOf(text, ESC, 0, text.length);
    if (last >= 0) {
      const isBack =
        last + 2 < text.length &&
        text[last + 1] === 0x28 &&
        (text[last + 2] === 0x42 || text[last + 2] === 0x4a);
      if (!isBack) reset.addText(TO_ASCII);
    }
    return reset.bytes();
  }
}

/** What would shift, and can stand for nothing else. */
function isControl(point: i32): boolean {
  return point === ESC || point === SHIFT_OUT || point === SHIFT_IN;
}

enum Table {
  Ascii,
  Roman,
  Katakana,
  Jis0208,
}

class Iso2022JpDecoder extends BlockDecoder {
  private readonly index: EncodingIndex = jis0208Index();
  private table: Table = Table.Ascii;
  private lead: i32 = 0;
  /** The last byte of an escape sequence that has not ended: ESC, `(` or `$`; 0 where there is none. */
  private escape: i32 = 0;
  /** An escape sequence right after another hides what a reader sees from one that looks for it: invalid. */
  private wasEscape: boolean = false;

  protected mayEnd(): boolean {
    return this.escape === 0 && this.lead === 0 && (this.table === Table.Ascii || this.table === Table.Roman);
  }

  protected take(byte: i32): boolean {
    if (this.escape !== 0) return this.takeEscape(byte);
    if (byte === ESC) {
      this.escape = byte;
      return this.lead === 0;
    }
    this.wasEscape = false;
    switch (this.table) {
      case Table.Katakana:
        return byte >= 0x21 && byte <= 0x5f && this.put(FIRST_KATAKANA + byte - 0x21);
      case Table.Jis0208:
        return byte >= 0x21 && byte <= 0x7e && this.takeJis0208(byte);
      default:
        if (byte > 0x7f || isControl(byte)) return false;
        if (this.table === Table.Roman && byte === 0x5c) return this.put(0xa5);
        if (this.table === Table.Roman && byte === 0x7e) return this.put(0x203e);
        return this.putAscii(byte);
    }
  }

  private takeJis0208(byte: i32): boolean {
    if (this.lead === 0) {
      this.lead = byte;
      return true;
    }
    const pointer = (this.lead - 0x21) * 94 + byte - 0x21;
    this.lead = 0;
    return this.put(this.index.code(pointer));
  }

  private takeEscape(byte: i32): boolean {
    const before = this.escape;
    this.escape = byte;
    if (before === ESC) return byte === 0x24 || byte === 0x28;
    this.escape = 0;
    if (this.wasEscape) return false;
    this.wasEscape = true;
    if (before === 0x24) {
      this.table = Table.Jis0208;
      return byte === 0x40 || byte === 0x42;
    }
    this.table = byte === 0x42 ? Table.Ascii : byte === 0x4a ? Table.Roman : Table.Katakana;
    return byte === 0x42 || byte === 0x4a || byte === 0x49;
  }
}
