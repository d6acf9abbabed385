/**
 * Packs an index of the Encoding Standard: encoding-index.ts unpacks it when a message first needs it. The large sets
 * consist of a national standard in an order of its own and of all other ideographs or syllables in Unicode's order:
 * of the latter nothing but their number has to be kept.
 */

/** A segment begins with its kind and its length in one unit. */
const HOLE = 0;
const LITERAL = 1;
const REST = 2;
const LITERAL_PLANE_2 = 3;

const LENGTH_BITS = 13;
const LONGEST = (1 << LENGTH_BITS) - 1;

/** Shorter stretches would force more characters to be spelled out than they save. */
const SHORTEST_REST = 20;

/** A wider gap is where a stretch of another order happens to go on upwards. */
const WIDEST_GAP = 50;

/** @param codes code points by pointer, 0 where there is none */
export function packedIndex(codes: readonly number[]): number[] {
  const isRest = restPointers(codes);
  const units: number[] = [];
  for (let from = 0; from < codes.length; ) {
    const kind = kindOf(codes, isRest, from);
    let to = from + 1;
    while (to < codes.length && to - from < LONGEST && kindOf(codes, isRest, to) === kind) to++;
    units.push((kind << LENGTH_BITS) | (to - from));
    if (kind === REST) units.push(codes[from]!);
    if (kind === LITERAL || kind === LITERAL_PLANE_2)
      for (let pointer = from; pointer < to; pointer++) units.push(codes[pointer]! & 0xffff);
    from = to;
  }
  return units;
}

function kindOf(codes: readonly number[], isRest: readonly boolean[], pointer: number): number {
  if (codes[pointer] === 0) return HOLE;
  if (isRest[pointer]) return REST;
  return codes[pointer]! > 0xffff ? LITERAL_PLANE_2 : LITERAL;
}

/**
 * Stretches of ascending code points between which nothing is left out but what stands elsewhere in the index. Each
 * such stretch forces the characters that it leaves out to be literal, or to be in a stretch before it.
 */
function restPointers(codes: readonly number[]): boolean[] {
  const known = new Set(codes);
  const forced = new Set<number>();
  const placed = new Set<number>();
  const isRest = codes.map(() => false);
  for (let from = 0; from < codes.length; ) {
    const to = endOfStretch(codes, from, known, forced);
    if (to - from < SHORTEST_REST) {
      from = Math.max(to, from + 1);
      continue;
    }
    for (let pointer = from; pointer < to; pointer++) {
      isRest[pointer] = true;
      placed.add(codes[pointer]!);
      for (let code = (codes[pointer - 1] ?? 0) + 1; pointer > from && code < codes[pointer]!; code++)
        if (!placed.has(code)) forced.add(code);
    }
    from = to;
  }
  return isRest;
}

function endOfStretch(
  codes: readonly number[],
  from: number,
  known: ReadonlySet<number>,
  forced: ReadonlySet<number>,
): number {
  if (codes[from] === 0 || forced.has(codes[from]!)) return from;
  let to = from + 1;
  for (; to < codes.length; to++) {
    const code = codes[to]!;
    if (code <= codes[to - 1]! || code > codes[to - 1]! + WIDEST_GAP || code > 0xffff || forced.has(code))
      break;
    let between = codes[to - 1]! + 1;
    while (between < code && known.has(between)) between++;
    if (between < code) break;
  }
  return to;
}
