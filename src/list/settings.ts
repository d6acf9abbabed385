// A list's tunables beside its footers.
import { ATTACHMENT_ONLY_WORDS, PlacementOptions, SIGNED_MAIL_WORDS } from '../footer/options.ts';
import { Files } from '../host/files.ts';
import { asciiLower, DASH, lowerCase } from '../mime/bytes.ts';
import { firstLine, readControl } from './control.ts';
import { List } from './list.ts';

/**
 * `control/amime-signed` (`skip` or `wrap`) and `control/amime-attachment-only` (`part` or `skip`); the first line counts,
 * in any case. A missing or unreadable file and an unknown word mean the default: an option is never worth a mail.
 */
export function readPlacementOptions(list: List, files: Files): PlacementOptions {
  const options = new PlacementOptions();
  options.signed = chosen(list, 'amime-signed', SIGNED_MAIL_WORDS, files);
  options.attachmentOnly = chosen(list, 'amime-attachment-only', ATTACHMENT_ONLY_WORDS, files);
  return options;
}

/**
 * Bytes that a post may have when it is handed over, Infinity where there is no limit. mlmmj denies or discards what is
 * larger than `control/maxmailsize`, and looks only after it has put in its own header fields and footer.
 */
export function readSizeLimit(list: List, files: Files): number {
  const content = readControl(list.directory, 'maxmailsize', files).bytes;
  // mlmmj 1.3.0 takes an empty file for a missing one, and a line without a number for 0.
  if (content === null || content.length === 0) return Infinity;
  const limit = leadingNumber(firstLine(content));
  return limit === Infinity ? limit : limit - addedByMlmmj(list, files);
}

/** `control/amime-language`: what language the footers are in (RFC 5646), in the first line; '' where that is not known. */
export function readLanguage(list: List, files: Files): string {
  const content = readControl(list.directory, 'amime-language', files).bytes;
  const tag = content === null ? '' : firstLine(content);
  return isLanguageTag(tag) ? tag : '';
}

/** Characters. RFC 5646 §4.4.1 asks for 35. */
const LANGUAGE_TAG_LIMIT: i32 = 64;

function isLanguageTag(text: string): boolean {
  if (text.length > LANGUAGE_TAG_LIMIT) return false;
  for (let i = 0; i < text.length; i++) {
    const code: i32 = lowerCase(text.charCodeAt(i));
    const isLetter = code >= 0x61 && code <= 0x7a;
    const isDigit = code >= 0x30 && code <= 0x39;
    if (!isLetter && !isDigit && code !== DASH) return false;
  }
  return true;
}

/** Which of the words a file has; 0 where it has none of them. */
function chosen(list: List, name: string, words: string[], files: Files): i32 {
  const content = readControl(list.directory, name, files).bytes;
  const index = content === null ? -1 : words.indexOf(asciiLower(firstLine(content)));
  return max(index, 0);
}

/** mlmmj keeps the number in an int: what becomes of larger ones is nothing that anybody meant. */
const LARGEST_INT: number = 2147483647;

/** As C's atoi reads it. */
function leadingNumber(text: string): number {
  const isSigned = text.startsWith('-') || text.startsWith('+');
  let value: number = 0;
  for (let i = isSigned ? 1 : 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) break;
    value = 10 * value + digit;
    if (value > LARGEST_INT) return Infinity;
  }
  return text.startsWith('-') ? -value : value;
}

/** For what stands around a subject's prefix. */
const PREFIX_OVERHEAD: i32 = 16;

/** Bytes, at most: header fields that it removes are not counted. */
function addedByMlmmj(list: List, files: Files): number {
  return (
    sizeOf(list, 'customheaders', files) +
    sizeOf(list, 'footer', files) +
    sizeOf(list, 'prefix', files) +
    PREFIX_OVERHEAD
  );
}

function sizeOf(list: List, name: string, files: Files): i32 {
  const content = readControl(list.directory, name, files).bytes;
  return content === null ? 0 : content.length;
}
