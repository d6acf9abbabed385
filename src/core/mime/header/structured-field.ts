// Structured field bodies, `value; name=value; …`: Content-Type, Content-Disposition (RFC 2045 §5, RFC 2183).
import {
  BACKSLASH, CR, DQUOTE, EQUALS, indexOf, isWhiteSpace, latin1, LEFT_PAREN, LF, lowerCase, NONE, RIGHT_PAREN,
  SEMICOLON, trimmedEnd,
} from '../bytes.ts';

export class StructuredField {
  constructor(
    /** What stands before the first semicolon: lower case, without comments. */
    readonly value: string,
    /** By lower-case name. The first of two parameters of one name counts, as it does for most readers. */
    private readonly parameters: Map<string, string>,
  ) {}

  /** A parameter's value, '' where there is none. */
  parameter(name: string): string {
    return this.parameters.has(name) ? this.parameters.get(name)! : '';
  }
}

/** @param body a field's raw bytes behind the colon, still folded */
export function parseStructuredField(body: Uint8Array): StructuredField {
  const parser = new Parser(body);
  const value = word(body, 0, parser.nextSegment());
  const parameters = new Map<string, string>();
  while (parser.segmentEnd < body.length) {
    const start = parser.segmentEnd + 1;
    const end = parser.nextSegment();
    const from = afterComments(body, start, end);
    const equals = indexOf(body, EQUALS, from, end);
    if (equals < 0) continue;
    const name = word(body, from, equals);
    if (!parameters.has(name)) parameters.set(name, parameterValue(body, equals + 1, end));
  }
  return new StructuredField(value, parameters);
}

/** Finds the semicolons that separate: those inside quoted strings and comments do not. */
class Parser {
  segmentEnd: i32 = -1;
  private quoted: boolean = false;
  /** Parentheses that stay open are no comment, and to look for the end of each would take quadratic time. */
  private mayComment: boolean = true;

  constructor(private readonly body: Uint8Array) {}

  nextSegment(): i32 {
    let at = this.segmentEnd + 1;
    while (at < this.body.length && (this.quoted || this.body[at] !== SEMICOLON)) at = this.next(at);
    this.segmentEnd = min(at, this.body.length);
    return this.segmentEnd;
  }

  /** Behind the character, quoted pair or comment at `at`. */
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

/**
 * QUIRK: an unquoted value runs to the semicolon, not to the end of the token: mailers write `boundary=----=_Part 1`
 * and readers accept it. A comment behind it (RFC 2045 §5.1 has one) does not count.
 */
function parameterValue(body: Uint8Array, start: i32, end: i32): string {
  const from = afterComments(body, start, end);
  return from < end && body[from] === DQUOTE ? quotedString(body, from + 1, end) : unquoted(body, from, end);
}

function quotedString(body: Uint8Array, from: i32, to: i32): string {
  const bytes = new Uint8Array(to - from);
  let length = 0;
  for (let i = from; i < to && body[i] !== DQUOTE; i++) {
    if (body[i] === BACKSLASH && i + 1 < to) bytes[length++] = body[++i];
    else if (body[i] !== CR && body[i] !== LF) bytes[length++] = body[i];
  }
  return latin1(bytes, 0, length);
}

function unquoted(body: Uint8Array, from: i32, to: i32): string {
  let end = from;
  while (end < to && !(body[end] === LEFT_PAREN && end > from && isWhiteSpace(body[end - 1]))) end++;
  return withoutLineEnds(body, from, trimmedEnd(body, from, end));
}

function withoutLineEnds(body: Uint8Array, from: i32, to: i32): string {
  const bytes = new Uint8Array(to - from);
  let length = 0;
  for (let i = from; i < to; i++) if (body[i] !== CR && body[i] !== LF) bytes[length++] = body[i];
  return latin1(bytes, 0, length);
}

/** The text without comments, and without the white space around it, in lower case. An unclosed comment runs to the end. */
function word(body: Uint8Array, from: i32, to: i32): string {
  const bytes = new Uint8Array(to - from);
  let length = 0;
  let at = from;
  while (at < to) {
    const end = body[at] === LEFT_PAREN ? endOfComment(body, at, to) : at;
    if (end < 0) break;
    if (end > at) {
      at = end;
      continue;
    }
    if (length > 0 || !isWhiteSpace(body[at])) bytes[length++] = u8(lowerCase(body[at]));
    at++;
  }
  return latin1(bytes, 0, trimmedEnd(bytes, 0, length));
}

/** The offset of the first character that is neither white space nor in a comment. */
function afterComments(body: Uint8Array, from: i32, to: i32): i32 {
  let at = afterWhiteSpace(body, from, to);
  while (at < to && body[at] === LEFT_PAREN) {
    const end = endOfComment(body, at, to);
    if (end < 0) return at;
    at = afterWhiteSpace(body, end, to);
  }
  return at;
}

function afterWhiteSpace(body: Uint8Array, from: i32, to: i32): i32 {
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
