// Which code reads and writes a transfer encoding.
import { Part } from '../part.ts';
import { Window } from '../window.ts';
import { Base64Decoder, Base64Encoder } from './base64.ts';
import { Base64Coding } from './base64-coding.ts';
import { Decoder } from './decoder.ts';
import { IdentityCoding, IdentityDecoder, IdentityEncoder } from './identity.ts';
import { QuotedPrintableDecoder, QuotedPrintableEncoder } from './quoted-printable.ts';
import { QuotedPrintableCoding } from './quoted-printable-coding.ts';
import { ContentEncoder, TransferCoding } from './transfer-coding.ts';
import { TransferEncoding } from './transfer-encoding.ts';

/**
 * How the content of a part is read and added to; null where its encoding is unknown.
 * @param part complete: its header and its end are known
 * @param lineEnd the message's
 */
export function codingOf(part: Part, window: Window, lineEnd: string): TransferCoding | null {
  const header = part.header;
  return header === null
    ? null
    : codingOfContent(header.transferEncoding, window, part.bodyStart, part.bodyEnd, lineEnd);
}

/** The same for content between two offsets of a message. */
export function codingOfContent(
  encoding: TransferEncoding,
  window: Window,
  start: number,
  end: number,
  lineEnd: string,
): TransferCoding | null {
  switch (encoding) {
    case TransferEncoding.QuotedPrintable:
      return new QuotedPrintableCoding(window, start, end, lineEnd);
    case TransferEncoding.Base64:
      return new Base64Coding(window, start, end, lineEnd);
    case TransferEncoding.Unknown:
      return null;
    default:
      return new IdentityCoding(window, start, end, lineEnd);
  }
}

/**
 * Reads content that is to be written anew: what a quoted-printable decoder has to drop is dropped. The encoding is known.
 * @param start where the content begins in the message, @param end where it ends
 */
export function recodingDecoder(
  encoding: TransferEncoding,
  window: Window,
  start: number,
  end: number,
): Decoder {
  if (encoding === TransferEncoding.QuotedPrintable)
    return new QuotedPrintableDecoder(window, start, end, true);
  if (encoding === TransferEncoding.Base64) return new Base64Decoder(window, start, end);
  return new IdentityDecoder(window, start, end);
}

/**
 * Writes the whole content of a part. The last line of base64 has no line end; the other encodings end as the content does.
 * @param lineEnd the message's
 */
export function encoderOf(encoding: TransferEncoding, lineEnd: string): ContentEncoder {
  if (encoding === TransferEncoding.QuotedPrintable) return new QuotedPrintableEncoder(lineEnd);
  if (encoding === TransferEncoding.Base64) return new Base64Encoder(lineEnd);
  return new IdentityEncoder();
}
