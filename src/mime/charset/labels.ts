// What a `charset` parameter means. Labels are compared as UTS #22 §1.4 has it: letters and digits count, their case
// and what stands between them does not (`ISO_8859-1`, `iso8859_1`, `'ISO 8859 1'`).
import { lowerCase } from '../bytes.ts';
import { CHARSETS, LABELS } from './data/labels.ts';

/** Longer ones mean nothing to anybody. */
const LONGEST: i32 = 64;

/** A unit from here on ends a label in LABELS, and tells its charset. */
const CHARSET_UNIT: i32 = 0x100;

const LETTER_X: i32 = 0x78;

/** The name of the charset that a label means; '' where nobody knows it. */
export function charsetName(label: string): string {
  let form = compared(label);
  let name = found(form);
  // Many a label begins with `x-` because it was not registered when it was first used.
  while (name === '' && form.length > 0 && form.charCodeAt(0) === LETTER_X) {
    form = form.substring(1);
    name = found(form);
  }
  return name === '' && form.startsWith(ISO_8859) ? found(withoutSuffix(label)) : name;
}

/** Whether only a byte-order mark tells in which order its bytes are (RFC 2781 §4.3). */
export function needsByteOrderMark(label: string): boolean {
  const name = charsetName(label);
  return name === 'utf-16' || name === 'utf-32';
}

/**
 * Unknown labels are taken to be supersets of ASCII, which is what readers do. These known ones are not: adding
 * ASCII bytes to them would damage the text, so such a part is left alone.
 */
export function excludesAscii(label: string): boolean {
  const name = charsetName(label);
  if (name !== '') return name.startsWith('utf-16') || name.startsWith('utf-32');
  const form = compared(label);
  if (form.startsWith('utf16') || form.startsWith('utf32') || form.startsWith('utfebcdic')) return true;
  if (form.startsWith('ucs2') || form.startsWith('ucs4') || form.startsWith('csucs4')) return true;
  if (form.startsWith('iso10646')) return form !== 'iso10646utf1';
  if (form.startsWith('csunicode') || form.startsWith('bocu') || form.startsWith('csbocu')) return true;
  if (form.startsWith('extendedunixcodefixedwidth') || form === 'cseucfixwidjapanese') return true;
  return isEbcdic(form);
}

function isEbcdic(form: string): boolean {
  if (form.startsWith('ebcdic') || form.startsWith('csebcdic') || form.startsWith('csibmebcdic')) return true;
  if (form.startsWith('osdebcdic') || form.startsWith('csosdebcdic')) return true;
  let at = 0;
  if (form.startsWith('csibm')) at = 5;
  else if (form.startsWith('ccsid')) at = 5;
  else if (form.startsWith('ibm')) at = 3;
  else if (form.startsWith('cp')) at = 2;
  const page = numberAt(form, at);
  if (page >= 1140 && page <= 1149) return true;
  switch (page) {
    case 37:
    case 38:
    case 273:
    case 274:
    case 275:
    case 277:
    case 278:
    case 280:
    case 281:
    case 284:
    case 285:
    case 290:
    case 297:
    case 420:
    case 423:
    case 424:
    case 500:
    case 838:
    case 870:
    case 871:
    case 880:
    case 905:
    case 918:
    case 924:
    case 1026:
    case 1047:
      return true;
    default:
      return form === 'ibmthai' || form === 'csibmthai';
  }
}

/** The number that all of the form is from `at` on, or -1. */
function numberAt(form: string, at: i32): i32 {
  let number = 0;
  for (let i = at; i < form.length; i++) {
    if (!isDigit(form.charCodeAt(i)) || number > 9999) return -1;
    number = 10 * number + form.charCodeAt(i) - 0x30;
  }
  return at < form.length ? number : -1;
}

function isDigit(unit: i32): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

const ISO_8859 = 'iso8859';

/** QUIRK: `iso-8859-8-visual`, `iso_8859-15:1999`: a charset of the family, whatever follows its number. */
function withoutSuffix(label: string): string {
  const family = '8859';
  let at = label.indexOf(family) + family.length;
  if (at < label.length && !isDigit(label.charCodeAt(at))) at++;
  let end = at;
  while (end < label.length && isDigit(label.charCodeAt(end))) end++;
  return ISO_8859 + label.substring(at, end);
}

/** The letters and digits of a label, in lower case; '' where it is too long. */
function compared(label: string): string {
  if (label.length > LONGEST) return '';
  let form = '';
  for (let i = 0; i < label.length; i++) {
    const unit = lowerCase(label.charCodeAt(i));
    if (isDigit(unit) || (unit >= 0x61 && unit <= 0x7a)) form += String.fromCharCode(unit);
  }
  return form;
}

/** By binary search over LABELS. */
function found(form: string): string {
  let low = 0;
  let high = LABELS.length;
  while (low < high) {
    let from = (low + high) >> 1;
    while (from > low && LABELS.charCodeAt(from - 1) < CHARSET_UNIT) from--;
    let to = from;
    while (LABELS.charCodeAt(to) < CHARSET_UNIT) to++;
    const order = compare(form, from, to);
    if (order === 0) return CHARSETS[LABELS.charCodeAt(to) - CHARSET_UNIT];
    if (order < 0) high = from;
    else low = to + 1;
  }
  return '';
}

/** Below 0 where the form is before LABELS[from, to), 0 where they are equal. */
function compare(form: string, from: i32, to: i32): i32 {
  const length = to - from;
  for (let i = 0; i < form.length && i < length; i++) {
    const difference = form.charCodeAt(i) - LABELS.charCodeAt(from + i);
    if (difference !== 0) return difference;
  }
  return form.length - length;
}
