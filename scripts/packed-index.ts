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
  const stretches = restStretches(codes);
  const units: number[] = [];
  for (let from = 0; from < codes.length; ) {
    const end = stretches.get(from);
    const kind = end === undefined ? kindOf(codes[from]!) : REST;
    let to = end ?? from + 1;
    const isSame = () => !stretches.has(to) && kindOf(codes[to]!) === kind;
    while (end === undefined && to < codes.length && to - from < LONGEST && isSame()) to++;
    units.push((kind << LENGTH_BITS) | (to - from));
    if (kind === REST) units.push(codes[from]!);
    if (kind === LITERAL || kind === LITERAL_PLANE_2)
      for (let pointer = from; pointer < to; pointer++) units.push(codes[pointer]! & 0xffff);
    from = to;
  }
  return units;
}

function kindOf(code: number): number {
  if (code === 0) return HOLE;
  return code > 0xffff ? LITERAL_PLANE_2 : LITERAL;
}

/**
 * Stretches of ascending code points between which nothing is left out but what stands elsewhere in the index. Each
 * such stretch forces the characters that it leaves out to be literal, or to be in a stretch before it.
 * @returns the first pointer of each, and the one after its last
 */
function restStretches(codes: readonly number[]): Map<number, number> {
  const known = new Set(codes);
  const forced = new Set<number>();
  const placed = new Set<number>();
  const stretches = new Map<number, number>();
  for (let from = 0; from < codes.length; ) {
    const to = endOfStretch(codes, from, known, forced);
    if (to - from < SHORTEST_REST) {
      from = Math.max(to, from + 1);
      continue;
    }
    stretches.set(from, to);
    for (let pointer = from; pointer < to; pointer++) {
      placed.add(codes[pointer]!);
      for (let code = (codes[pointer - 1] ?? 0) + 1; pointer > from && code < codes[pointer]!; code++)
        if (!placed.has(code)) forced.add(code);
    }
    from = to;
  }
  return stretches;
}

function endOfStretch(
  codes: readonly number[],
  from: number,
  known: ReadonlySet<number>,
  forced: ReadonlySet<number>,
): number {
  if (codes[from] === 0 || forced.has(codes[from]!)) return from;
  let to = from + 1;
  for (; to < codes.length && to - from < LONGEST; to++) {
    const code = codes[to]!;
    if (code <= codes[to - 1]! || code > codes[to - 1]! + WIDEST_GAP || code > 0xffff || forced.has(code))
      break;
    let between = codes[to - 1]! + 1;
    while (between < code && known.has(between)) between++;
    if (between < code) break;
  }
  return to;
}
