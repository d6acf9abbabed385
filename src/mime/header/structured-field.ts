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
  LEFT_PAREN,
  LF,
  latin1,
  lowerCase,
  NONE,
  RIGHT_PAREN,
  SEMICOLON,
  trimmedEnd,
} from '../bytes.ts';

/** A field's body. Parameters are looked up when they are asked for: most of them never are. */
export class StructuredField {
  /** What stands before the first semicolon: ASCII letters in lower case, without comments. */
  readonly value: string;
  private readonly body: Uint8Array;
  private readonly hasParameters: boolean;

  /** @param body its raw bytes after the colon, still folded: kept */
  constructor(body: Uint8Array) {
    const segments = new FieldSegments(body);
    segments.advance();
    this.body = body;
    this.value = word(body, 0, segments.end);
    this.hasParameters = segments.end < body.length;
  }

  /** Of the body, in bytes. */
  get length(): i32 {
    return this.body.length;
  }

  /** Nothing stands in it, but for comments. */
  get isBlank(): boolean {
    return this.value === '' && !this.hasParameters;
  }

  /**
   * A parameter's value, as characters U+0000 to U+00FF; '' where there is none. The first of two parameters of one name
   * counts, as it does for most readers; one that comes in pieces (RFC 2231) only where there is none in one piece.
   * @param name in lower case
   */
  parameter(name: string): string {
    if (!this.hasParameters) return '';
    const body = this.body;
    const segments = new FieldSegments(body);
    let pieces: Pieces | null = null;
    segments.advance();
    while (segments.advance()) {
      const equals = equalsOfParameter(body, segments.start, segments.end);
      const piece = equals < 0 ? NONE : pieceOf(body, segments.start, equals, name);
      if (piece < 0) continue;
      if (piece === WHOLE) return parameterText(body, equals + 1, segments.end);
      if (pieces === null) pieces = new Pieces(body);
      pieces.put(piece, equals + 1, segments.end);
    }
    return pieces === null ? '' : pieces.text();
  }

  /**
   * The names of the parameters, as they are to be asked for, each once.
   * @param limit how many are listed at most
   */
  parameterNames(limit: i32): string[] {
    const names: string[] = [];
    const segments = new FieldSegments(this.body);
    segments.advance();
    while (names.length < limit && segments.advance()) {
      const equals = equalsOfParameter(this.body, segments.start, segments.end);
      if (equals < 0) continue;
      const name = nameOfParameter(this.body, segments.start, equals);
      const star = name.indexOf('*');
      const inPieces = star > 0 && pieceOf(this.body, segments.start, equals, name.substring(0, star)) >= 0;
      const asked = inPieces ? name.substring(0, star) : name;
      if (!names.includes(asked)) names.push(asked);
    }
    return names;
  }
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

function parameterText(body: Uint8Array, start: i32, end: i32): string {
  const value = valueOfParameter(body, start, end);
  return latin1(value, 0, value.length);
}

// RFC 2231: `name*=charset'language'percent-encoded`, or in numbered pieces, `name*0*=…; name*1=…`

const STAR: i32 = 0x2a;

/** Numbers have at most two digits. */
const PIECE_LIMIT: i32 = 100;

/** Added to the number of a piece that is percent-encoded. */
const ENCODED: i32 = 0x80;

/** What a parameter is that is not in pieces. */
const WHOLE: i32 = 0x100;

/** Which piece of the parameter `name` it is that is called so, or WHOLE; NONE if it is another parameter. */
function pieceOf(body: Uint8Array, start: i32, equals: i32, name: string): i32 {
  let at = afterComments(body, start, equals);
  for (let i = 0; i < name.length; i++) {
    at = afterComment(body, at, equals);
    if (at >= equals || lowerCase(body[at]) !== name.charCodeAt(i)) return NONE;
    at++;
  }
  at = afterComment(body, at, equals);
  if (at < equals && body[at] === STAR) return pieceAfterStar(body, at + 1, equals);
  return isEndOfWord(body, at, equals) ? WHOLE : NONE;
}

function pieceAfterStar(body: Uint8Array, start: i32, equals: i32): i32 {
  let at = start;
  let piece = 0;
  while (at < equals && at < start + 2 && isDigit(body[at])) piece = 10 * piece + (body[at++] - 0x30);
  const isEncoded = at === start || (at < equals && body[at] === STAR);
  if (isEncoded && at > start) at++;
  if (!isEndOfWord(body, at, equals)) return NONE;
  return isEncoded ? piece + ENCODED : piece;
}

/** Nothing follows but white space and comments; one that is not closed runs to the end. */
function isEndOfWord(body: Uint8Array, from: i32, to: i32): boolean {
  const at = afterComments(body, from, to);
  return at >= to || body[at] === LEFT_PAREN;
}

function isDigit(code: i32): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Where the values of the pieces of a parameter stand: of two with the same number the last counts. */
class Pieces {
  private readonly starts: Int32Array = new Int32Array(PIECE_LIMIT);
  private readonly ends: Int32Array = new Int32Array(PIECE_LIMIT);
  private readonly encoded: Uint8Array = new Uint8Array(PIECE_LIMIT);
  private readonly body: Uint8Array;

  constructor(body: Uint8Array) {
    this.body = body;
  }

  put(piece: i32, start: i32, end: i32): void {
    const number = piece & (ENCODED - 1);
    this.starts[number] = start;
    this.ends[number] = end;
    this.encoded[number] = piece >= ENCODED ? 1 : 0;
  }

  text(): string {
    const pieces: string[] = [];
    for (let i = 0; i < PIECE_LIMIT; i++) {
      if (this.ends[i] === 0) continue;
      const value = valueOfParameter(this.body, this.starts[i], this.ends[i]);
      const isEncoded = this.encoded[i] !== 0;
      const from = isEncoded && i === 0 ? afterLanguage(value) : 0;
      pieces.push(isEncoded ? percentDecoded(value, from) : latin1(value, 0, value.length));
    }
    return pieces.join('');
  }
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

/** The offset after comments that follow one another from `from` on. */
function afterComment(body: Uint8Array, from: i32, to: i32): i32 {
  let at = from;
  while (at < to && body[at] === LEFT_PAREN) {
    const end = endOfComment(body, at, to);
    if (end < 0) return at;
    at = end;
  }
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
