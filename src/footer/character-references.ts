// Character references (HTML standard §13.2.5.72 to 80): what `&uuml;` and `&#8364;` stand for.

import { CHARACTERS, NAME_STARTS, NAMES } from './named-references.ts';
import { TextBuilder } from './text-builder.ts';
import { isAsciiDigit, isAsciiLetter } from './unicode.ts';
import { windows1252 } from './windows-1252.ts';

/** The text between tags with its references decoded. One that nobody knows stays as it is. */
export function decodeReferences(text: string): string {
  return decoded(text, false);
}

/** The same for an attribute's value, where `&copy=` is taken for a part of a URL. */
export function decodeAttribute(value: string): string {
  return decoded(value, true);
}

function decoded(text: string, isAttribute: boolean): string {
  let at: i32 = text.indexOf('&');
  if (at < 0) return text;
  const result = new TextBuilder(text.length);
  const reference = new Reference(text, isAttribute);
  let done: i32 = 0;
  while (at >= 0) {
    if (reference.read(at)) {
      result.addRange(text, done, at);
      result.addCodePoint(reference.code);
      done = reference.end;
    }
    at = text.indexOf('&', max(at + 1, done));
  }
  result.addRange(text, done, text.length);
  return result.text();
}

/** U+FFFD, for numbers that are no character's. */
const REPLACEMENT: i32 = 0xfffd;

/** Longest name there is (`CounterClockwiseContourIntegral`), and longest that needs no semicolon (`Aacute`). */
const NAME_LIMIT: i32 = 31;
const BARE_NAME_LIMIT: i32 = 6;

/** Reads the references of one text. */
class Reference {
  /** The code point that the last one read stands for, and where it ended. */
  code: i32 = 0;
  end: i32 = 0;

  constructor(
    private readonly text: string,
    private readonly isAttribute: boolean,
  ) {}

  /** @returns whether the `&` at `at` begins a reference */
  read(at: i32): boolean {
    return this.codeAt(at + 1) === 0x23 ? this.readNumber(at + 2) : this.readName(at + 1);
  }

  private readNumber(from: i32): boolean {
    const isHex = (this.codeAt(from) | 0x20) === 0x78;
    const start = isHex ? from + 1 : from;
    const base = isHex ? 16 : 10;
    let at = start;
    let code: i32 = 0;
    for (let digit = digitOf(this.codeAt(at)); digit >= 0 && digit < base; digit = digitOf(this.codeAt(at))) {
      // Beyond Unicode the number need not be known, and must not overflow.
      if (code < 0x110000) code = code * base + digit;
      at++;
    }
    if (at === start) return false;
    const isCharacter = code > 0 && code < 0x110000 && (code < 0xd800 || code > 0xdfff);
    this.code = isCharacter ? windows1252(code) : REPLACEMENT;
    this.end = this.codeAt(at) === 0x3b ? at + 1 : at;
    return true;
  }

  private readName(from: i32): boolean {
    let end = from;
    while (end - from <= NAME_LIMIT && this.isNameAt(end)) end++;
    if (this.codeAt(end) === 0x3b) {
      const index = indexOfName(this.text, from, end);
      if (index >= 0) return this.found(index, end + 1);
    }
    for (let bare = min(end, from + BARE_NAME_LIMIT); bare > from + 1; bare--) {
      const index = indexOfName(this.text, from, bare);
      if (index < 0 || !needsNoSemicolon(index)) continue;
      // QUIRK: `&copy2` and `&copy=` in an attribute are what they look like, since URLs are written so.
      if (this.isAttribute && (this.isNameAt(bare) || this.codeAt(bare) === 0x3d)) return false;
      return this.found(index, bare);
    }
    return false;
  }

  private found(index: i32, end: i32): boolean {
    this.code = CHARACTERS[index];
    this.end = end;
    return true;
  }

  private isNameAt(at: i32): boolean {
    return isAsciiLetter(this.codeAt(at)) || isAsciiDigit(this.codeAt(at));
  }

  /** The code unit at an index, or -1 after the text. */
  private codeAt(index: i32): i32 {
    return index < this.text.length ? i32(this.text.charCodeAt(index)) : -1;
  }
}

/** What a hexadecimal digit is worth, or -1. */
function digitOf(code: i32): i32 {
  if (isAsciiDigit(code)) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1;
}

const START_BITS: i32 = 0x7fff;

function needsNoSemicolon(index: i32): boolean {
  return i32(NAME_STARTS[index]) > START_BITS;
}

/** The number of the name that text[from, to) is, or -1. */
function indexOfName(text: string, from: i32, to: i32): i32 {
  let low: i32 = 0;
  let high: i32 = CHARACTERS.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = compare(
      text,
      from,
      to,
      NAME_STARTS[middle] & START_BITS,
      NAME_STARTS[middle + 1] & START_BITS,
    );
    if (order === 0) return middle;
    if (order < 0) high = middle;
    else low = middle + 1;
  }
  return -1;
}

/** How text[from, to) and NAMES[start, end) are ordered by their code units: below, at or above 0. */
function compare(text: string, from: i32, to: i32, start: i32, end: i32): i32 {
  const length = min(to - from, end - start);
  for (let i = 0; i < length; i++) {
    const difference: i32 = i32(text.charCodeAt(from + i)) - i32(NAMES.charCodeAt(start + i));
    if (difference !== 0) return difference;
  }
  return to - from - (end - start);
}
