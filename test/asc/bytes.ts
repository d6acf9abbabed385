// bytes.ts, ByteBuilder and Window in WebAssembly: each function takes the bytes that `input` made room for, and what
// it gives is in `output`.
import { ByteBuilder } from '../../src/mime/byte-builder.ts';
import {
  asciiLower,
  bytesOf,
  decodeUtf8,
  indexOf,
  lastIndexOf,
  latin1,
  utf8Of,
} from '../../src/mime/bytes.ts';
import { Window } from '../../src/mime/window.ts';
import { NativeSource } from './native-source.ts';

let given: Uint8Array = new Uint8Array(0);
let made: Uint8Array = new Uint8Array(0);

export function input(length: i32): usize {
  given = new Uint8Array(length);
  return given.dataStart;
}

export function output(): usize {
  return made.dataStart;
}

export function outputLength(): i32 {
  return made.length;
}

/** UTF-8 to text and back; -1 where it is not valid. */
export function throughUtf8(): i32 {
  const text = decodeUtf8(given);
  if (text === null) return -1;
  made = utf8Of(text);
  return text.length;
}

/** UTF-16 code units (little endian) in UTF-8. */
export function utf16ToUtf8(): void {
  let text = '';
  for (let i = 0; i + 1 < given.length; i += 2)
    text += String.fromCharCode(given[i] | (i32(given[i + 1]) << 8));
  made = utf8Of(text);
}

export function throughLatin1(): void {
  made = bytesOf(asciiLower(latin1(given, 0, given.length)));
}

export function find(byte: i32, from: i32, to: i32): i32 {
  return indexOf(given, byte, from, to);
}

export function findLast(byte: i32, from: i32, to: i32): i32 {
  return lastIndexOf(given, byte, from, to);
}

/** The input in ranges of growing length, and as text. */
export function build(): void {
  const builder = new ByteBuilder();
  builder.addText('dropped');
  builder.clear();
  let step = 1;
  for (let at = 0; at < given.length; at += step++) builder.addRange(given, at, min(at + step, given.length));
  builder.addText(latin1(given, 0, given.length));
  made = builder.bytes();
}

let view: Window | null = null;

export function open(size: f64, width: i32): void {
  view = new Window(new NativeSource(size), width);
}

export function byteAt(offset: f64): i32 {
  return view!.byteAt(offset);
}

export function indexInWindow(byte: i32, from: f64, to: f64): f64 {
  return view!.indexOf(byte, from, to);
}

export function lastIndexInWindow(byte: i32, from: f64, to: f64): f64 {
  return view!.lastIndexOf(byte, from, to);
}

export function dashedLine(from: f64, to: f64): f64 {
  return view!.indexOfDashedLine(from, to);
}

export function endOfLine(from: f64): f64 {
  return view!.endOfLine(from);
}

export function slice(from: f64, to: f64): void {
  made = view!.slice(from, to);
}

export function failed(): boolean {
  return view!.failed;
}
