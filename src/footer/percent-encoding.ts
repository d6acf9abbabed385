// Percent-encoding (RFC 3986 §2.1).
import { decodeUtf8, utf8Of } from '../mime/bytes.ts';
import { TextBuilder } from './text-builder.ts';
import { isAsciiDigit, isAsciiLetter } from './unicode.ts';

const HEX: string = '0123456789ABCDEF';

/** A character (a code unit that is no surrogate) in UTF-8, each byte as `%XX`. */
export function percentEncoded(code: i32): string {
  const text = new TextBuilder();
  const bytes = utf8Of(String.fromCharCode(code));
  for (let i = 0; i < bytes.length; i++) {
    text.add(0x25);
    text.add(HEX.charCodeAt(bytes[i] >> 4));
    text.add(HEX.charCodeAt(bytes[i] & 0x0f));
  }
  return text.text();
}

/** The text with what is percent-encoded decoded; null where that is no UTF-8 or a `%` begins nothing. */
export function percentDecoded(text: string): string | null {
  if (!text.includes('%')) return text;
  const bytes = utf8Of(text);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    let byte: i32 = bytes[i];
    if (byte === 0x25) {
      const high = i + 2 < bytes.length ? hexDigit(bytes[i + 1]) : -1;
      const low = i + 2 < bytes.length ? hexDigit(bytes[i + 2]) : -1;
      if (high < 0 || low < 0) return null;
      byte = high * 16 + low;
      i += 2;
    }
    bytes[length++] = u8(byte);
  }
  return decodeUtf8(bytes.subarray(0, length));
}

function hexDigit(code: i32): i32 {
  if (isAsciiDigit(code)) return code - 0x30;
  return isAsciiLetter(code) && (code | 0x20) <= 0x66 ? (code | 0x20) - 0x61 + 10 : -1;
}
