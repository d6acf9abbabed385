// The transfer encodings in WebAssembly: `input` makes room for text to write, and what comes out is in `output`.
import { ByteBuilder } from '../../src/mime/byte-builder.ts';
import { codingOfContent, encoderOf, recodingDecoder } from '../../src/mime/encoding/coding-of.ts';
import { Place } from '../../src/mime/encoding/decoder.ts';
import { Window } from '../../src/mime/window.ts';
import { NativeSource } from './native-source.ts';

let given: Uint8Array = new Uint8Array(0);
let made: Uint8Array = new Uint8Array(0);
let start: number = 0;
let end: number = 0;
let broken: boolean = false;

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

/** The range of the message that an edit replaces. */
export function editStart(): f64 {
  return start;
}

export function editEnd(): f64 {
  return end;
}

export function isBroken(): boolean {
  return broken;
}

/** @param blockSize how much is read at a time; @param recodes as it is read to be written anew */
export function decode(
  encoding: i32,
  from: f64,
  to: f64,
  size: f64,
  width: i32,
  blockSize: i32,
  recodes: i32,
): void {
  const window = new Window(new NativeSource(size), width);
  const coding = codingOfContent(encoding, window, from, to, '\n')!;
  const decoder = recodes !== 0 ? recodingDecoder(encoding, window, from, to) : coding.decoder(from);
  const block = new Uint8Array(blockSize);
  const bytes = new ByteBuilder();
  for (let length = decoder.read(block); length > 0; length = decoder.read(block)) {
    bytes.addRange(block, 0, length);
  }
  made = bytes.bytes();
  broken = decoder.isBroken;
}

/** Reads all and keeps nothing; how many bytes it were. */
export function measure(encoding: i32, size: f64, width: i32): f64 {
  const window = new Window(new NativeSource(size), width);
  const decoder = codingOfContent(encoding, window, 0, size, '\n')!.decoder(0);
  const block = new Uint8Array(12288);
  let sum: number = 0;
  for (let length = decoder.read(block); length > 0; length = decoder.read(block)) sum += length;
  return sum;
}

/** Encodes the input, `step` bytes at a time. */
export function encode(encoding: i32, lineEndLength: i32, step: i32): void {
  const encoder = encoderOf(encoding, lineEndLength === 2 ? '\r\n' : '\n');
  const bytes = new ByteBuilder();
  for (let at = 0; at < given.length; at += step)
    encoder.write(given, at, min(at + step, given.length), bytes);
  encoder.end(bytes);
  made = bytes.bytes();
}

/**
 * Puts the input into the message's content between two offsets.
 * @param distance of the place from `offset`; -1: at the end, -2: there with a line end
 * @returns whether that was possible
 */
export function put(
  encoding: i32,
  lineEndLength: i32,
  from: f64,
  to: f64,
  size: f64,
  width: i32,
  offset: f64,
  distance: i32,
): boolean {
  const window = new Window(new NativeSource(size), width);
  const coding = codingOfContent(encoding, window, from, to, lineEndLength === 2 ? '\r\n' : '\n')!;
  const edit =
    distance < 0 ? coding.append(given, distance < -1) : coding.insert(new Place(offset, distance), given);
  if (edit === null) return false;
  start = edit.start;
  end = edit.end;
  made = edit.bytes;
  return true;
}
