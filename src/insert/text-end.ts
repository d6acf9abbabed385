// How a text ends, as far as what is added to it depends on that.
import { CR, DASH, LF, SP } from '../mime/bytes.ts';
import { Charset } from '../mime/charset/charset.ts';
import { unitsOfText } from './text-units.ts';

export class TextEnd {
  constructor(
    readonly isEmpty: boolean,
    readonly endsWithLineEnd: boolean,
    /** The last line that is not empty ends in a space and is no signature separator: flowed text goes on (RFC 3676). */
    readonly flows: boolean,
    /** CRLF or LF, as the text's own last line end has it; '' where it has none. */
    readonly lineEnd: string,
  ) {}
}

/** @param units the end of a text, a byte for each code unit (see unitsOfText) */
export function textEndOf(units: Uint8Array): TextEnd {
  const length = units.length;
  const last = lastLineEnd(units, length);
  const lineEnd = last < 0 ? '' : last > 0 && units[last - 1] === CR ? '\r\n' : '\n';
  return new TextEnd(length === 0, length > 0 && units[length - 1] === LF, lastLineFlows(units), lineEnd);
}

function lastLineFlows(units: Uint8Array): boolean {
  let end = units.length;
  if (end > 0 && units[end - 1] === LF) end -= end > 1 && units[end - 2] === CR ? 2 : 1;
  if (end === 0 || units[end - 1] !== SP) return false;
  return !isSeparator(units, lastLineEnd(units, end) + 1, end);
}

/** `-- `, also quoted and stuffed: it is fixed, and the one line that may end in a space (RFC 3676 §4.3). */
function isSeparator(units: Uint8Array, from: i32, to: i32): boolean {
  let at = from;
  while (at < to && units[at] === GREATER_THAN) at++;
  if (to - at === 4 && units[at] === SP) at++;
  return to - at === 3 && units[at] === DASH && units[at + 1] === DASH && units[at + 2] === SP;
}

const GREATER_THAN: i32 = 0x3e;

function lastLineEnd(units: Uint8Array, end: i32): i32 {
  let at = end - 1;
  while (at >= 0 && units[at] !== LF) at--;
  return at;
}

/**
 * Whether a text already ends with this footer, whatever its line ends and whatever blank lines follow. In HTML it
 * may stand right after a tag; after a `>` in text it is somebody's quotation of it.
 * @param text the text's end, whole code units
 * @param footer as it would be written; both in the same charset (null: unknown, a superset of ASCII)
 */
export function endsWithFooter(
  text: Uint8Array,
  footer: Uint8Array,
  charset: Charset | null,
  isHtml: boolean,
): boolean {
  const unit = charset === null ? 1 : charset.unit;
  const units = unitsOfText(text, charset);
  const wanted = unitsOfText(footer, charset);
  const first = firstInLine(wanted);
  let wantedAt = withoutWhiteSpace(wanted, wanted.length);
  if (wantedAt <= first) return false;
  let at = withoutWhiteSpace(units, units.length);
  while (wantedAt > first) {
    if (wanted[wantedAt - 1] === CR) wantedAt--;
    else if (at > 0 && units[at - 1] === CR) at--;
    else if (at === 0 || !isSameUnit(text, at - 1, footer, wantedAt - 1, unit)) return false;
    else {
      at--;
      wantedAt--;
    }
  }
  if (unit === 1 && at >= 3 && text[at - 3] === ESCAPE && text[at - 2] === 0x28 && text[at - 1] === 0x42)
    at -= 3;
  while (at > 0 && units[at - 1] === CR) at--;
  return at === 0 || units[at - 1] === LF || (isHtml && units[at - 1] === GREATER_THAN);
}

/** `ESC ( B` leads back to ASCII (RFC 1468): it may stand before a footer, and belongs to the text before. */
const ESCAPE: i32 = 0x1b;

/** Where a text begins that may begin with empty lines. */
function firstInLine(units: Uint8Array): i32 {
  let at = 0;
  while (at < units.length && (units[at] === LF || units[at] === CR)) at++;
  return at;
}

function withoutWhiteSpace(units: Uint8Array, end: i32): i32 {
  let at = end;
  while (at > 0 && isTextWhiteSpace(units[at - 1])) at--;
  return at;
}

/** White space of ASCII, form feeds and vertical tabs included. */
function isTextWhiteSpace(unit: i32): boolean {
  return unit === SP || (unit >= 0x09 && unit <= 0x0d);
}

function isSameUnit(text: Uint8Array, at: i32, footer: Uint8Array, footerAt: i32, unit: i32): boolean {
  for (let i = 0; i < unit; i++) if (text[at * unit + i] !== footer[footerAt * unit + i]) return false;
  return true;
}
