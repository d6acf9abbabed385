// What stands before the items of a numbered list.
import { trimmed } from './text-lines.ts';

/** `<ol type=…>`. */
export enum Numbering {
  Decimal,
  LowerLetter,
  UpperLetter,
  LowerRoman,
  UpperRoman,
}

/** @param type the attribute's value */
export function numberingOf(type: string): Numbering {
  if (type === 'a') return Numbering.LowerLetter;
  if (type === 'A') return Numbering.UpperLetter;
  if (type === 'i') return Numbering.LowerRoman;
  return type === 'I' ? Numbering.UpperRoman : Numbering.Decimal;
}

/** A number as the list has it; in digits where the numbering does not go as far. */
export function numeral(value: i32, numbering: Numbering): string {
  if (!isInRange(value, numbering)) return value.toString();
  switch (numbering) {
    case Numbering.LowerLetter:
      return letters(value, 0x61);
    case Numbering.UpperLetter:
      return letters(value, 0x41);
    case Numbering.LowerRoman:
      return roman(value, LOWER_ROMAN);
    case Numbering.UpperRoman:
      return roman(value, UPPER_ROMAN);
    default:
      return value.toString();
  }
}

/** How long `numeral` is, without a string for each item of a long list. */
export function numeralLength(value: i32, numbering: Numbering): i32 {
  const isRoman = numbering === Numbering.LowerRoman || numbering === Numbering.UpperRoman;
  let length: i32 = value < 0 ? 1 : 0;
  if (!isInRange(value, numbering) || numbering === Numbering.Decimal) {
    for (let rest = value; length === 0 || rest !== 0; rest = i32(rest / 10)) length++;
  } else if (isRoman) {
    for (let rest = value; rest > 0; rest = i32(rest / 10)) length += ROMAN_LENGTHS[rest % 10];
  } else {
    for (let rest = value; rest > 0; rest = i32((rest - 1) / 26)) length++;
  }
  return length;
}

function isInRange(value: i32, numbering: Numbering): boolean {
  if (numbering === Numbering.LowerRoman || numbering === Numbering.UpperRoman)
    return value > 0 && value < 4000;
  return numbering === Numbering.Decimal || value > 0;
}

/** a to z, aa to zz, … */
function letters(value: i32, first: i32): string {
  let text = '';
  for (let rest = value; rest > 0; rest = i32((rest - 1) / 26)) {
    text = String.fromCharCode(first + ((rest - 1) % 26)) + text;
  }
  return text;
}

/** How long each digit is in Roman, whatever its place, and where it begins among those of its place. */
const ROMAN_LENGTHS: StaticArray<i32> = [0, 1, 2, 3, 2, 1, 2, 3, 4, 2];
const ROMAN_STARTS: StaticArray<i32> = [0, 0, 1, 3, 6, 8, 9, 11, 14, 18];
const ROMAN_PLACE: i32 = 20;

/** The digits 1 to 9 of the units, of the tens, of the hundreds, and 1 to 3 of the thousands. */
const LOWER_ROMAN: string = 'iiiiiiivvviviiviiiixxxxxxxxlllxlxxlxxxxccccccccdddcdccdccccmmmmmmm';
const UPPER_ROMAN: string = 'IIIIIIIVVVIVIIVIIIIXXXXXXXXLLLXLXXLXXXXCCCCCCCCDDDCDCCDCCCCMMMMMMM';

function roman(value: i32, digits: string): string {
  let text = '';
  let place: i32 = 0;
  for (let rest = value; rest > 0; rest = i32(rest / 10)) {
    const start = place + ROMAN_STARTS[rest % 10];
    text = digits.slice(start, start + ROMAN_LENGTHS[rest % 10]) + text;
    place += ROMAN_PLACE;
  }
  return text;
}

/** The value of a `start` attribute; 1 where it has none that a list begins with. */
export function startOf(value: string): i32 {
  const text = trimmed(value);
  const isNegative = text.startsWith('-');
  let number: i32 = 0;
  let digits = 0;
  for (let i: i32 = isNegative || text.startsWith('+') ? 1 : 0; i < text.length; i++) {
    const digit: i32 = i32(text.charCodeAt(i)) - 0x30;
    if (digit < 0 || digit > 9 || digits === 9) break;
    number = number * 10 + digit;
    digits++;
  }
  if (digits === 0) return 1;
  return isNegative ? -number : number;
}
