// The plan for a message's first HTML part, in both worlds: `describeHtml` on Node too.
import { FooterPair } from '../../src/footer/footer-pair.ts';
import { ComposedFooters } from '../../src/insert/composed-footers.ts';
import { HtmlPlanner } from '../../src/insert/html-planner.ts';
import { ByteBuilder } from '../../src/mime/byte-builder.ts';
import { decodeUtf8 } from '../../src/mime/bytes.ts';
import { Part } from '../../src/mime/part.ts';
import { Scanner } from '../../src/mime/scanner.ts';
import { Source } from '../../src/mime/source.ts';
import { TokenKind } from '../../src/mime/token.ts';
import { Window } from '../../src/mime/window.ts';
import { NativeSource } from './native-source.ts';

let given: Uint8Array = new Uint8Array(0);
let made: Uint8Array = new Uint8Array(0);

/** Room for the footer, in UTF-8. */
export function input(length: i32): usize {
  given = new Uint8Array(length);
  return given.dataStart;
}

export function output(): usize {
  return made.dataStart;
}

export function planHtml(size: f64, width: i32): i32 {
  made = describeHtml(new NativeSource(size), width, given);
  return made.length;
}

let planner: HtmlPlanner | null = null;

/** For the price of the steps alone. */
export function begin(size: f64, width: i32): void {
  planner = plannerOf(new NativeSource(size), width, given);
}

export function step(): boolean {
  return planner!.step();
}

/** Everything that the plan says. */
export function describeHtml(source: Source, width: i32, footer: Uint8Array): Uint8Array {
  const said = new ByteBuilder();
  const planner = plannerOf(source, width, footer);
  if (planner === null) return said.bytes();
  while (planner.step());
  const plan = planner.plan;
  said.addText(`${i32(plan.reason)} ${plan.isBlank}`);
  const placed = plan.placed;
  if (placed !== null) said.addText(` ${placed.mayBeHidden}`);
  for (let i = 0; i < plan.edits.length; i++) {
    const edit = plan.edits[i];
    said.addText(` ${i32(edit.start)}-${i32(edit.end)} `);
    said.addBytes(edit.bytes);
  }
  return said.bytes();
}

function plannerOf(source: Source, width: i32, footer: Uint8Array): HtmlPlanner | null {
  const scanner = new Scanner(new Window(source, width));
  let html: Part | null = null;
  while (scanner.advance()) {
    const part = scanner.part;
    if (scanner.kind !== TokenKind.PartEnd || part.isMultipart || html !== null) continue;
    if (part.header!.mediaType === 'text/html') html = part;
  }
  if (html === null) return null;
  const footers = new ComposedFooters(new FooterPair('', decodeUtf8(footer)!));
  return new HtmlPlanner(new Window(source, width), html, scanner.lineEnd, footers);
}
