// Header fields: where they begin and end in a message, and what they are called (RFC 5322 §2.2).
import { COLON, CR, isBlank, LF, lowerCase, NONE, SP } from '../bytes.ts';
import { FIELD_LIMIT } from '../limits.ts';
import { Window } from '../window.ts';

/** Whether the line from `start` to `end` has nothing in it but its line end: it ends a header. */
export function isBlankLine(window: Window, start: number, end: number): boolean {
  const first = window.byteAt(start);
  return first === LF || (first === CR && end === start + 2 && window.byteAt(start + 1) === LF);
}

/** Where the name that a line begins with ends in a colon, or NONE if the line is no field. */
export function colonOfField(window: Window, start: number, lineEnd: number): number {
  const end = min(lineEnd, start + FIELD_LIMIT);
  let at = start;
  for (; at < end; at++) {
    const byte = window.byteAt(at);
    if (byte <= SP || byte > 0x7e || byte === COLON) break;
  }
  if (at === start) return NONE;
  // QUIRK: blanks before the colon (RFC 5322 §4.5.8, obsolete) are read as if they were not there.
  while (at < end && isBlank(window.byteAt(at))) at++;
  return at < end && window.byteAt(at) === COLON ? at : NONE;
}

/**
 * QUIRK: a message's first line need not be a field where mailers put something else: an mbox's `From `, also quoted, or
 * a continuation line whose field went missing.
 */
export function isTolerated(window: Window, start: number): boolean {
  if (start !== 0) return false;
  if (isBlank(window.byteAt(0))) return true;
  return window.startsWith(window.byteAt(0) === 0x3e ? 1 : 0, 'From ');
}

/** Whether a field has this name. @param name in lower case, @param colon where the field's own name ends */
export function isNamed(window: Window, start: number, colon: number, name: string): boolean {
  return hasPrefix(window, start, colon, name) && isEndOfName(window, start + name.length, colon);
}

/** Whether a field's name begins so. @param prefix in lower case */
export function hasPrefix(window: Window, start: number, colon: number, prefix: string): boolean {
  if (colon - start < prefix.length) return false;
  for (let i = 0; i < prefix.length; i++) {
    if (lowerCase(window.byteAt(start + i)) !== prefix.charCodeAt(i)) return false;
  }
  return true;
}

function isEndOfName(window: Window, offset: number, colon: number): boolean {
  return offset === colon || isBlank(window.byteAt(offset));
}

/**
 * Goes through the fields of a header, from its start to its end or to a given offset. All offsets are into the message;
 * nothing is kept of a field, so a header can have any size.
 */
export class HeaderFields {
  /** Of the field at hand. */
  start: number;
  end: number;
  /** NONE for a line that is no field but stands where mailers put one. */
  colon: number = NONE;

  constructor(
    private readonly window: Window,
    start: number,
    /** Where the header ends at the latest. */
    private readonly limit: number,
  ) {
    this.start = start;
    this.end = start;
  }

  /** Goes to the next field; false where the header ends, at `end`. */
  advance(): boolean {
    const window = this.window;
    this.start = this.end;
    if (this.start >= this.limit) return false;
    const lineEnd = window.endOfLine(this.start);
    if (isBlankLine(window, this.start, lineEnd)) return false;
    this.colon = colonOfField(window, this.start, lineEnd);
    if (this.colon < 0 && !isTolerated(window, this.start)) return false;
    let end = lineEnd;
    while (end < this.limit && isBlank(window.byteAt(end))) end = window.endOfLine(end);
    this.end = min(end, this.limit);
    return true;
  }

  /** @param name in lower case */
  is(name: string): boolean {
    return this.colon >= 0 && isNamed(this.window, this.start, this.colon, name);
  }

  /** @param prefix of the name, in lower case */
  begins(prefix: string): boolean {
    return this.colon >= 0 && hasPrefix(this.window, this.start, this.colon, prefix);
  }

  get isTooLong(): boolean {
    return this.end - this.start > FIELD_LIMIT;
  }

  /** The field's raw bytes after the colon, still folded, its line end included: the caller's own. */
  body(): Uint8Array {
    return this.window.slice(this.colon + 1, this.end);
  }

  /** The field's bytes, from its name to its line end: the caller's own. */
  bytes(): Uint8Array {
    return this.window.slice(this.start, this.end);
  }
}
