// Single header fields with another value. Whether readers find it there is for header-edit.ts to see.
import { ByteBuilder } from '../byte-builder.ts';
import {
  COMMA,
  isWhiteSpace,
  LEFT_PAREN,
  LF,
  lastIndexOf,
  NONE,
  SEMICOLON,
  SLASH,
  trimmedEnd,
} from '../bytes.ts';
import {
  afterComments,
  afterWhiteSpace,
  equalsOfParameter,
  FieldSegments,
  nameOfParameter,
} from './structured-field.ts';

/** Longer lines are folded, as RFC 5322 §2.1.1 recommends. */
const LINE_LENGTH: i32 = 78;

/**
 * A Content-Type field with its `charset` parameter set once, every other byte kept: of several, some readers take the
 * first and some the last. What a type runs into (`text/plain charset=x`, a comment that is not closed) is left off,
 * because a parameter after it would not be read.
 * @param field its raw bytes, @param colon where its name ends in one
 * @returns null where there is no type to keep
 */
export function withCharset(
  field: Uint8Array,
  colon: i32,
  charset: string,
  lineEnd: string,
): Uint8Array | null {
  const end = trimmedEnd(field, colon + 1, field.length);
  const body = field.subarray(colon + 1, end);
  const segments = new FieldSegments(body);
  segments.advance();
  const edited = new ByteBuilder();
  edited.addRange(field, 0, colon + 1);
  if (body.length === 0) edited.addText(' text/plain');
  else {
    const typeEnd = endOfType(body, segments.end);
    if (typeEnd < 0) return null;
    const isClean = afterComments(body, typeEnd, segments.end) === segments.end;
    edited.addRange(body, 0, isClean ? segments.end : typeEnd);
  }
  let isSet = false;
  while (segments.advance()) {
    const setsCharset = isCharset(body, segments.start, segments.end);
    if (setsCharset && isSet) continue;
    edited.add(SEMICOLON);
    if (setsCharset) addBetweenBlanks(edited, `charset=${charset}`, body, segments.start, segments.end);
    else edited.addRange(body, segments.start, segments.end);
    isSet = isSet || setsCharset;
  }
  if (!isSet) addParameter(edited, `charset=${charset}`, lineEnd);
  edited.addRange(field, end, field.length);
  return edited.bytes();
}

/** A field with another body: its name stays as the author's mailer spelled it. */
export function withValue(field: Uint8Array, colon: i32, value: string): Uint8Array {
  const edited = new ByteBuilder();
  edited.addRange(field, 0, colon + 1);
  edited.addText(` ${value}`);
  edited.addRange(field, trimmedEnd(field, colon + 1, field.length), field.length);
  return edited.bytes();
}

/** Where `type/subtype` at the beginning of a body ends, comments before and inside it included; NONE where it is none. */
function endOfType(body: Uint8Array, to: i32): i32 {
  const type = afterComments(body, 0, to);
  const typeEnd = endOfToken(body, type, to);
  const slash = afterComments(body, typeEnd, to);
  if (typeEnd === type || slash === to || body[slash] !== SLASH) return NONE;
  const subtype = afterComments(body, slash + 1, to);
  const end = endOfToken(body, subtype, to);
  return end > subtype ? end : NONE;
}

function endOfToken(body: Uint8Array, from: i32, to: i32): i32 {
  let end = from;
  while (end < to && isInToken(body[end])) end++;
  return end;
}

function isInToken(byte: i32): boolean {
  return byte !== SLASH && byte !== COMMA && byte !== LEFT_PAREN && !isWhiteSpace(byte);
}

/** Also a piece of one that RFC 2231 lets be continued. */
function isCharset(body: Uint8Array, start: i32, end: i32): boolean {
  const equals = equalsOfParameter(body, start, end);
  if (equals < 0) return false;
  const name = nameOfParameter(body, start, equals);
  return name === 'charset' || name.startsWith('charset*');
}

/** Adds a text between the white space that a segment begins and ends with. */
function addBetweenBlanks(edited: ByteBuilder, text: string, body: Uint8Array, start: i32, end: i32): void {
  edited.addRange(body, start, afterWhiteSpace(body, start, end));
  edited.addText(text);
  edited.addRange(body, trimmedEnd(body, start, end), end);
}

function addParameter(edited: ByteBuilder, parameter: string, lineEnd: string): void {
  let end = edited.length;
  while (end > 0 && (edited.data[end - 1] === SEMICOLON || isWhiteSpace(edited.data[end - 1]))) end--;
  edited.truncate(end);
  const column = end - (lastIndexOf(edited.data, LF, 0, end) + 1);
  edited.addText(column + 2 + parameter.length + 1 > LINE_LENGTH ? `;${lineEnd}\t` : '; ');
  edited.addText(parameter);
}
