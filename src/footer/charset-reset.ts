import { fromLatin1, NO_BYTES } from '../mime/bytes.ts';
import type { Charset } from '../mime/charset.ts';

/**
 * What leads back to ASCII where the text before the footer is still shifted; mostly nothing. RFC 1468 has every text
 * end in ASCII, but mailers forget, and readers differ on whether a line end leads back, too.
 * @param before the end of the text, as it is encoded in the charset
 */
export function charsetReset(charset: Charset, before: Uint8Array): Uint8Array {
  if (!charset.name.startsWith('iso-2022-')) return NO_BYTES;
  const at = before.lastIndexOf(0x1b);
  const isAscii = at < 0 || (before[at + 1] === 0x28 && (before[at + 2] === 0x42 || before[at + 2] === 0x4a));
  return isAscii ? NO_BYTES : fromLatin1('\x1b(B');
}
