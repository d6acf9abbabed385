// Files in base64 that people made.
import { EQUALS, isWhiteSpace } from '../mime/bytes.ts';

/**
 * What a text in base64 holds; null where it is none. Padding may be missing, line breaks may be anywhere, as they may for
 * altermime's `--disclaimer-b64`; with anything else that base64 does not have it is none.
 */
export function decodeBase64Text(text: string): Uint8Array | null {
  const decoded = new Uint8Array(text.length);
  let length = 0;
  let group = 0;
  /** Characters so far, and how many of them were padding. */
  let count = 0;
  let padding = 0;
  for (let i = 0; i < text.length; i++) {
    const code: i32 = text.charCodeAt(i);
    if (isWhiteSpace(code)) continue;
    count++;
    if (code === EQUALS) {
      padding++;
      continue;
    }
    const value = sextetOf(code);
    if (value < 0 || padding > 0) return null;
    group = (group << 6) | value;
    if (count % 4 !== 0) continue;
    decoded[length++] = u8(group >> 16);
    decoded[length++] = u8(group >> 8);
    decoded[length++] = u8(group);
    group = 0;
  }
  const rest = (count - padding) % 4;
  if (rest === 1 || padding > 2 || (padding > 0 && count % 4 !== 0)) return null;
  if (rest > 1) decoded[length++] = u8(rest === 2 ? group >> 4 : group >> 10);
  if (rest === 3) decoded[length++] = u8(group >> 2);
  return decoded.subarray(0, length);
}

/** RFC 4648 §4; -1 for what is not in its alphabet. */
function sextetOf(code: i32): i32 {
  if (code >= 0x41 && code <= 0x5a) return code - 0x41;
  if (code >= 0x61 && code <= 0x7a) return code - 0x61 + 26;
  if (code >= 0x30 && code <= 0x39) return code - 0x30 + 52;
  if (code === 0x2b) return 62;
  return code === 0x2f ? 63 : -1;
}
