import { expect } from 'vitest';
import { FooterPair } from '../../src/footer/footer-pair.ts';
import { ComposedFooters } from '../../src/insert/composed-footers.ts';
import { makesDelimiter } from '../../src/insert/delimiter-check.ts';
import { Outgoing } from '../../src/insert/outgoing.ts';
import type { PartPlan } from '../../src/insert/part-planner.ts';
import type { Plan } from '../../src/insert/plan.ts';
import { PlanBuilder } from '../../src/insert/plan-builder.ts';
import { TextPlanner } from '../../src/insert/text-planner.ts';
import { BufferSource } from '../../src/mime/buffer-source.ts';
import type { Part } from '../../src/mime/part.ts';
import { Scanner } from '../../src/mime/scanner.ts';
import { TokenKind } from '../../src/mime/token.ts';
import { Window } from '../../src/mime/window.ts';

/** What TextPlanner makes of the first text of a message, and the message that comes of it. */
export interface PlannedText {
  readonly plan: PartPlan;
  readonly whole: Plan;
  readonly output: Buffer;
}

export interface Planning {
  /** Bytes of the message that are in memory. */
  readonly width?: number;
  /** Bytes that are asked for at a time when the message goes out. */
  readonly piece?: number;
  readonly avoidsUnencoded?: boolean;
}

/** As the planner of a message asks for it: once more where a line would be a delimiter. */
export function planText(message: Uint8Array | string, text: string, planning: Planning = {}): PlannedText {
  const input = typeof message === 'string' ? Buffer.from(message, 'latin1') : message;
  const source = new BufferSource(input);
  const { part, lineEnd } = firstText(source);
  const footers = new ComposedFooters(new FooterPair(text, '<p>x</p>'));
  const window = new Window(source, planning.width ?? 65536);
  const planner = new TextPlanner(window, part, lineEnd, footers, planning.avoidsUnencoded ?? false);
  while (planner.step());
  const delimits = planner.plan.edits.some((edit) => makesDelimiter(edit, part, window));
  if (delimits && !planning.avoidsUnencoded)
    return planText(input, text, { ...planning, avoidsUnencoded: true });
  expect(delimits, 'a line that we write is a delimiter').toBe(false);
  const whole = wholePlan(planner.plan, part, input.length);
  return { plan: planner.plan, whole, output: outputOf(source, whole, planning.piece ?? 65536) };
}

function firstText(source: BufferSource): { part: Part; lineEnd: string } {
  const scanner = new Scanner(new Window(source, 65536));
  let text: Part | undefined;
  while (scanner.advance()) {
    const { part } = scanner;
    if (scanner.kind === TokenKind.PartEnd && !part.isMultipart && part.header!.mediaType === 'text/plain') {
      text ??= part;
    }
  }
  return { part: text!, lineEnd: scanner.lineEnd };
}

function wholePlan(plan: PartPlan, part: Part, size: number): Plan {
  const builder = new PlanBuilder();
  if (plan.placed) {
    for (const edit of plan.edits) builder.edit(edit);
    if (plan.recoding) {
      builder.recode(part.bodyStart, part.bodyEnd, plan.recoding, plan.tail, plan.recodedLength);
    }
  }
  return builder.build(size);
}

function outputOf(source: BufferSource, plan: Plan, piece: number): Buffer {
  const outgoing = new Outgoing(source, plan);
  const pieces: Buffer[] = [];
  const into = new Uint8Array(piece);
  for (let length = outgoing.read(into); length > 0; length = outgoing.read(into)) {
    pieces.push(Buffer.from(into.subarray(0, length)));
  }
  if (outgoing.failed) throw new Error('the plan could not be carried out');
  return Buffer.concat(pieces);
}

/** A message that is one text. @param content latin1 characters */
export function message(type: string, encoding: string, content: string): string {
  const fields = ['MIME-Version: 1.0'];
  if (type !== '') fields.push(`Content-Type: ${type}`);
  if (encoding !== '') fields.push(`Content-Transfer-Encoding: ${encoding}`);
  return `${fields.join('\n')}\n\n${content}`;
}

/** A message that stands in one part of a multipart. */
export function inMultipart(boundary: string, part: string): string {
  return `Content-Type: multipart/mixed; boundary="${boundary}"\n\n--${boundary}\n${part}\n--${boundary}--\n`;
}
