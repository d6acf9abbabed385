/**
 * Byte pair encoding: of many short texts with much in common, the pair of codes that is met most often becomes a code
 * of its own, until there are no codes left. What was packed so can be read from anywhere, without a dictionary of
 * strings.
 */

const CODES = 256;

/** A pair that is met less often is not worth its place. */
const LEAST = 4;

export interface PackedTexts {
  /** The codes of each text. */
  readonly texts: readonly (readonly number[])[];
  /** By code: the two codes that it stands for, the first one low; 0 where it is itself a character. */
  readonly pairs: readonly number[];
}

/** @param texts in ASCII */
export function packedTexts(texts: readonly string[]): PackedTexts {
  let packed = texts.map((text) => Array.from(text, (character) => character.charCodeAt(0)));
  const characters = new Set(packed.flat());
  const pairs = new Array<number>(CODES).fill(0);
  // Code 0 stays unused: a pair of it with itself would look like none.
  for (let code = 1; code < CODES; code++) {
    if (characters.has(code)) continue;
    const pair = mostFrequentPair(packed);
    if (pair === 0) break;
    pairs[code] = pair;
    packed = packed.map((codes) => replaced(codes, pair, code));
  }
  return { texts: packed, pairs };
}

/** The first of those that are met most often; 0 where none is worth it. */
function mostFrequentPair(texts: readonly (readonly number[])[]): number {
  const counts = new Uint32Array(CODES * CODES);
  for (const codes of texts)
    for (let i = 1; i < codes.length; i++) counts[codes[i - 1]! | (codes[i]! << 8)]!++;
  let best = 0;
  for (let pair = 1; pair < counts.length; pair++) if (counts[pair]! > counts[best]!) best = pair;
  return counts[best]! < LEAST ? 0 : best;
}

function replaced(codes: readonly number[], pair: number, code: number): number[] {
  const result: number[] = [];
  for (let i = 0; i < codes.length; i++) {
    const isPair = i + 1 < codes.length && (codes[i]! | (codes[i + 1]! << 8)) === pair;
    result.push(isPair ? code : codes[i]!);
    if (isPair) i++;
  }
  return result;
}
