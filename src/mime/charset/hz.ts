// HZ (RFC 1843): GB 2312 in seven bits, between `~{` and `~}`.
import { ByteBuilder } from '../byte-builder.ts';
import { LF, lastIndexOf } from '../bytes.ts';
import { HzView } from './ascii-view.ts';
import { AsciiView, Charset, CharsetDecoder } from './charset.ts';
import { EncodingIndex } from './encoding-index.ts';
import { gb18030Index } from './gb18030.ts';
import { BlockDecoder } from './multi-byte.ts';

const TILDE: i32 = 0x7e;
const TO_CHINESE: i32 = 0x7b;
const TO_ASCII: i32 = 0x7d;

export class Hz extends Charset {
  constructor() {
    super('hz-gb-2312', true, true, 1);
  }

  /** ASCII alone: what else there is to write becomes UTF-8, which every reader of today knows. */
  encode(text: string): Uint8Array | null {
    const bytes = new ByteBuilder();
    for (let i = 0; i < text.length; i++) {
      const unit: i32 = text.charCodeAt(i);
      if (unit > 0x7f) return null;
      bytes.add(unit);
      if (unit === TILDE) bytes.add(unit);
    }
    return bytes.bytes();
  }

  decoder(): CharsetDecoder | null {
    return new HzDecoder();
  }

  asciiView(): AsciiView {
    return new HzView();
  }

  /** Readers have a line begin in ASCII, and show `~}` where they are there already: the last line alone counts. */
  override resetAfter(text: Uint8Array): Uint8Array {
    const reset = new ByteBuilder();
    let isShifted = false;
    for (let i = lastIndexOf(text, LF, 0, text.length) + 1; i + 1 < text.length; i++) {
      if (text[i] !== TILDE) continue;
      if (text[i + 1] === TO_CHINESE) isShifted = true;
      else if (text[i + 1] === TO_ASCII) isShifted = false;
      i++;
    }
    if (isShifted) reset.addText('~}');
    return reset.bytes();
  }
}

class HzDecoder extends BlockDecoder {
  private readonly index: EncodingIndex = gb18030Index();
  private isShifted: boolean = false;
  private isTilde: boolean = false;
  private lead: i32 = 0;

  protected mayEnd(): boolean {
    return !this.isShifted && !this.isTilde;
  }

  protected take(byte: i32): boolean {
    if (this.isTilde) {
      this.isTilde = false;
      return this.takeEscape(byte);
    }
    if (byte === TILDE && this.lead === 0) {
      this.isTilde = true;
      return true;
    }
    return this.isShifted ? this.takeShifted(byte) : byte < 0x80 && this.putAscii(byte);
  }

  /** `~` and a line end stand for nothing: the line goes on. */
  private takeEscape(byte: i32): boolean {
    if (this.isShifted) {
      this.isShifted = false;
      return byte === TO_ASCII;
    }
    if (byte === TILDE) return this.putAscii(byte);
    this.isShifted = byte === TO_CHINESE;
    return byte === TO_CHINESE || byte === LF;
  }

  private takeShifted(byte: i32): boolean {
    if (byte < 0x21 || byte > 0x7e) return false;
    if (this.lead === 0) {
      this.lead = byte;
      return byte <= 0x77;
    }
    const pointer = (this.lead + 0x80 - 0x81) * 190 + byte + 0x80 - 0x41;
    this.lead = 0;
    return this.put(this.index.code(pointer));
  }
}
