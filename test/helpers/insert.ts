import type { FooterPair, PlacementWishes } from '../../src/footer/footer.ts';
import { FooterInserter } from '../../src/footer/inserter.ts';
import { type Cut, feed } from './cuts.ts';
import { DEFAULT_WISHES } from './expectation.ts';

/** The whole output for an input that arrives in these pieces. */
export function insertFooters(
  input: Uint8Array,
  footers: FooterPair,
  wishes: PlacementWishes = DEFAULT_WISHES,
  cut: Cut = [],
): Buffer {
  const pieces: Buffer[] = [];
  // What the output gets is only lent to it: it is copied at once.
  const inserter = new FooterInserter(footers, wishes, (bytes) => pieces.push(Buffer.from(bytes)));
  feed(inserter, input, cut);
  return Buffer.concat(pieces);
}

/** `AMIME_DEEP=10 npm test` runs every generated and cut case ten times as often. */
export const DEPTH = Math.max(1, Number(process.env.AMIME_DEEP ?? 1) || 1);
