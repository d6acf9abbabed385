// What the fuzzer drives: planning and writing of a message that lies in the host's memory. Only asc takes this file.
import { FooterPair } from '../../src/footer/footer-pair.ts';
import { AttachmentOnly, PlacementOptions, SignedMail } from '../../src/footer/options.ts';
import { Outgoing } from '../../src/insert/outgoing.ts';
import { Operation, Plan } from '../../src/insert/plan.ts';
import { Planner } from '../../src/insert/planner.ts';
import { ByteBuilder } from '../../src/mime/byte-builder.ts';
import { BlankLine } from '../../src/mime/header/part-header.ts';
import { Scanner } from '../../src/mime/scanner.ts';
import { Source } from '../../src/mime/source.ts';
import { TokenKind } from '../../src/mime/token.ts';
import { Window } from '../../src/mime/window.ts';
import { completePlan } from '../../src/transport/complete-plan.ts';

declare function readMessage(offset: f64, address: usize, length: i32): i32;

class Message extends Source {
  constructor(private readonly length: f64) {
    super();
  }

  get size(): f64 {
    return this.length;
  }

  read(offset: f64, into: Uint8Array): i32 {
    return readMessage(offset, into.dataStart, into.length);
  }
}

const WESTERN = new FooterPair(
  '-- \nGrüße von der Liste, façade à côté\nhttps://lists.example.org/demo?a=1&b=2',
  '<div>Gr&uuml;ße von der Liste, <a href="https://lists.example.org/?a=1&amp;b=2">façade</a> à côté</div>',
);
const JAPANESE = new FooterPair(
  '——————\nメーリングリスト 😀\n配信停止はこちら: https://lists.example.org/',
  '<p>メーリングリスト 😀<br>\n配信停止はこちら</p>',
);

const NO_BYTES: Uint8Array = new Uint8Array(0);
const piece: Uint8Array = new Uint8Array(16384);

let message: Message = new Message(0);
let planner: Planner | null = null;
let plan: Plan = new Plan();
let outgoing: Outgoing | null = null;
let description: Uint8Array = NO_BYTES;

/** Whether the scanner's tokens, one after another, are the message. */
export function isScannedWhole(size: f64, width: i32): bool {
  const scanner = new Scanner(new Window(new Message(size), width));
  let end: f64 = 0;
  while (scanner.advance()) {
    if (scanner.start !== end || scanner.end < end) return false;
    end = scanner.end;
  }
  return end === size;
}

/** The plan of a message that gets no footers. */
export function planNothing(size: f64): void {
  message = new Message(size);
  planner = null;
  setPlan(new Plan());
}

export function begin(
  size: f64,
  width: i32,
  japanese: bool,
  wrapsSigned: bool,
  skipsAttachments: bool,
): void {
  const options = new PlacementOptions();
  if (wrapsSigned) options.signed = SignedMail.Wrap;
  if (skipsAttachments) options.attachmentOnly = AttachmentOnly.Skip;
  message = new Message(size);
  planner = new Planner(message, width, japanese ? JAPANESE : WESTERN, options, null);
  plan = new Plan();
  outgoing = null;
  description = NO_BYTES;
}

export function step(): bool {
  if (planner!.step()) return true;
  setPlan(planner!.plan);
  return false;
}

export function collect(): void {
  __collect();
}

function setPlan(made: Plan): void {
  plan = completePlan(made, message, NO_BYTES);
  outgoing = new Outgoing(message, plan);
}

/** Everything that the plan and the outcome say: returns its length. */
export function describe(): i32 {
  const said = new ByteBuilder();
  for (let i = 0; i < plan.operations.length; i++) addOperation(plan.operations[i], said);
  const outcome = planner!.outcome;
  for (let i = 0; i < outcome.placed.length; i++) {
    const placed = outcome.placed[i];
    said.addText(`${i32(placed.manner)} ${i32(placed.kind)} ${placed.transliterated} ${placed.mayBeHidden} `);
    said.addText(`${placed.convertedFrom}\n`);
  }
  for (let i = 0; i < outcome.reasons.length; i++) said.addText(`${i32(outcome.reasons[i])} `);
  description = said.bytes();
  return description.length;
}

function addOperation(operation: Operation, said: ByteBuilder): void {
  said.addText(`${i32(operation.kind)} ${operation.start} ${operation.end} ${operation.length} `);
  const recoding = operation.recoding;
  if (recoding !== null) {
    said.addText(`${recoding.charset} ${i32(recoding.from)} ${i32(recoding.to)} ${recoding.endsLine} `);
  }
  said.addBytes(operation.bytes);
  said.addText('\n');
}

export function descriptionAddress(): usize {
  return description.dataStart;
}

/** Whether the message ends in a part's header: a line end that is put there ends the header, and the part has content. */
export function isCutOff(): boolean {
  const scanner = new Scanner(new Window(message, 4096));
  let blankLine = BlankLine.CutOff;
  while (scanner.advance()) {
    if (scanner.kind === TokenKind.HeaderEnd) blankLine = scanner.part.header!.blankLine;
  }
  return blankLine === BlankLine.CutOff;
}

/** Whether a footer went anywhere at all. */
export function isPlaced(): bool {
  return planner!.outcome.placed.length > 0;
}

export function operationCount(): i32 {
  return plan.operations.length;
}

export function operationKind(index: i32): i32 {
  return plan.operations[index].kind;
}

export function operationStart(index: i32): f64 {
  return plan.operations[index].start;
}

export function operationEnd(index: i32): f64 {
  return plan.operations[index].end;
}

export function operationLength(index: i32): f64 {
  return plan.operations[index].length;
}

/** Writes on: returns how many bytes are at `pieceAddress`; 0 at the end, -1 where that has failed. */
export function write(): i32 {
  const length = outgoing!.read(piece);
  return outgoing!.failed ? -1 : length;
}

export function pieceAddress(): usize {
  return piece.dataStart;
}
