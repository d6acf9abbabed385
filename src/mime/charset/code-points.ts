// The characters of a string, one by one.

/** Stands for half a surrogate pair, which is no character. */
export const REPLACEMENT: i32 = 0xfffd;

/** The character that begins at `index`, which is below the text's length. */
export function codePointAt(text: string, index: i32): i32 {
  const unit: i32 = text.charCodeAt(index);
  if ((unit & 0xf800) !== 0xd800) return unit;
  const next: i32 = index + 1 < text.length ? text.charCodeAt(index + 1) : 0;
  const isPair = unit < 0xdc00 && (next & 0xfc00) === 0xdc00;
  return isPair ? 0x10000 + ((unit - 0xd800) << 10) + (next - 0xdc00) : REPLACEMENT;
}

/** How many UTF-16 code units this character has. */
export function unitsOf(point: i32): i32 {
  return point < 0x10000 ? 1 : 2;
}

/**
 * A character of the basic plane that has no meaning but between those who agreed on one. Decoders put there what no
 * standard defines: nobody else can tell what it was.
 */
export function isPrivateUse(point: i32): boolean {
  return point >= 0xe000 && point <= 0xf8ff;
}
