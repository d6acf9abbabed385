/**
 * What an owner saved, as text. Footers are UTF-8 by rule, and in fact whatever an editor, a web form or a Windows
 * machine wrote: with a byte-order mark, with CRLF, in UTF-16, in Latin-1.
 */
import { WINDOWS_1252_C1 } from '../mime/windows-1252.ts';

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

function decodeWindows1252(bytes: Uint8Array): string {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const characters: string[] = [];
  for (const byte of hasMark ? bytes.subarray(3) : bytes) {
    characters.push(byte >= 0x80 && byte < 0xa0 ? WINDOWS_1252_C1[byte - 0x80]! : String.fromCharCode(byte));
  }
  return characters.join('');
}
