/**
 * What an owner saved, as text. Footers are UTF-8 by rule, and in fact whatever an editor, a web form or a Windows
 * machine wrote: with a byte-order mark, with CRLF, in UTF-16, in Latin-1.
 */

/**
 * Decodes a file: by its byte-order mark, else as UTF-8, else as windows-1252 (which Latin-1 is a part of, and in
 * which no byte is invalid). Line ends of all kinds become `\n`; other control characters are dropped, as a mail
 * reader would show a box for them or, worse, obey them. Returns undefined for what is not text (it has NULs).
 */
export function decodeText(bytes: Uint8Array): string | undefined {
  const text = decodeUnicode(bytes) ?? decodeWindows1252(bytes);
  if (text.includes('\0')) return undefined;
  return text.replace(/\r\n?/g, '\n').replace(/[\u0001-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
}

function decodeUnicode(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return new TextDecoder('utf-16le').decode(bytePairsSwapped(bytes));
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function bytePairsSwapped(bytes: Uint8Array): Uint8Array {
  const swapped = bytes.slice();
  for (let index = 0; index + 1 < swapped.length; index += 2) {
    swapped[index] = bytes[index + 1]!;
    swapped[index + 1] = bytes[index]!;
  }
  return swapped;
}

/** Bytes 80 to 9F of windows-1252, as the WHATWG Encoding Standard has them; all others are their own code points. */
const WINDOWS_1252_HIGH =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
  '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';

/**
 * A table of 32 characters rather than TextDecoder's `windows-1252`: some releases of Node decode that label
 * as plain Latin-1 and lose the Euro sign and the quotes.
 */
function decodeWindows1252(bytes: Uint8Array): string {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const characters: string[] = [];
  for (const byte of hasMark ? bytes.subarray(3) : bytes) {
    characters.push(
      byte >= 0x80 && byte < 0xa0 ? WINDOWS_1252_HIGH[byte - 0x80]! : String.fromCharCode(byte),
    );
  }
  return characters.join('');
}
