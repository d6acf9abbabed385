/** How a recipient's local part can be read: as a list's name alone, or as a name, a delimiter and an extension. Pure. */
import { folded } from '../list/ascii-case.ts';

/** One reading of a local part. */
export interface Reading {
  readonly name: string;
  /** Delimiter and extension, '' for a name alone. Which of it is the delimiter only the list knows. */
  readonly rest: string;
}

/** A hostile local part must not cost hundreds of looks at the disk. mlmmj's bounce addresses have a handful. */
const READINGS_LIMIT = 32;

/**
 * All readings, longest name first, so that a list whose own name holds a delimiter is found before one with a shorter
 * name. A delimiter is taken to begin with something that is neither a letter nor a digit. The name is folded to
 * lower case, as pipe(8)'s flag `u` does; the extension stays as it is.
 */
export function readings(localPart: string): Reading[] {
  const found: Reading[] = [];
  for (const { index } of localPart.matchAll(/[^\p{L}\p{N}]/gu)) {
    if (found.length === READINGS_LIMIT - 1) break;
    if (index > 0) found.push({ name: folded(localPart.slice(0, index)), rest: localPart.slice(index) });
  }
  found.push({ name: folded(localPart), rest: '' });
  return found.reverse().filter(({ name }) => isSafeName(name));
}

/** Bytes: the longest name that file systems take. */
const NAME_LIMIT = 255;

/**
 * Whether a text from the network may be a directory's name, or part of one: no slash, no control or invisible
 * character, no blank, no dot in front (`..` is one of these, and hidden directories are nobody's list).
 */
export function isSafeName(name: string): boolean {
  return (
    /^[^.\p{C}\p{Z}/\\\ufffd][^\p{C}\p{Z}/\\\ufffd]*$/u.test(name) && Buffer.byteLength(name) <= NAME_LIMIT
  );
}
