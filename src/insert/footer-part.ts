// The footer as a part of its own: a header, a blank line and the text.
import { ByteBuilder } from '../mime/byte-builder.ts';
import { bytesOf, utf8Of } from '../mime/bytes.ts';
import { US_ASCII } from '../mime/charset/charsets.ts';
import { encoderOf } from '../mime/encoding/coding-of.ts';
import { TransferEncoding } from '../mime/encoding/transfer-encoding.ts';
import { Follower } from '../mime/part.ts';
import { ComposedFooters } from './composed-footers.ts';
import { FooterKind } from './outcome.ts';
import { TextFormat } from './text-format.ts';
import { UnencodedLines } from './unencoded-lines.ts';

/**
 * The part with the delimiter line before it, to be put into a multipart after one of its parts: before the delimiter
 * that comes next, whose line end belongs to what is before it.
 * @param boundary the multipart's
 * @param follower what comes next
 * @param lineEnd the message's
 */
export function ownPartBytes(
  kind: FooterKind,
  footers: ComposedFooters,
  lineEnd: string,
  boundary: Uint8Array,
  follower: Follower,
): Uint8Array {
  const bytes = new ByteBuilder();
  if (follower !== Follower.BareDelimiter) bytes.addText(lineEnd);
  bytes.addText('--');
  bytes.addBytes(boundary);
  bytes.addText(lineEnd);
  bytes.addBytes(footerPart(kind, footers, lineEnd));
  if (follower !== Follower.Delimiter) bytes.addText(lineEnd);
  return bytes.bytes();
}

/**
 * The part alone, without a line end at its end. It is 7-bit whatever the footer holds, and no line of it is a delimiter.
 * The text is as it would be in a post's own part, so that a second pass finds it there.
 * @param lineEnd the message's
 */
export function footerPart(kind: FooterKind, footers: ComposedFooters, lineEnd: string): Uint8Array {
  if (kind === FooterKind.Html) {
    const html = footers.htmlInAscii(TransferEncoding.SevenBit);
    return asciiPart('text/html', html, footers.htmlInAscii(TransferEncoding.QuotedPrintable), lineEnd);
  }
  const text = footers.pair.text;
  if (!footers.isAscii) return unicodePart(text, lineEnd);
  const folded = footers.text(new TextFormat(false, true), US_ASCII);
  return asciiPart('text/plain', folded, text, lineEnd);
}

/** @param text, lines the same, with lines that are short enough to go unencoded */
function asciiPart(type: string, lines: string, text: string, lineEnd: string): Uint8Array {
  const bytes = bytesOf(lines);
  const unencoded = new UnencodedLines();
  unencoded.push(bytes, bytes.length);
  if (unencoded.hasDashedLine) {
    const quoted = encoded(text, TransferEncoding.QuotedPrintable, lineEnd, lineEnd);
    return part(type, 'us-ascii', 'quoted-printable', quoted, lineEnd);
  }
  return part(type, 'us-ascii', '7bit', bytesOf(lines.replaceAll('\n', lineEnd)), lineEnd);
}

/** Quoted-printable stays readable in the raw message; base64 is for scripts in which nothing would be. */
function unicodePart(text: string, lineEnd: string): Uint8Array {
  const quoted = encoded(text, TransferEncoding.QuotedPrintable, lineEnd, lineEnd);
  const base64 = encoded(text, TransferEncoding.Base64, '\r\n', lineEnd);
  return quoted.length <= 1.5 * base64.length
    ? part('text/plain', 'utf-8', 'quoted-printable', quoted, lineEnd)
    : part('text/plain', 'utf-8', 'base64', base64, lineEnd);
}

/** @param textLineEnd the text's own, @param lineEnd the message's */
function encoded(text: string, encoding: TransferEncoding, textLineEnd: string, lineEnd: string): Uint8Array {
  const bytes = utf8Of(text.replaceAll('\n', textLineEnd));
  const encoder = encoderOf(encoding, lineEnd);
  const content = new ByteBuilder();
  encoder.write(bytes, 0, bytes.length, content);
  encoder.end(content);
  return content.bytes();
}

/** `inline` keeps most readers from showing it as an attachment (RFC 2183 §2.1). */
function part(
  type: string,
  charset: string,
  encoding: string,
  content: Uint8Array,
  lineEnd: string,
): Uint8Array {
  const bytes = new ByteBuilder();
  bytes.addText(`Content-Type: ${type}; charset=${charset}${lineEnd}`);
  bytes.addText(`Content-Transfer-Encoding: ${encoding}${lineEnd}`);
  bytes.addText(`Content-Disposition: inline${lineEnd}`);
  bytes.addText(lineEnd);
  bytes.addBytes(content);
  return bytes.bytes();
}
