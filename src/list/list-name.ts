// How a recipient's local part can be read: as a list's name alone, or as a name, a delimiter and an extension. Node only.
import { asciiLower } from '../mime/bytes.ts';

/** One way to split a local part. */
export interface CandidateSplit {
  /** In lower case, as pipe(8)'s flag `u` makes it. */
  readonly name: string;
  /** Delimiter and extension as they came, '' for a name alone. Which of it is the delimiter only the list knows. */
  readonly remainder: string;
}

/** A hostile local part must not cost hundreds of looks at the disk. mlmmj's bounce addresses have a handful. */
const SPLITS_LIMIT = 32;

/**
 * All splits, longest name first, so that a list whose own name holds a delimiter is found before one with a shorter
 * name. A delimiter is taken to begin with something that is neither a letter nor a digit.
 */
export function candidateSplits(localPart: string): CandidateSplit[] {
  const found: CandidateSplit[] = [];
  for (const { index } of localPart.matchAll(/[^\p{L}\p{N}]/gu)) {
    if (found.length === SPLITS_LIMIT - 1) break;
    if (index > 0)
      found.push({ name: asciiLower(localPart.slice(0, index)), remainder: localPart.slice(index) });
  }
  found.push({ name: asciiLower(localPart), remainder: '' });
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
