/**
 * Structured field bodies, `value; name=value; …`: Content-Type, Content-Disposition and Content-Transfer-Encoding (RFC
 * 2045 §5, RFC 2183), with the parameters of RFC 2231.
 */
import {
  asciiLower,
  BACKSLASH,
  CR,
  DQUOTE,
  EQUALS,
  indexOf,
  isWhiteSpace,
  latin1,
  LEFT_PAREN,
  LF,
  lowerCase,
  NONE,
  RIGHT_PAREN,
  SEMICOLON,
  trimmedEnd,
} from '../bytes.ts';

export class StructuredField {
  /** In the order of the field; those that were continued (RFC 2231 §3) come last. */
  readonly names: string[] = [];
  /** What stands before the first semicolon: ASCII letters in lower case, without comments. */
  readonly value: string;
  /** Made for the first parameter: many fields have none. */
  private values: Map<string, string> | null = null;

  constructor(value: string) {
    this.value = value;
  }

  /** A parameter's value, as characters U+0000 to U+00FF; '' where there is none. @param name in lower case */
  parameter(name: string): string {
    const values = this.values;
    return values !== null && values.has(name) ? values.get(name)! : '';
  }

  /** The first of two parameters of one name counts, as it does for most readers. */
  add(name: string, value: string): void {
    let values = this.values;
    if (values === null) {
      values = new Map<string, string>();
      this.values = values;
    }
    if (values.has(name)) return;
    values.set(name, value);
    this.names.push(name);
  }
}

/** @param body a field's raw bytes after the colon, still folded */
export function parseStructuredField(body: Uint8Array): StructuredField {
  const segments = new FieldSegments(body);
  segments.advance();
  const field = new StructuredField(word(body, 0, segments.end));
  const continued: ContinuedParameter[] = [];
  while (segments.advance()) {
    const equals = equalsOfParameter(body, segments.start, segments.end);
    if (equals < 0) continue;
    const name = nameOfParameter(body, segments.start, equals);
    const value = valueOfParameter(body, equals + 1, segments.end);
    const star = name.indexOf('*');
    const index = pieceIndex(name, star);
    if (index < 0) field.add(name, latin1(value, 0, value.length));
    else pieceOf(continued, name.substring(0, star)).put(index, decodedPiece(name, index, value));
  }
  for (let i = 0; i < continued.length; i++) field.add(continued[i].name, continued[i].pieces.join(''));
  return field;
}

/**
 * Goes through what stands between the semicolons of a field's body; those inside quoted strings and comments separate
 * nothing. The first segment is there always, the body's value.
 */
export class FieldSegments {
  /** Of the segment at hand, in the body. */
  start: i32 = 0;
  end: i32 = NONE;
  private quoted: boolean = false;
  /** Parentheses that stay open are no comment, and to look for the end of each would take quadratic time. */
  private mayComment: boolean = true;
  private readonly body: Uint8Array;

  constructor(body: Uint8Array) {
    this.body = body;
  }

  /** Goes to the next segment; false after the last one. */
  advance(): boolean {
    const body = this.body;
    if (this.end >= body.length) return false;
    this.start = this.end + 1;
    let at = this.start;
    while (at < body.length && (this.quoted || body[at] !== SEMICOLON)) at = this.next(at);
    this.end = min(at, body.length);
    return true;
  }

  /** Where the character, quoted pair or comment at `at` ends. */
  private next(at: i32): i32 {
    const byte: i32 = this.body[at];
    if (byte === DQUOTE) this.quoted = !this.quoted;
    if (byte === BACKSLASH && this.quoted) return at + 2;
    if (byte !== LEFT_PAREN || this.quoted || !this.mayComment || !this.mayBeginComment(at)) return at + 1;
    const end = endOfComment(this.body, at, this.body.length);
    this.mayComment = end >= 0;
    return end >= 0 ? end : at + 1;
  }

  private mayBeginComment(at: i32): boolean {
    if (at === 0) return true;
    const before: i32 = this.body[at - 1];
    return isWhiteSpace(before) || before === SEMICOLON || before === EQUALS;
  }
}

// Parameters

/** Where the equals sign of a segment stands that is a parameter, or NONE. */
export function equalsOfParameter(body: Uint8Array, start: i32, end: i32): i32 {
  return indexOf(body, EQUALS, afterComments(body, start, end), end);
}

/** The name before the equals sign: ASCII letters in lower case, without comments. */
export function nameOfParameter(body: Uint8Array, start: i32, equals: i32): string {
  return word(body, afterComments(body, start, equals), equals);
}

/**
 * QUIRK: an unquoted value runs to the semicolon, not to the end of the token: mailers write `boundary=----=_Part 1`
 * and readers accept it. A comment after it (RFC 2045 §5.1 has one) does not count.
 */
function valueOfParameter(body: Uint8Array, start: i32, end: i32): Uint8Array {
  const from = afterComments(body, start, end);
  const to = trimmedEnd(body, from, end);
  return from < to && body[from] === DQUOTE ? quotedString(body, from + 1, to) : unquoted(body, from, to);
}

/** A string that is not closed runs to the end. */
function quotedString(body: Uint8Array, from: i32, to: i32): Uint8Array {
  let plain = from;
  while (plain < to && isPlainInQuotes(body[plain])) plain++;
  if (plain === to || body[plain] === DQUOTE) return body.subarray(from, plain);
  const bytes = new Uint8Array(to - from);
  let length = 0;
  for (let i = from; i < to && body[i] !== DQUOTE; i++) {
    if (body[i] === BACKSLASH && i + 1 < to) bytes[length++] = body[++i];
    else if (body[i] !== CR && body[i] !== LF) bytes[length++] = body[i];
  }
  return bytes.subarray(0, length);
}

function isPlainInQuotes(byte: i32): boolean {
  return byte !== DQUOTE && byte !== BACKSLASH && byte !== CR && byte !== LF;
}

function unquoted(body: Uint8Array, from: i32, to: i32): Uint8Array {
  let end = from;
  while (end < to && !(body[end] === LEFT_PAREN && end > from && isWhiteSpace(body[end - 1]))) end++;
  end = trimmedEnd(body, from, end);
  if (indexOf(body, LF, from, end) < 0) return body.subarray(from, end);
  const bytes = new Uint8Array(end - from);
  let length = 0;
  for (let i = from; i < end; i++) {
    const foldsLine = body[i] === LF || (body[i] === CR && i + 1 < end && body[i + 1] === LF);
    if (!foldsLine) bytes[length++] = body[i];
  }
  return bytes.subarray(0, length);
}

// RFC 2231: `name*=charset'language'percent-encoded`, or in numbered pieces, `name*0*=…; name*1=…`

class ContinuedParameter {
  readonly pieces: string[] = [];

  constructor(readonly name: string) {}

  put(index: i32, piece: string): void {
    while (this.pieces.length <= index) this.pieces.push('');
    this.pieces[index] = piece;
  }
}

function pieceOf(continued: ContinuedParameter[], name: string): ContinuedParameter {
  for (let i = 0; i < continued.length; i++) if (continued[i].name === name) return continued[i];
  const parameter = new ContinuedParameter(name);
  // Each search goes through all of them. A field of 32 KiB could have thousands, real ones have one or two.
  if (continued.length < CONTINUED_LIMIT) continued.push(parameter);
  return parameter;
}

const CONTINUED_LIMIT: i32 = 100;

/** The number of a piece, at most two digits; 0 for `name*`, and NONE for a name that has no piece. */
function pieceIndex(name: string, star: i32): i32 {
  if (star <= 0) return NONE;
  let at = star + 1;
  let index = 0;
  while (at < name.length && at < star + 3 && isDigit(name.charCodeAt(at))) {
    index = 10 * index + (name.charCodeAt(at) - 0x30);
    at++;
  }
  if (at > star + 1 && at < name.length && name.charCodeAt(at) === STAR) at++;
  return at === name.length ? index : NONE;
}

const STAR: i32 = 0x2a;

function isDigit(code: i32): boolean {
  return code >= 0x30 && code <= 0x39;
}

function decodedPiece(name: string, index: i32, value: Uint8Array): string {
  const isEncoded = name.charCodeAt(name.length - 1) === STAR;
  return isEncoded
    ? percentDecoded(value, index === 0 ? afterLanguage(value) : 0)
    : latin1(value, 0, value.length);
}

/** Where the text begins after `charset'language'`. */
function afterLanguage(value: Uint8Array): i32 {
  const first = indexOf(value, APOSTROPHE, 0, value.length);
  const second = first < 0 ? NONE : indexOf(value, APOSTROPHE, first + 1, value.length);
  return second + 1;
}

const APOSTROPHE: i32 = 0x27;
const PERCENT: i32 = 0x25;

function percentDecoded(value: Uint8Array, from: i32): string {
  const bytes = new Uint8Array(value.length);
  let length = 0;
  for (let i = from; i < value.length; i++) {
    const high = value[i] === PERCENT && i + 2 < value.length ? hexDigit(value[i + 1]) : NONE;
    const low = high >= 0 ? hexDigit(value[i + 2]) : NONE;
    bytes[length++] = low >= 0 ? u8(16 * high + low) : value[i];
    if (low >= 0) i += 2;
  }
  return latin1(bytes, 0, length);
}

function hexDigit(byte: i32): i32 {
  if (isDigit(byte)) return byte - 0x30;
  const lower = lowerCase(byte);
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : NONE;
}

// Words and comments

/** The text without comments, and without the white space around it, in lower case. An unclosed comment runs to the end. */
function word(body: Uint8Array, from: i32, to: i32): string {
  if (indexOf(body, LEFT_PAREN, from, to) >= 0) return wordAmongComments(body, from, to);
  const start = afterWhiteSpace(body, from, to);
  return asciiLower(latin1(body, start, trimmedEnd(body, start, to)));
}

function wordAmongComments(body: Uint8Array, from: i32, to: i32): string {
  const bytes = new Uint8Array(to - from);
  let length = 0;
  let at = from;
  while (at < to) {
    const byte: i32 = body[at];
    if (byte === LEFT_PAREN) {
      at = endOfComment(body, at, to);
      if (at < 0) break;
      continue;
    }
    if (length > 0 || !isWhiteSpace(byte)) bytes[length++] = u8(byte);
    at++;
  }
  return asciiLower(latin1(bytes, 0, trimmedEnd(bytes, 0, length)));
}

/** The offset of the first character that is neither white space nor in a comment. */
export function afterComments(body: Uint8Array, from: i32, to: i32): i32 {
  let at = afterWhiteSpace(body, from, to);
  while (at < to && body[at] === LEFT_PAREN) {
    const end = endOfComment(body, at, to);
    if (end < 0) return at;
    at = afterWhiteSpace(body, end, to);
  }
  return at;
}

/** The offset of the first character that is no white space. */
export function afterWhiteSpace(body: Uint8Array, from: i32, to: i32): i32 {
  let at = from;
  while (at < to && isWhiteSpace(body[at])) at++;
  return at;
}

/** Where the comment that begins at `open` ends, or NONE where it does not. Comments nest (RFC 5322 §3.2.2). */
function endOfComment(body: Uint8Array, open: i32, to: i32): i32 {
  let depth = 0;
  for (let i = open; i < to; i++) {
    const byte: i32 = body[i];
    if (byte === BACKSLASH) i++;
    else if (byte === LEFT_PAREN) depth++;
    else if (byte === RIGHT_PAREN && --depth === 0) return i + 1;
  }
  return NONE;
}
