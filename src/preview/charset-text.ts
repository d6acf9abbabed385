import { ByteBuilder } from '../mime/byte-builder.ts';
import { charsetByMark, charsetNamed, needsByteOrderMark } from '../mime/charset/charsets.ts';

/**
 * Text as well as it goes: a reader shows something in any case.
 *
 * @param label as the message names the charset; '' where it names none
 * @param isCut the bytes are the beginning of a text, and may end inside a character
 */
export function charsetText(bytes: Uint8Array, label: string, isCut = false): string {
  const charset = needsByteOrderMark(label) ? charsetByMark(label, bytes) : charsetNamed(label || 'utf-8');
  const decoder = charset?.decoder() ?? null;
  const utf8 = new ByteBuilder();
  const isCertain = decoder?.decode(bytes, 0, bytes.length, utf8) === true && (isCut || decoder.end(utf8));
  if (isCertain) return new TextDecoder().decode(utf8.bytes());
  try {
    return new TextDecoder(label || 'utf-8').decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}
