/**
 * Where a stream of bytes is cut into pieces. A fault at a chunk edge shows only at certain cuts, so the short cases
 * are tried at all of them: fixed piece sizes are no chunk test.
 */

/** Strictly increasing offsets inside the input; n offsets make n + 1 pieces, none of them empty. */
export type Cut = readonly number[];

/** What a stream under test looks like from the outside. */
export interface Sink {
  write(chunk: Uint8Array): void;
  end(): void;
}

export function* twoPieceCuts(length: number): Generator<Cut> {
  for (let first = 1; first < length; first++) yield [first];
}

/** Grows with the square of the length: for inputs of a few hundred bytes. */
export function* threePieceCuts(length: number): Generator<Cut> {
  for (let first = 1; first < length; first++) {
    for (let second = first + 1; second < length; second++) yield [first, second];
  }
}

/** `count` cuts into two to twenty pieces; the same seed gives the same cuts. Half of them have tiny pieces. */
export function* randomCuts(length: number, seed: number, count: number): Generator<Cut> {
  const random = seededRandom(seed);
  for (let i = 0; i < count && length > 1; i++) {
    const offsets = new Set<number>();
    const tiny = i % 2 === 1;
    let at = Math.floor(random() * (length - 1));
    for (let n = 1 + Math.floor(random() * 19); n > 0; n--) {
      at = tiny ? at + 1 + Math.floor(random() * 3) : Math.floor(random() * length);
      if (at > 0 && at < length) offsets.add(at);
    }
    yield [...offsets].sort((a, b) => a - b);
  }
}

export function everyByte(length: number): Cut {
  return Array.from({ length: Math.max(0, length - 1) }, (_, i) => i + 1);
}

/** Pieces of a fixed size, as a pipe or a socket gives them. */
export function piecesOf(size: number, length: number): Cut {
  return Array.from({ length: Math.max(0, Math.ceil(length / size) - 1) }, (_, i) => (i + 1) * size);
}

/**
 * Writes the input in pieces and ends the sink. Each piece stands in a buffer that is overwritten as soon as `write`
 * has returned, as a reader that reuses its buffer does: who keeps a view instead of a copy is found out.
 */
export function feed(sink: Sink, input: Uint8Array, cut: Cut): void {
  const room = new Uint8Array(input.length);
  let from = 0;
  for (const to of [...cut, input.length]) {
    const piece = room.subarray(0, to - from);
    piece.set(input.subarray(from, to));
    sink.write(piece);
    piece.fill(0x5a);
    from = to;
  }
  sink.end();
}

/** The cut in words, with the bytes on both sides of each offset (at most three are shown). */
export function describeCut(input: Uint8Array, cut: Cut): string {
  const shown = cut.slice(0, 3).map((offset) => {
    const before = Buffer.from(input.subarray(Math.max(0, offset - 12), offset)).toString('latin1');
    const after = Buffer.from(input.subarray(offset, offset + 12)).toString('latin1');
    return `${offset} (${JSON.stringify(before)} | ${JSON.stringify(after)})`;
  });
  return `cut into ${cut.length + 1} pieces at ${shown.join(', ')}${cut.length > 3 ? ', …' : ''}`;
}

/**
 * Runs the input through `run` at each of the cuts and says the first one whose output is not `expected`;
 * undefined when all are the same.
 */
export function firstDifferingCut(
  input: Uint8Array,
  expected: Uint8Array,
  cuts: Iterable<Cut>,
  run: (input: Uint8Array, cut: Cut) => Uint8Array,
): string | undefined {
  for (const cut of cuts) {
    const output = Buffer.from(run(input, cut));
    if (!output.equals(expected)) {
      return `${describeCut(input, cut)} gives another output, ${describeDifference(expected, output)}`;
    }
  }
  return undefined;
}

/** Where two byte strings part, with what stands there in each. */
export function describeDifference(expected: Uint8Array, found: Uint8Array): string {
  let at = 0;
  while (at < expected.length && at < found.length && expected[at] === found[at]) at++;
  const show = (bytes: Uint8Array) =>
    JSON.stringify(Buffer.from(bytes.subarray(Math.max(0, at - 20), at + 40)).toString('latin1'));
  return `first at offset ${at}: expected …${show(expected)}…, found …${show(found)}…`;
}

/** Mulberry32: small, and the same on every runtime. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
