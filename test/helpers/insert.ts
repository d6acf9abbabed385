import { FooterPair } from '../../src/footer/footer-pair.ts';
import { AttachmentOnly, PlacementOptions, SignedMail } from '../../src/footer/options.ts';
import type { PartObserver } from '../../src/insert/observer.ts';
import type { Outcome } from '../../src/insert/outcome.ts';
import { Outgoing } from '../../src/insert/outgoing.ts';
import { OperationKind, type Plan } from '../../src/insert/plan.ts';
import { Planner } from '../../src/insert/planner.ts';
import { BufferSource } from '../../src/mime/buffer-source.ts';
import { completePlan } from '../../src/transport/complete-plan.ts';
import { DEFAULT_WISHES, type PlacementWishes } from './expectation.ts';

/** `AMIME_DEEP=10 npm test` runs every generated and cut case ten times as often. */
export const DEPTH = Math.max(1, Number(process.env.AMIME_DEEP ?? 1) || 1);

/** A footer as the tests write it. */
export interface Pair {
  readonly text: string;
  readonly html: string;
}

export interface Planned {
  readonly plan: Plan;
  readonly outcome: Outcome;
}

/** The plan as a delivery has it: what goes out ends in a line end. @param width bytes of the message in memory at a time */
export function planFooters(
  input: Uint8Array,
  pair: Pair,
  wishes: PlacementWishes = DEFAULT_WISHES,
  width = 65536,
  observer: PartObserver | null = null,
): Planned {
  const options = new PlacementOptions();
  options.signed = wishes.signed === 'wrap' ? SignedMail.Wrap : SignedMail.Skip;
  options.attachmentOnly = wishes.attachmentOnly === 'skip' ? AttachmentOnly.Skip : AttachmentOnly.Part;
  const footers = new FooterPair(pair.text, pair.html);
  const source = new BufferSource(input);
  const planner = new Planner(source, width, footers, options, observer);
  while (planner.step());
  return { plan: completePlan(planner.plan, source, new Uint8Array(0)), outcome: planner.outcome };
}

/** The message as the plan makes it. */
export function carryOut(input: Uint8Array, plan: Plan, piece = 65536): Buffer {
  const outgoing = new Outgoing(new BufferSource(input), plan);
  const pieces: Buffer[] = [];
  const into = new Uint8Array(piece);
  for (let length = outgoing.read(into); length > 0; length = outgoing.read(into)) {
    pieces.push(Buffer.from(into.subarray(0, length)));
  }
  if (outgoing.failed) throw new Error('the plan could not be carried out');
  return Buffer.concat(pieces);
}

/** The whole output. */
export function insertFooters(
  input: Uint8Array,
  pair: Pair,
  wishes: PlacementWishes = DEFAULT_WISHES,
  width = 65536,
): Buffer {
  const { plan } = planFooters(input, pair, wishes, width);
  return carryOut(input, plan);
}

/** The input again, out of the output and the plan; undefined where a text was recoded. */
export function undo(input: Uint8Array, output: Buffer, plan: Plan): Buffer | undefined {
  if (plan.isEmpty) return output;
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const { kind, start, end, length } of plan.operations) {
    if (kind === OperationKind.Recode) return undefined;
    if (kind === OperationKind.Keep) pieces.push(output.subarray(at, at + length));
    if (kind === OperationKind.Drop) pieces.push(input.subarray(start, end));
    at += length;
  }
  return Buffer.concat(pieces);
}
