/**
 * For mail whose structure nobody can be sure of: every difference between input and output must be a piece put in,
 * a Content-Type or Content-Transfer-Encoding field rewritten, or text written in another encoding. What was lost or
 * changed in any other way is a fault. Linear in the message, quadratic only in the number of changed lines.
 */
import { oneInsertion, oneTextInsertion, quotedPrintableDecoded } from './insertion.ts';
import type { MarkedPair } from './sight.ts';

export interface Hunk {
  /** Whole lines with their endings. */
  readonly removed: Buffer;
  readonly added: Buffer;
  /** Offsets into input and output. */
  readonly at: number;
  readonly outputAt: number;
}

/**
 * Stands among the charsets where the message has base64. There the letters are compared: what is noise to a decoder and
 * stands inside the group that is written again may go with it.
 */
const BASE64 = 'base64';

/** More changed lines than this are not taken apart: the whole stretch is one hunk. */
const MOST_CHANGES = 1500;

export function differenceFaults(input: Buffer, output: Buffer, pair: MarkedPair): string[] {
  if (input.equals(output)) return [];
  const hunks = lineHunks(input, output);
  const charsets = charsetsNamedIn(input);
  const all = Buffer.concat(hunks.map((hunk) => hunk.added));
  const open = hunks.filter((hunk) => !isExplained(hunk, charsets) && !isMoved(hunk, all));
  const faults: string[] = [];
  // Text in another encoding has few lines in common with what it was: then the whole stretch is one change.
  if (
    open.length > 0 &&
    !stretchesAround(open, hunks).some((one) => isExplained(stretch(one, input, output), charsets))
  ) {
    for (const hunk of open) {
      const show = (bytes: Buffer) => JSON.stringify(bytes.subarray(0, 120).toString('latin1'));
      faults.push(`at offset ${hunk.at} the input's ${show(hunk.removed)} became ${show(hunk.added)}`);
    }
  }
  const added = Buffer.concat(hunks.map((hunk) => oneInsertion(hunk.removed, hunk.added) ?? hunk.added));
  // A header may have been made ready for a footer that then found no safe place.
  const onlyFields = hunks.every((hunk) => isField(hunk.added.toString('latin1')));
  const onlyNewline = /^\s*$/.test(added.toString('latin1'));
  if (!onlyNewline && !onlyFields && !containsMarker(all, pair.marker))
    faults.push('something was put in that is not the footer');
  return faults;
}

function isExplained({ removed, added }: Hunk, charsets: readonly string[]): boolean {
  if (oneInsertion(removed, added) !== undefined) return true;
  const was = removed.toString('latin1');
  if (isField(was) && isField(added.toString('latin1'))) return true;
  if (charsets.includes(BASE64)) {
    // The hunk may begin anywhere in a group.
    for (const skip of [0, 1, 2, 3]) {
      const [a, b] = [removed, added].map((bytes) => Buffer.from(lettersOf(bytes).slice(skip), 'base64'));
      if (a!.length === 0 && lettersOf(removed) !== '') break;
      if (oneInsertion(a!, b!) !== undefined || b!.subarray(0, a!.length).equals(a!)) return true;
    }
  }
  return readingsOf(withoutFields(removed)).some((before) =>
    readingsOf(withoutFields(added)).some(
      (after) => oneInsertion(before, after) !== undefined || isSameText(before, after, charsets),
    ),
  );
}

function lettersOf(bytes: Buffer): string {
  return bytes.toString('latin1').replace(/[^A-Za-z0-9+/]/g, '');
}

/** Without the fields that may change, where a stretch begins with them. */
function withoutFields(bytes: Buffer): Buffer {
  const lines = linesOf(bytes);
  const first = lines.findIndex((line) => !isField(line));
  return Buffer.from(lines.slice(Math.max(0, first)).join(''), 'latin1');
}

function isField(text: string): boolean {
  return (
    /^(content-type|content-transfer-encoding|mime-version)[ \t]*:/i.test(text) || /^[ \t]+\S/.test(text)
  );
}

/** The bytes as they stand, as quoted-printable, and as base64 where they look like it. */
function readingsOf(bytes: Buffer): Buffer[] {
  const text = bytes.toString('latin1');
  const isBase64 = /^[A-Za-z0-9+/=\s]+$/.test(text);
  return [bytes, quotedPrintableDecoded(bytes), ...(isBase64 ? [Buffer.from(text, 'base64')] : [])];
}

function isSameText(before: Buffer, after: Buffer, charsets: readonly string[]): boolean {
  const now = decodedAs('utf-8', after);
  return charsets.some((charset) => {
    const then = decodedAs(charset, before);
    return then !== undefined && now !== undefined && oneTextInsertion(then, now) !== undefined;
  });
}

/** A field that went into the first part of a wrap, or that stayed while others went. */
function isMoved({ removed }: Hunk, added: Buffer): boolean {
  return /^[\x21-\x39\x3b-\x7e]+[ \t]*:/.test(removed.toString('latin1')) && added.includes(removed);
}

/** Every run of hunks that holds all the open ones. */
function stretchesAround(open: readonly Hunk[], hunks: readonly Hunk[]): Hunk[][] {
  const [first, last] = [hunks.indexOf(open[0]!), hunks.indexOf(open.at(-1)!)];
  const starts = Array.from({ length: Math.min(first, 20) + 1 }, (_, i) => first - i);
  const ends = Array.from({ length: Math.min(hunks.length - 1 - last, 20) + 1 }, (_, i) => last + i);
  return starts.flatMap((start) => ends.map((end) => hunks.slice(start, end + 1)));
}

/** From the first hunk to the last as one: what was kept between them included. */
function stretch(hunks: readonly Hunk[], input: Buffer, output: Buffer): Hunk {
  const [first, last] = [hunks[0]!, hunks.at(-1)!];
  return {
    removed: input.subarray(first.at, last.at + last.removed.length),
    added: output.subarray(first.outputAt, last.outputAt + last.added.length),
    at: first.at,
    outputAt: first.outputAt,
  };
}

function decodedAs(charset: string, bytes: Buffer): string | undefined {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return undefined;
  }
}

function charsetsNamedIn(message: Buffer): string[] {
  const named = message.toString('latin1').match(/charset\*?=\s*"?[\w-]+/gi) ?? [];
  const encodings = /^content-transfer-encoding:\s*base64/im.test(message.toString('latin1')) ? [BASE64] : [];
  return [
    ...encodings,
    'windows-1252',
    ...new Set(named.map((one) => one.replace(/^.*=\s*"?/, '').toLowerCase())),
  ];
}

function containsMarker(added: Buffer, marker: string): boolean {
  const text = added.toString('latin1');
  if (text.includes(marker) || quotedPrintableDecoded(added).toString('latin1').includes(marker)) return true;
  if (text.replaceAll('\0', '').includes(marker)) return true;
  // A footer in base64 may begin at any place of a group, and other hunks may stand around it.
  for (const line of [text, ...text.split(/\r?\n(?![A-Za-z0-9+/=]+\r?(?:\n|$))/)]) {
    for (let skip = 0; skip < 4; skip++) {
      const run = line.replace(/[^A-Za-z0-9+/]/g, '').slice(skip);
      const bytes = Buffer.from(run, 'base64').toString('latin1').replaceAll('\0', '');
      if (bytes.includes(marker)) return true;
    }
  }
  return false;
}

/** The shortest script of changed lines (Myers), grouped into hunks. */
export function lineHunks(input: Buffer, output: Buffer): Hunk[] {
  const a = linesOf(input);
  const b = linesOf(output);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let endA = a.length;
  let endB = b.length;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--;
    endB--;
  }
  const kept = keptPairs(a.slice(start, endA), b.slice(start, endB));
  const hunks: Hunk[] = [];
  let [i, j] = [start, start];
  let at = a.slice(0, start).reduce((sum, line) => sum + line.length, 0);
  let outputAt = at;
  for (const [x, y] of [...kept.map(([x, y]) => [x + start, y + start] as const), [endA, endB] as const]) {
    if (x > i || y > j) {
      const removed = Buffer.from(a.slice(i, x).join(''), 'latin1');
      const added = Buffer.from(b.slice(j, y).join(''), 'latin1');
      hunks.push({ removed, added, at, outputAt });
      at += removed.length;
      outputAt += added.length;
    }
    at += a[x]?.length ?? 0;
    outputAt += a[x]?.length ?? 0;
    [i, j] = [x + 1, y + 1];
  }
  return hunks;
}

function keptPairs(a: readonly string[], b: readonly string[]): (readonly [number, number])[] {
  const most = Math.min(a.length + b.length, MOST_CHANGES);
  const trace: Int32Array[] = [];
  const reach = new Int32Array(2 * most + 3);
  const middle = most + 1;
  for (let d = 0; d <= most; d++) {
    trace.push(reach.slice(middle - d - 1, middle + d + 2));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && reach[middle + k - 1]! < reach[middle + k + 1]!);
      let x = down ? reach[middle + k + 1]! : reach[middle + k - 1]! + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      reach[middle + k] = x;
      if (x >= a.length && x - k >= b.length) return walkBack(a, b, trace, d);
    }
  }
  return [];
}

function walkBack(a: readonly string[], b: readonly string[], trace: readonly Int32Array[], edits: number) {
  const kept: (readonly [number, number])[] = [];
  let [x, y] = [a.length, b.length];
  for (let d = edits; d >= 0; d--) {
    const reach = trace[d]!;
    const at = (k: number) => reach[k + d + 1]!;
    const k = x - y;
    const previous = k === -d || (k !== d && at(k - 1) < at(k + 1)) ? k + 1 : k - 1;
    const fromX = d === 0 ? 0 : at(previous);
    const fromY = d === 0 ? 0 : fromX - previous;
    while (x > fromX && y > fromY) kept.push([--x, --y]);
    [x, y] = [fromX, fromY];
  }
  return kept.reverse();
}

function linesOf(bytes: Buffer): string[] {
  return bytes.toString('latin1').match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
