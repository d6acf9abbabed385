import { folded } from './ascii-case.ts';

/**
 * An extension as mlmmj knows it. Its commands are in lower case, and 1.3.0 drops without a word what was sent to
 * `list+Subscribe@` or `list+OWNER@`. What stands in a bounce address is a subscriber's, whose case is his own.
 */
export function asMlmmjSpellsIt(extension: string): string {
  const spelled = folded(extension);
  return spelled.startsWith(BOUNCES) ? BOUNCES + extension.slice(BOUNCES.length) : spelled;
}

/** What the extensions of bounce addresses begin with. */
export const BOUNCES = 'bounces';
