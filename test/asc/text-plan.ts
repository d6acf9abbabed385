// The plan for a message's first text, and for a footer as a part of its own, in both worlds: `describe…` on Node too.
import { FooterPair } from '../../src/footer/footer-pair.ts';
import { ComposedFooters } from '../../src/insert/composed-footers.ts';
import { ownPartBytes } from '../../src/insert/footer-part.ts';
import { FooterKind } from '../../src/insert/outcome.ts';
import { PartPlan } from '../../src/insert/part-planner.ts';
import { Recoder } from '../../src/insert/recoder.ts';
import { TextPlanner } from '../../src/insert/text-planner.ts';
import { wrapperBoundary } from '../../src/insert/wrapper-boundary.ts';
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

export function planText(size: f64, width: i32, avoidsUnencoded: boolean): i32 {
  made = describeText(new NativeSource(size), width, given, avoidsUnencoded);
  return made.length;
}

export function planOwnPart(size: f64, width: i32, kind: i32): i32 {
  made = describeOwnPart(new NativeSource(size), width, given, kind);
  return made.length;
}

/** Everything that the plan says, and the bytes that come out of recoding. */
export function describeText(
  source: Source,
  width: i32,
  footer: Uint8Array,
  avoidsUnencoded: boolean,
): Uint8Array {
  const scanner = new Scanner(new Window(source, width));
  let text: Part | null = null;
  while (scanner.advance()) {
    const part = scanner.part;
    if (scanner.kind !== TokenKind.PartEnd || part.isMultipart || text !== null) continue;
    if (part.header!.mediaType === 'text/plain') text = part;
  }
  const said = new ByteBuilder();
  if (text === null) return said.bytes();
  const footers = new ComposedFooters(new FooterPair(decodeUtf8(footer)!, ''));
  const window = new Window(source, width);
  const planner = new TextPlanner(window, text, scanner.lineEnd, footers, avoidsUnencoded);
  while (planner.step());
  addPlan(planner.plan, said);
  const recoding = planner.plan.recoding;
  if (recoding !== null) {
    const recoder = new Recoder(window, text.bodyStart, text.bodyEnd, recoding, planner.plan.tail);
    const into = new Uint8Array(width);
    for (let length = recoder.read(into); length > 0; length = recoder.read(into)) {
      said.addRange(into, 0, length);
    }
  }
  return said.bytes();
}

function addPlan(plan: PartPlan, said: ByteBuilder): void {
  said.addText(`${i32(plan.reason)} ${plan.isBlank}`);
  const placed = plan.placed;
  if (placed !== null) said.addText(` ${placed.transliterated} ${placed.convertedFrom}`);
  for (let i = 0; i < plan.edits.length; i++) {
    const edit = plan.edits[i];
    said.addText(` ${i32(edit.start)}-${i32(edit.end)} `);
    said.addBytes(edit.bytes);
  }
  const recoding = plan.recoding;
  if (recoding === null) return;
  said.addText(` ${recoding.charset} ${i32(recoding.from)} ${i32(recoding.to)} ${recoding.endsLine} `);
  said.addText(`${i32(plan.recodedLength)} `);
}

/** The footer as a part of its own: the message's first bytes are the boundary, and all of it a header. */
export function describeOwnPart(source: Source, width: i32, footer: Uint8Array, kind: i32): Uint8Array {
  const text = decodeUtf8(footer)!;
  const footers = new ComposedFooters(new FooterPair(text, text));
  const window = new Window(source, width);
  const said = new ByteBuilder();
  said.addBytes(wrapperBoundary(window, 0, source.size));
  const partKind = kind === 0 ? FooterKind.Text : FooterKind.Html;
  said.addBytes(ownPartBytes(partKind, footers, '\r\n', window.slice(0, 5), kind));
  return said.bytes();
}
