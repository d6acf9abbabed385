/** Bytes that the mail formats are made of, by their names in RFC 5234. */
export const HTAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SP = 0x20;
export const DASH = 0x2d;
export const COLON = 0x3a;
export const EQUALS = 0x3d;

export const NO_BYTES: Uint8Array = new Uint8Array(0);

/**
 * A Buffer over the same memory: its `indexOf` and `toString` run native code, several times as fast as the
 * loops that a plain Uint8Array would need.
 */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The bytes as characters U+0000 to U+00FF, one for one: offsets in the string are offsets in the bytes. */
export function latin1(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('latin1');
}

/** The characters U+0000 to U+00FF as bytes, one for one. */
export function fromLatin1(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

/** A copy that stays valid after the caller's buffer is filled anew. */
export function copyOf(bytes: Uint8Array): Uint8Array {
  return Buffer.from(bytes);
}

export function isAscii(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i]! > 0x7f) return false;
  return true;
}

/**
 * The text without spaces, tabs and line ends at its end. A loop, because `/[ \t]+$/` takes quadratic time on a
 * long run of blanks in the middle, and because `trimEnd` also takes U+00A0, which here is any byte 0xA0.
 */
export function withoutTrailingBlanks(text: string): string {
  let end = text.length;
  while (end > 0 && ' \t\r\n'.includes(text[end - 1]!)) end--;
  return text.slice(0, end);
}
