/**
 * Says in words what is wrong with a message that the footers were put into. Judged from the specification and from
 * how mail readers see the message: nothing here knows how the program works.
 */
import type { Expectation, Placement } from './expectation.ts';
import { byteFaults } from './judge/bytes.ts';
import { differenceFaults } from './judge/difference.ts';
import { type MarkedPair, sightFaults } from './judge/sight.ts';
import { structureFaults } from './judge/structure.ts';
import type { Readers } from './readers.ts';

export type { MarkedPair };

/** The complaints; empty where all is well. Where more than one placement is fine, the complaints are about the first. */
export async function judge(
  input: Uint8Array,
  output: Uint8Array,
  pair: MarkedPair,
  expectation: Expectation,
  readers: Readers,
): Promise<string[]> {
  const is = Buffer.from(output);
  const was = withLastNewline(Buffer.from(input), is);
  if (expectation.loose === true)
    return [...byteFaults(Buffer.from(input), is), ...differenceFaults(was, is, pair)];
  let first: string[] | undefined;
  for (const placement of [expectation, ...(expectation.alsoFine ?? [])]) {
    const faults = await placementFaults(was, is, pair, expectation, placement, readers);
    if (faults.length === 0) return [];
    first ??= faults;
  }
  return first ?? [];
}

/** The newline that a message without a last one gets belongs to nobody: the input with the one that the output has. */
export function withLastNewline(input: Buffer, output: Buffer): Buffer {
  if (input.length === 0 || input.at(-1) === 0x0a) return input;
  const carriageReturns = /\r*$/.exec(input.subarray(-100).toString('latin1'))?.[0] ?? '';
  const crlf = Buffer.from(`${carriageReturns}\r\n`);
  return Buffer.concat([input, Buffer.from(output.subarray(-crlf.length).equals(crlf) ? '\r\n' : '\n')]);
}

async function placementFaults(
  input: Buffer,
  output: Buffer,
  pair: MarkedPair,
  expectation: Expectation,
  placement: Placement,
  readers: Readers,
): Promise<string[]> {
  const faults = [...byteFaults(input, output), ...structureFaults(input, output, placement)];
  if (faults.length > 0 || input.equals(output)) {
    const carries = placement.footer !== 'none' || placement.wrapped || placement.ownPart !== null;
    if (faults.length === 0 && carries) faults.push('no footer was added');
    if (faults.length === 0) return [];
  }
  faults.push(...(await sightFaults(input, output, pair, expectation, placement, readers)));
  return faults;
}
