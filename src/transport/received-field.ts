// Addresses as trace fields write them: `<a@example.org>`, and the `for` clause of `Received:` (RFC 5321 §4.4).
import { ByteString } from '../host/files.ts';
import {
  BACKSLASH,
  DQUOTE,
  GREATER_THAN,
  LEFT_PAREN,
  LESS_THAN,
  latin1,
  lowerCase,
  RIGHT_PAREN,
  SEMICOLON,
} from '../mime/bytes.ts';

/** Characters of an address with its brackets. RFC 5321 says 256; senders that encode an address in an address go beyond. */
const ADDRESS_LIMIT: i32 = 4096;

/** Comments with a `by` in them are few; a field with more is no mail system's. */
const BY_LIMIT: i32 = 4;

/** Recipients' quotes with a `for <` in them, too. */
const FOR_LIMIT: i32 = 16;

/** An address without the white space and the angle brackets around it; what follows the brackets does not count. */
export function bareAddress(value: ByteString): ByteString {
  const start = afterSpace(value, 0);
  const end = trimmedEnd(value, start);
  const close = closingBracket(value, start);
  if (close < 0 || (close + 1 < end && !isSpace(value.charCodeAt(close + 1))))
    return value.substring(start, end);
  return trimmed(value.substring(start + 1, close));
}

/**
 * The address of a `Received:` field's `for` clause, which Postfix writes for a message with one recipient; null where
 * there is none. It follows `by`; what stands before, the client's greeting, is the client's to choose, and it may hold
 * blanks, parentheses, and a `by` and a `for` of its own. So the last `by` counts that is not in a comment, nor in the
 * recipient's quotes.
 *
 * @param value the field's, unfolded
 */
export function forClauseAddress(value: ByteString): ByteString | null {
  const starts = clauseStarts(value);
  for (let i = starts.length - 1; i >= 0 && i >= starts.length - BY_LIMIT; i--) {
    const clauses = withoutComments(value, starts[i]);
    if (clauses !== null) return addressAfterFor(withoutDate(clauses));
  }
  return null;
}

/** Where `by` stands as a word, with the white space before it. */
function clauseStarts(value: ByteString): i32[] {
  const starts: i32[] = [];
  let at = 0;
  while (at + 2 < value.length) {
    const word = at === 0 && !isSpace(value.charCodeAt(0)) ? 0 : at + 1;
    if ((word === 0 || isSpace(value.charCodeAt(at))) && isWord(value, word, 'by')) {
      starts.push(at);
      at = word + 3;
    } else at++;
  }
  return starts;
}

/** Whether a word stands at `at`, in any case, and white space after it. */
function isWord(value: ByteString, at: i32, word: string): boolean {
  if (at + word.length >= value.length) return false;
  for (let i = 0; i < word.length; i++) {
    if (lowerCase(value.charCodeAt(at + i)) !== word.charCodeAt(i)) return false;
  }
  return isSpace(value.charCodeAt(at + word.length));
}

/**
 * Comments in parentheses nest (RFC 5322 §3.2.2); in a quoted string they are none. Null where `from` is inside of
 * either.
 */
function withoutComments(value: ByteString, from: i32): ByteString | null {
  const kept = new Uint8Array(value.length - from);
  let length = 0;
  let depth = 0;
  let isQuoted = false;
  for (let at = from; at < value.length; at++) {
    const code: i32 = value.charCodeAt(at);
    if (code === BACKSLASH) {
      if (depth === 0 && !isQuoted) return null;
      if (isQuoted) kept[length++] = u8(code);
      at++;
      if (isQuoted && at < value.length) kept[length++] = u8(value.charCodeAt(at));
    } else if (isQuoted || (code === DQUOTE && depth === 0)) {
      if (code === DQUOTE) isQuoted = !isQuoted;
      kept[length++] = u8(code);
    } else if (code === LEFT_PAREN) depth++;
    else if (code === RIGHT_PAREN) {
      if (depth === 0) return null;
      depth--;
    } else if (depth === 0) kept[length++] = u8(code);
  }
  return isQuoted ? null : latin1(kept, 0, length);
}

/** RFC 5321 §4.4: the last semicolon stands before the date. */
function withoutDate(clauses: ByteString): ByteString {
  const semicolon = clauses.lastIndexOf(';');
  return semicolon < 0 ? clauses : clauses.substring(0, semicolon);
}

function addressAfterFor(clauses: ByteString): ByteString | null {
  let tries = 0;
  for (let at = 0; at < clauses.length && tries < FOR_LIMIT; at++) {
    if (!isSpace(clauses.charCodeAt(at)) || !isWord(clauses, at + 1, 'for')) continue;
    const start = afterSpace(clauses, at + 4);
    const close = closingBracket(clauses, start);
    if (close >= 0) return trimmed(clauses.substring(start + 1, close));
    const end = endOfBareWord(clauses, start);
    if (end > start) return clauses.substring(start, end);
    tries++;
  }
  return null;
}

/** Of an address without brackets, as Exim writes it. */
function endOfBareWord(text: ByteString, start: i32): i32 {
  let end = start;
  for (; end < text.length; end++) {
    const code: i32 = text.charCodeAt(end);
    if (isSpace(code) || code === LESS_THAN || code === GREATER_THAN || code === SEMICOLON) break;
  }
  return end;
}

/** Where the bracket that opens at `open` closes, or -1. Quoted strings may hold brackets of their own (RFC 5321 §4.1.2). */
function closingBracket(text: ByteString, open: i32): i32 {
  if (open >= text.length || text.charCodeAt(open) !== LESS_THAN) return -1;
  const end = min(text.length, open + ADDRESS_LIMIT);
  let isQuoted = false;
  for (let at = open + 1; at < end; at++) {
    const code: i32 = text.charCodeAt(at);
    if (code === DQUOTE) isQuoted = !isQuoted;
    else if (isQuoted) at += code === BACKSLASH ? 1 : 0;
    else if (code === GREATER_THAN) return at;
    else if (code === LESS_THAN) return -1;
  }
  return -1;
}

function trimmed(text: ByteString): ByteString {
  const start = afterSpace(text, 0);
  return text.substring(start, trimmedEnd(text, start));
}

function afterSpace(text: ByteString, from: i32): i32 {
  let at = from;
  while (at < text.length && isSpace(text.charCodeAt(at))) at++;
  return at;
}

function trimmedEnd(text: ByteString, from: i32): i32 {
  let end = text.length;
  while (end > from && isSpace(text.charCodeAt(end - 1))) end--;
  return end;
}

function isSpace(code: i32): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}
