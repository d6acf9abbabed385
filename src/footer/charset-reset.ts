import { fromLatin1, NO_BYTES } from '../mime/bytes.ts';
import { type Charset, endsShifted } from '../mime/charset.ts';

/** To ASCII (RFC 1468). */
export const TO_ASCII = '\x1b(B';

/**
 * What leads back to ASCII where the text before the footer is still shifted; mostly nothing. RFC 1468 has every text
 * end in ASCII, but mailers forget, and readers differ on whether a line end leads back, too.
 * @param before the end of the text, as it is encoded in the charset
 */
export function charsetReset(charset: Charset, before: Uint8Array): Uint8Array {
  if (!charset.name.startsWith('iso-2022-')) return NO_BYTES;
  return endsShifted(before) ? fromLatin1(TO_ASCII) : NO_BYTES;
}
