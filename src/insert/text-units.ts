// A text's code units as bytes: what looks for line ends and blanks then reads every charset alike.
import { Charset } from '../mime/charset/charset.ts';
import { US_ASCII } from '../mime/charset/charsets.ts';

/** Whether bytes below 0x80 may mean something else than ASCII: wide charsets, and those that shift. */
export function needsView(charset: Charset | null): boolean {
  if (charset === null) return false;
  return !charset.asciiCompatible || charset.unit > 1 || shifts(charset);
}

/** Whether a charset has states, which escapes lead to. All that it writes is 7-bit then. */
export function shifts(charset: Charset): boolean {
  return charset.sevenBit && charset !== US_ASCII;
}

/**
 * One byte for each code unit: ASCII as itself, everything else above 0x7F.
 * @param charset null: unknown, a superset of ASCII
 * @returns `text` itself where it has this form
 */
export function unitsOfText(text: Uint8Array, charset: Charset | null): Uint8Array {
  if (charset === null || !needsView(charset)) return text;
  const units = new Uint8Array(text.length);
  const length = charset.asciiView().view(text, 0, text.length, units);
  return units.subarray(0, length);
}
