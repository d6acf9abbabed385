// What an owner saved, as text. Footers are UTF-8 by rule, and in fact whatever an editor, a web form or a Windows
// machine wrote: with a byte order mark, with CRLF, in UTF-16, in Latin-1.
import { CR, decodeUtf8, HTAB, LF } from '../mime/bytes.ts';
import { TextBuilder } from './text-builder.ts';
import { windows1252 } from './windows-1252.ts';

/**
 * Decodes a file: by its byte order mark, else as UTF-8, else as windows-1252 (which Latin-1 is a part of, and in
 * which no byte is invalid). Line ends of all kinds become `\n`; other control characters are dropped, as a mail
 * reader would show a box for them or, worse, obey them.
 * @returns null for what is not text: it has NULs
 */
export function decodeText(bytes: Uint8Array): string | null {
  const text = decode(bytes);
  return text.includes('\0') ? null : cleanText(text);
}

/** A text with line ends of one kind and without other control characters than tabs. */
export function cleanText(text: string): string {
  for (let i = 0; i < text.length; i++) {
    const code: i32 = text.charCodeAt(i);
    if (code !== LF && code !== HTAB && isControl(code)) return withoutControls(text);
  }
  return text;
}

function decode(bytes: Uint8Array): string {
  if (startsWith(bytes, 0xff, 0xfe)) return decodeUtf16(bytes, 0, 1);
  if (startsWith(bytes, 0xfe, 0xff)) return decodeUtf16(bytes, 1, 0);
  const hasMark = startsWith(bytes, 0xef, 0xbb) && bytes.length > 2 && bytes[2] === 0xbf;
  const content = hasMark ? bytes.subarray(3) : bytes;
  const text = decodeUtf8(content);
  return text !== null ? text : decodeWindows1252(content);
}

function startsWith(bytes: Uint8Array, first: i32, second: i32): boolean {
  return bytes.length > 1 && bytes[0] === first && bytes[1] === second;
}

/**
 * What follows the mark. Halves of a surrogate pair without the other one, and a last odd byte, become U+FFFD.
 * @param low where in a pair of bytes the low one stands
 */
function decodeUtf16(bytes: Uint8Array, low: i32, high: i32): string {
  const text = new TextBuilder(bytes.length >> 1);
  let at = 2;
  while (at + 1 < bytes.length) {
    const unit = (i32(bytes[at + high]) << 8) | bytes[at + low];
    at += 2;
    if (unit < 0xd800 || unit > 0xdfff) {
      text.add(unit);
      continue;
    }
    const isCut = at + 1 >= bytes.length;
    const next = isCut ? 0 : (i32(bytes[at + high]) << 8) | bytes[at + low];
    if (unit > 0xdbff || next < 0xdc00 || next > 0xdfff) {
      text.add(0xfffd);
      // A last odd byte after half a pair belongs to the same character.
      if (isCut && unit <= 0xdbff) return text.text();
    } else {
      text.add(unit);
      text.add(next);
      at += 2;
    }
  }
  if (at < bytes.length) text.add(0xfffd);
  return text.text();
}

function decodeWindows1252(bytes: Uint8Array): string {
  const text = new TextBuilder(bytes.length);
  for (let i = 0; i < bytes.length; i++) text.add(windows1252(bytes[i]));
  return text.text();
}

function withoutControls(text: string): string {
  const kept = new TextBuilder(text.length);
  for (let i = 0; i < text.length; i++) {
    const code: i32 = text.charCodeAt(i);
    if (code === CR) {
      if (i + 1 === text.length || text.charCodeAt(i + 1) !== LF) kept.add(LF);
    } else if (code === HTAB || code === LF || !isControl(code)) kept.add(code);
  }
  return kept.text();
}

/** Unicode's general category Cc. */
function isControl(code: i32): boolean {
  return code < 0x20 || (code >= 0x7f && code <= 0x9f);
}
