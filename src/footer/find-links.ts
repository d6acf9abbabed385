// Finds what a reader would want to click in a line of plain text: `http:`, `https:` and `mailto:` addresses, `www.`
// names and mail addresses. Works outward from marks that are cheap to find, and no character is looked at more than
// a few times: linear for any text.

import { codePointAt, unitsOf } from '../mime/charset/code-points.ts';
import { percentEncoded } from './percent-encoding.ts';
import { TextBuilder } from './text-builder.ts';
import {
  isAsciiDigit,
  isAsciiLetter,
  isLatin,
  isLetter,
  isLetterOrNumber,
  isOfSpacedAlphabet,
  isSpace,
} from './unicode.ts';

export class Link {
  constructor(
    /** Offset into the line, in UTF-16 code units. */
    readonly start: i32,
    /** The offset after its last character. */
    readonly end: i32,
    /** Where it leads: a URL of scheme `http`, `https` or `mailto`, not escaped for HTML. */
    readonly target: string,
  ) {}
}

/** The links of a line, from left to right, never overlapping. */
export function findLinks(line: string): Link[] {
  const links: Link[] = [];
  let done: i32 = 0;
  let at: i32 = 0;
  while (at < line.length) {
    const length = markAt(line, at);
    if (length === 0) {
      at++;
      continue;
    }
    const link = line.charCodeAt(at) === AT ? mailAddress(line, at, done) : url(line, at, length);
    if (link === null) at += length;
    else {
      links.push(link);
      done = link.end;
      at = max(at + length, done);
    }
  }
  return links;
}

const AT: i32 = 0x40;
const DASH: i32 = 0x2d;
const DOT: i32 = 0x2e;
const PLUS: i32 = 0x2b;

/** The length of the mark of a link that stands at an offset, or 0. */
function markAt(line: string, at: i32): i32 {
  const code: i32 = line.charCodeAt(at);
  if (code === AT) return 1;
  const lower = code | 0x20;
  if (lower === 0x68) {
    if (hasPrefix(line, at, 'http://')) return 7;
    return hasPrefix(line, at, 'https://') ? 8 : 0;
  }
  if (lower === 0x6d) return hasPrefix(line, at, MAILTO) ? MAILTO.length : 0;
  return lower === 0x77 && hasPrefix(line, at, WWW) ? WWW.length : 0;
}

const MAILTO: string = 'mailto:';
const WWW: string = 'www.';

/** @param prefix in lower case; the line may have it in upper case */
function hasPrefix(line: string, at: i32, prefix: string): boolean {
  if (at + prefix.length > line.length) return false;
  for (let i = 0; i < prefix.length; i++) {
    const code: i32 = line.charCodeAt(at + i);
    const lower = isAsciiLetter(code) ? code | 0x20 : code;
    if (lower !== prefix.charCodeAt(i)) return false;
  }
  return true;
}

/** Longest host name and longest mail address there can be (RFC 1035, RFC 5321); they bound every look ahead. */
const HOST_LIMIT: i32 = 255;
const ADDRESS_LIMIT: i32 = 320;

/** A URL at a mark. The far end is only looked for once the near one is right, so that a refusal costs little. */
function url(line: string, start: i32, length: i32): Link | null {
  if (start > 0 && isLetterOrNumber(line.charCodeAt(start - 1))) return null;
  const begin = start + length;
  const isMail = length === MAILTO.length && hasPrefix(line, start, MAILTO);
  const isBare = length === WWW.length;
  const begins = isMail ? hasMailbox(line, begin) : isBare ? hasHost(line, begin) : hasAuthority(line, begin);
  if (!begins) return null;
  const run = endOfLink(line, start);
  if (run <= begin) return null;
  let end = run;
  if (!isMail) {
    const hostEnd = endOfHost(line, begin, min(run, begin + HOST_LIMIT));
    if (hostEnd === run) end = withoutNextWord(line, begin, hostEnd);
  }
  const found = line.slice(start, end);
  return new Link(start, end, isBare ? `http://${found}` : found);
}

/** After `mailto:`: something, an `@`, something. */
function hasMailbox(line: string, begin: i32): boolean {
  const limit = min(line.length, begin + ADDRESS_LIMIT);
  let at = begin;
  while (at < limit && line.charCodeAt(at) !== AT && !endsMailbox(line.charCodeAt(at))) at++;
  if (at === begin || at + 1 >= limit || line.charCodeAt(at) !== AT) return false;
  const next: i32 = line.charCodeAt(at + 1);
  return next !== AT && !endsMailbox(next);
}

/** `?`, `<`, `>`, `"` or white space. */
function endsMailbox(code: i32): boolean {
  return code === 0x3f || code === 0x3c || code === 0x3e || code === 0x22 || isSpace(code);
}

/** After `www.`: a label, a dot, another label. `www.somebody@example.org` is a mail address, and is found by its `@`. */
function hasHost(line: string, begin: i32): boolean {
  const limit = min(line.length, begin + HOST_LIMIT);
  let at = begin;
  while (at < limit) {
    const code = codePointAt(line, at);
    if (code !== DASH && !isLetterOrNumber(code)) break;
    at += unitsOf(code);
  }
  if (at === begin || at + 1 >= limit || line.charCodeAt(at) !== DOT) return false;
  if (!isLetterOrNumber(codePointAt(line, at + 1))) return false;
  for (; at < limit; at++) {
    const code: i32 = line.charCodeAt(at);
    if (code === AT) return false;
    if (code === 0x2f || code === 0x23 || endsMailbox(code)) break;
  }
  return true;
}

/** After `https://`: a host's first character, or the bracket of an IPv6 address. */
function hasAuthority(line: string, begin: i32): boolean {
  if (begin >= line.length) return false;
  const code = codePointAt(line, begin);
  return code === 0x5b || isLetterOrNumber(code);
}

/** Where `/`, `?`, `#`, `:`, `@` or white space ends a host. */
function endOfHost(line: string, begin: i32, limit: i32): i32 {
  for (let at = begin; at < limit; at++) {
    const code: i32 = line.charCodeAt(at);
    if (code === 0x2f || code === 0x3f || code === 0x23 || code === 0x3a || code === AT || isSpace(code))
      return at;
  }
  return limit;
}

/**
 * Internationalized addresses have other letters as well (RFC 6531). Only scripts that put a blank between a word and
 * an address count: in Chinese, Japanese or Korean, and after a Hebrew or Arabic prefix, the address begins at the ASCII.
 */
function isLocalPart(code: i32): boolean {
  if (code > 0x7f) return isOfSpacedAlphabet(code);
  return isPlainLocalPart(code) || code === 0x25 || code === 0x3d || code === 0x24 || code === 0x26;
}

/** What needs no percent-encoding in a `mailto:` URL. */
function isPlainLocalPart(code: i32): boolean {
  if (isAsciiLetter(code) || isAsciiDigit(code)) return true;
  return code === DOT || code === 0x5f || code === PLUS || code === 0x7e || code === DASH;
}

/** A mail address around an `@`; `from` is where the previous link ended. */
function mailAddress(line: string, at: i32, from: i32): Link | null {
  let start = at;
  while (start > from && isLocalPart(line.charCodeAt(start - 1))) start--;
  if (start === at) return null;
  // Where text in those scripts ends and an address in them begins, nobody can tell; but it is not at a `+`.
  if (line.charCodeAt(start) === PLUS) return null;
  while (start < at && isLeading(line.charCodeAt(start))) start++;
  if (start === at) return null;
  const end = endOfDomain(line, at + 1);
  return end < 0 ? null : new Link(start, end, mailtoUrl(line, start, at, end));
}

/** `.`, `-`, `=` and `~` decorate what stands before an address. */
function isLeading(code: i32): boolean {
  return code === DOT || code === DASH || code === 0x3d || code === 0x7e;
}

/** The end of the domain that begins at `begin`, or -1 where none does. */
function endOfDomain(line: string, begin: i32): i32 {
  let end = begin;
  while (end < line.length) {
    const code = codePointAt(line, end);
    if (code !== DOT && code !== DASH && !isLetterOrNumber(code)) break;
    end += unitsOf(code);
  }
  while (end > begin && (line.charCodeAt(end - 1) === DOT || line.charCodeAt(end - 1) === DASH)) end--;
  end = withoutNextWord(line, begin, end);
  const top = lastLabel(line, begin, end);
  if (top === begin || hasEmptyLabel(line, begin, end)) return -1;
  return isTopLevel(line, top, end) ? end : -1;
}

/** Where what follows the last dot begins; `begin` where there is no dot. */
function lastLabel(line: string, begin: i32, end: i32): i32 {
  let top = end;
  while (top > begin && line.charCodeAt(top - 1) !== DOT) top--;
  return top;
}

function hasEmptyLabel(line: string, begin: i32, end: i32): boolean {
  for (let at = begin; at < end; at++) {
    if (line.charCodeAt(at) === DOT && (at === begin || line.charCodeAt(at - 1) === DOT)) return true;
  }
  return false;
}

/** A top-level domain of one letter or of digits alone is a version number or an abbreviation. */
function isTopLevel(line: string, begin: i32, end: i32): boolean {
  let letters = 0;
  let characters = 0;
  for (let at = begin; at < end; characters++) {
    const code = codePointAt(line, at);
    if (isLetter(code)) letters++;
    at += unitsOf(code);
  }
  return letters > 0 && characters > 1;
}

/** RFC 6068 §2: what a URI gives a meaning of its own is percent-encoded; `+` has none in mailto. */
function mailtoUrl(line: string, start: i32, at: i32, end: i32): string {
  if (isPlainUpTo(line, start, at)) return MAILTO + line.slice(start, end);
  const target = new TextBuilder(MAILTO.length + end - start);
  target.addText(MAILTO);
  for (let i = start; i < at; i++) {
    const code: i32 = line.charCodeAt(i);
    if (isPlainLocalPart(code)) target.add(code);
    else target.addText(percentEncoded(code));
  }
  target.addRange(line, at, end);
  return target.text();
}

function isPlainUpTo(line: string, start: i32, at: i32): boolean {
  for (let i = start; i < at; i++) if (!isPlainLocalPart(line.charCodeAt(i))) return false;
  return true;
}

/**
 * The end of a host's name without the word that Japanese, Chinese or Korean text goes on with: a top-level domain is
 * either in Latin letters or in others.
 */
function withoutNextWord(line: string, begin: i32, end: i32): i32 {
  const top = lastLabel(line, begin, end);
  let latin = top;
  while (latin < end && isAsciiLetter(line.charCodeAt(latin))) latin++;
  if (latin - top < 2 || latin === end) return end;
  const next = codePointAt(line, latin);
  return isLetter(next) && !isLatin(next) ? latin : end;
}

/**
 * Where a link ends: at what is never part of one, at a closing bracket that was not opened inside it, after which
 * Chinese and Japanese text goes on without a blank, and before the sentence's punctuation.
 */
function endOfLink(line: string, start: i32): i32 {
  let round = 0;
  let square = 0;
  let curly = 0;
  let end = start;
  for (; end < line.length; end++) {
    const code: i32 = line.charCodeAt(end);
    if (isStop(code)) break;
    if (code === 0x28) round++;
    else if (code === 0x5b) square++;
    else if (code === 0x7b) curly++;
    else if (code === 0x29 && --round < 0) break;
    else if (code === 0x5d && --square < 0) break;
    else if (code === 0x7d && --curly < 0) break;
  }
  while (end > start && isTrailing(line.charCodeAt(end - 1))) end--;
  return end;
}

/**
 * Never part of a link: blanks, what encloses links, the full-width punctuation that CJK text puts right after, and the
 * invisible marks by which Hebrew and Arabic text keeps a link apart from what stands around it.
 */
function isStop(code: i32): boolean {
  if (code === 0x3c || code === 0x3e || code === 0x22 || code === 0x60 || isSpace(code)) return true;
  if (code < 0x80) return false;
  if (code === 0xab || code === 0xbb || code === 0x61c) return true;
  if (code < 0x2000) return false;
  if (code < 0x3000) return isQuotationMark(code) || isDirectionMark(code);
  if (code <= 0x3011) return code <= 0x3003 || code >= 0x3008;
  // Full-width `!`, brackets, comma, full stop, colon, semicolon and `?`.
  if (code === 0xff01 || code === 0xff08 || code === 0xff09 || code === 0xff0c || code === 0xff0e)
    return true;
  return code === 0xff1a || code === 0xff1b || code === 0xff1f;
}

function isQuotationMark(code: i32): boolean {
  return code === 0x2018 || (code >= 0x201c && code <= 0x201f);
}

/** Marks, embeddings and isolates of direction, and what is without width. */
function isDirectionMark(code: i32): boolean {
  if (code === 0x200b || code === 0x200e || code === 0x200f || code === 0x2060) return true;
  return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

/** Punctuation of the sentence around a link rather than of the link. */
const TRAILING: string = ".,;:!?'*|\\\u2019\u2026";

function isTrailing(code: i32): boolean {
  for (let i = 0; i < TRAILING.length; i++) if (TRAILING.charCodeAt(i) === code) return true;
  return false;
}
