/** Which lines of a message change, to the byte. */
import { LF } from '../mime/bytes.ts';

/** A run of lines that differ. Offsets and lengths are bytes. */
export interface Change {
  readonly before: Span;
  readonly after: Span;
}

export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** More edits than this in one place are shown as one: a part that was converted as a whole is no use line by line. */
const EDITS_LIMIT = 1000;

/** The changes in order. Both messages are held by the caller; the work is linear in their size for few edits. */
export function changesOf(before: Buffer, after: Buffer): Change[] {
  // Lines cost many times their bytes, and most of a large message is an attachment before or after all changes.
  const head = commonHead(before, after);
  const tail = commonTail(before, after, head);
  const old = linesOf(before.subarray(head, before.length - tail));
  const fresh = linesOf(after.subarray(head, after.length - tail));
  const [oldStarts, freshStarts] = [startsOf(old, head), startsOf(fresh, head)];
  return differingRuns(old, fresh).map(([oldFrom, oldTo, freshFrom, freshTo]) => ({
    before: spanOf(oldStarts, oldFrom, oldTo),
    after: spanOf(freshStarts, freshFrom, freshTo),
  }));
}

/** How many bytes of whole lines both begin with. */
function commonHead(a: Buffer, b: Buffer): number {
  const room = Math.min(a.length, b.length);
  let length = 0;
  while (length < room && a[length] === b[length]) length++;
  if (length === a.length && length === b.length) return length;
  return length === 0 ? 0 : a.lastIndexOf(LF, length - 1) + 1;
}

/** How many bytes of whole lines both end with, after the lines that they begin with. */
function commonTail(a: Buffer, b: Buffer, head: number): number {
  const room = Math.min(a.length, b.length) - head;
  let length = 0;
  while (length < room && a[a.length - 1 - length] === b[b.length - 1 - length]) length++;
  const isLineStart = (message: Buffer) => {
    const at = message.length - length;
    return at === head || message[at - 1] === LF;
  };
  if (isLineStart(a) && isLineStart(b)) return length;
  const lineEnd = a.indexOf(LF, a.length - length);
  return lineEnd < 0 ? 0 : a.length - lineEnd - 1;
}

/** In the manner of a unified diff; every byte that is not a visible ASCII character is spelled out. */
export function renderChanges(name: string, before: Buffer, after: Buffer): string {
  const changes = changesOf(before, after);
  if (changes.length === 0) return '';
  const hunks = changes.map((change) => {
    const place = ({ offset, length }: Span) => `${offset},${length}`;
    return [
      `@@ -${place(change.before)} +${place(change.after)} @@ bytes`,
      ...spelled('-', before, change.before),
      ...spelled('+', after, change.after),
    ].join('\n');
  });
  return `--- ${name}\n+++ ${name} with the footer\n${hunks.join('\n')}\n`;
}

function spelled(mark: string, message: Buffer, { offset, length }: Span): string[] {
  return linesOf(message.subarray(offset, offset + length)).map((line) => {
    const visible = line
      .replace(/\n$/, '')
      .replace(/[^ -[\]-~]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)
      .replace(/ $/, '\\x20');
    return line.endsWith('\n') ? `${mark}${visible}` : `${mark}${visible}\n\\ no newline at the end`;
  });
}

/** Lines with their line ends, as latin1 characters. */
function linesOf(message: Buffer): string[] {
  return message.toString('latin1').match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function startsOf(lines: readonly string[], from: number): number[] {
  const starts = [from];
  for (const line of lines) starts.push(starts.at(-1)! + line.length);
  return starts;
}

function spanOf(starts: readonly number[], from: number, to: number): Span {
  return { offset: starts[from]!, length: starts[to]! - starts[from]! };
}

type Run = [oldFrom: number, oldTo: number, freshFrom: number, freshTo: number];

/**
 * Myers's greedy algorithm (An O(ND) Difference Algorithm, 1986): the fewest inserted and deleted lines. Its trace is
 * as large as the square of the number of edits, hence the limit.
 */
function differingRuns(old: readonly string[], fresh: readonly string[]): Run[] {
  if (old.length === 0 && fresh.length === 0) return [];
  const trace = shortestTrace(old, fresh);
  if (trace === undefined) return [[0, old.length, 0, fresh.length]];
  const runs: Run[] = [];
  let [x, y] = [old.length, fresh.length];
  for (let edits = trace.length - 1; edits > 0; edits--) {
    const reach = trace[edits - 1]!;
    const diagonal = x - y;
    const isInsertion =
      diagonal === -edits || (diagonal !== edits && reach.get(diagonal - 1)! < reach.get(diagonal + 1)!);
    const from = isInsertion ? diagonal + 1 : diagonal - 1;
    const [fromX, fromY] = [reach.get(from)!, reach.get(from)! - from];
    const [toX, toY] = isInsertion ? [fromX, fromY + 1] : [fromX + 1, fromY];
    const next = runs[0];
    if (next && next[0] === toX && next[2] === toY) runs[0] = [fromX, next[1], fromY, next[3]];
    else runs.unshift([fromX, toX, fromY, toY]);
    [x, y] = [fromX, fromY];
  }
  return runs;
}

/** How far each diagonal reaches after 0, 1, 2… edits; undefined past the limit. */
function shortestTrace(old: readonly string[], fresh: readonly string[]): Map<number, number>[] | undefined {
  const trace: Map<number, number>[] = [];
  let reach = new Map<number, number>();
  for (let edits = 0; edits <= EDITS_LIMIT; edits++) {
    const further = new Map<number, number>();
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const down = reach.get(diagonal + 1) ?? -1;
      const right = reach.get(diagonal - 1) ?? -1;
      let x =
        edits === 0 ? 0 : diagonal === -edits || (diagonal !== edits && right < down) ? down : right + 1;
      while (x < old.length && x - diagonal < fresh.length && old[x] === fresh[x - diagonal]) x++;
      further.set(diagonal, x);
      if (x >= old.length && x - diagonal >= fresh.length) {
        trace.push(further);
        return trace;
      }
    }
    trace.push(further);
    reach = further;
  }
  return undefined;
}
