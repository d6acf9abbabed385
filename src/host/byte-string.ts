// Paths and addresses as Node has them, in UTF-16, and as the shared code has them, one character a byte.
import { type ByteString } from './files.ts';

/** The text's UTF-8. */
export function byteString(text: string): ByteString {
  return Buffer.from(text).toString('latin1');
}

/** What the bytes say in UTF-8; what is none becomes U+FFFD. */
export function textOfBytes(bytes: ByteString): string {
  return Buffer.from(bytes, 'latin1').toString();
}
