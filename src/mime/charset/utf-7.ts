// UTF-7 (RFC 2152). It is only ever added to, at the end of a text, where its first state holds.
import { ByteBuilder } from '../byte-builder.ts';
import { PlainView } from './ascii-view.ts';
import { AsciiView, Charset, CharsetDecoder } from './charset.ts';

const PLUS: i32 = 0x2b;
const MINUS: i32 = 0x2d;
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export class Utf7 extends Charset {
  constructor() {
    super('utf-7', true, true, 1);
  }

  encode(text: string): Uint8Array | null {
    const bytes = new ByteBuilder();
    for (let i = 0; i < text.length; ) {
      if (text.charCodeAt(i) > 0x7f) i = addShifted(text, i, bytes);
      else {
        bytes.add(text.charCodeAt(i));
        if (text.charCodeAt(i) === PLUS) bytes.add(MINUS);
        i++;
      }
    }
    return bytes.bytes();
  }

  decoder(): CharsetDecoder | null {
    return null;
  }

  asciiView(): AsciiView {
    return new PlainView();
  }
}

/** The UTF-16 units that are not ASCII, from `start` on, in base64 without padding. @returns where they end */
function addShifted(text: string, start: i32, into: ByteBuilder): i32 {
  into.add(PLUS);
  let bits = 0;
  let count = 0;
  let i = start;
  while (i < text.length && text.charCodeAt(i) > 0x7f) {
    bits = (bits << 16) | text.charCodeAt(i++);
    count += 16;
    while (count >= 6) {
      count -= 6;
      into.add(BASE64.charCodeAt((bits >> count) & 0x3f));
    }
    bits &= (1 << count) - 1;
  }
  if (count > 0) into.add(BASE64.charCodeAt((bits << (6 - count)) & 0x3f));
  into.add(MINUS);
  return i;
}
