import { HeaderFields } from '../mime/header/header-fields.ts';
import type { Source } from '../mime/source.ts';
import { Window } from '../mime/window.ts';
import { decodeEncodedWords } from './encoded-words.ts';

/** By what people know a message; '' for what its header does not have. */
export interface Heading {
  readonly subject: string;
  readonly from: string;
  readonly date: string;
}

/** Bytes of a header that are looked at. */
const HEADER_LIMIT = 1024 * 1024;
const WINDOW_WIDTH = 16_384;
/** Characters. */
const VALUE_LIMIT = 200;

const NAMES = ['subject', 'from', 'date'] as const;

/** Reads the first field of each name. */
export function readHeading(message: Source): Heading {
  const found = { subject: '', from: '', date: '' };
  const fields = new HeaderFields(new Window(message, WINDOW_WIDTH), 0, Math.min(message.size, HEADER_LIMIT));
  while (fields.advance()) {
    const name = NAMES.find((candidate) => fields.is(candidate));
    if (name === undefined || found[name] !== '' || fields.isTooLong) continue;
    found[name] = oneLine(decodeEncodedWords(fields.body()));
  }
  return found;
}

/** Without control characters, and without those that write from right to left what follows them. */
function oneLine(text: string): string {
  const line = text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  return line.length > VALUE_LIMIT ? `${line.slice(0, VALUE_LIMIT - 1)}…` : line;
}
