// Edits of a header in WebAssembly: the root's, or that of the message's last part.
import { ByteBuilder } from '../../src/mime/byte-builder.ts';
import { editHeader, HeaderChanges, readContentFields } from '../../src/mime/header/header-edit.ts';
import { Part } from '../../src/mime/part.ts';
import { Scanner } from '../../src/mime/scanner.ts';
import { TokenKind } from '../../src/mime/token.ts';
import { Window } from '../../src/mime/window.ts';
import { NativeSource } from './native-source.ts';

let made: Uint8Array = new Uint8Array(0);
let lineEnd: string = '';

function partOf(size: f64, last: boolean): Part {
  const scanner = new Scanner(new Window(new NativeSource(size), 64));
  lineEnd = scanner.lineEnd;
  let part = scanner.part;
  while (scanner.advance()) {
    if (scanner.kind !== TokenKind.HeaderEnd) continue;
    part = scanner.part;
    if (!last) break;
  }
  return part;
}

/** Each edit as `start-end bytes`, and a NUL after each, in `output`; -1 where there is no edit. */
export function edit(size: f64, last: boolean, setsCharset: boolean, encoding: i32): i32 {
  const part = partOf(size, last);
  const changes = new HeaderChanges(setsCharset ? 'utf-8' : '', encoding);
  const edits = editHeader(new Window(new NativeSource(size), 64), part, changes, lineEnd);
  if (edits === null) return -1;
  const builder = new ByteBuilder();
  for (let i = 0; i < edits.length; i++) {
    builder.addText(`${i32(edits[i].start)}-${i32(edits[i].end)} `);
    builder.addBytes(edits[i].bytes);
    builder.add(0);
  }
  made = builder.bytes();
  return edits.length;
}

/** The ranges of the fields that describe the content in `output`; -1 where there is no moving them. */
export function contentFields(size: f64): i32 {
  const fields = readContentFields(new Window(new NativeSource(size), 64), partOf(size, false));
  if (fields === null) return -1;
  const builder = new ByteBuilder();
  for (let i = 0; i < fields.starts.length; i++) {
    builder.addText(`${i32(fields.starts[i])}-${i32(fields.ends[i])} `);
  }
  builder.addText(`${i32(fields.end)} ${fields.hasMimeVersion}`);
  made = builder.bytes();
  return fields.starts.length;
}

export function output(): usize {
  return made.dataStart;
}

export function outputLength(): i32 {
  return made.length;
}
