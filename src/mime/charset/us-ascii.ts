// US-ASCII, which is also what a text without a label is.
import { ByteBuilder } from '../byte-builder.ts';
import { isAscii } from '../bytes.ts';
import { PlainView } from './ascii-view.ts';
import { AsciiView, Charset, CharsetDecoder } from './charset.ts';

export class UsAscii extends Charset {
  constructor() {
    super('us-ascii', true, true, 1);
  }

  override get isSingleByte(): boolean {
    return true;
  }

  encode(text: string): Uint8Array | null {
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) {
      if (text.charCodeAt(i) > 0x7f) return null;
      bytes[i] = u8(text.charCodeAt(i));
    }
    return bytes;
  }

  decoder(): CharsetDecoder | null {
    return new AsciiDecoder();
  }

  asciiView(): AsciiView {
    return new PlainView();
  }
}

class AsciiDecoder extends CharsetDecoder {
  decode(bytes: Uint8Array, from: i32, to: i32, into: ByteBuilder): boolean {
    if (!isAscii(bytes, from, to)) return false;
    into.addRange(bytes, from, to);
    return true;
  }

  end(_into: ByteBuilder): boolean {
    return true;
  }
}
