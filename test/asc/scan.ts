// The scanner in WebAssembly: the tokens of the core's message, and what each header says.
import { ByteBuilder } from '../../src/mime/byte-builder.ts';
import { Scanner } from '../../src/mime/scanner.ts';
import { Window } from '../../src/mime/window.ts';
import { describeToken } from '../helpers/describe-token.ts';
import { NativeSource } from './native-source.ts';

let scanner: Scanner | null = null;
let words: Uint8Array = new Uint8Array(0);

export function begin(size: f64, width: i32): void {
  scanner = new Scanner(new Window(new NativeSource(size), width));
}

/** Describes up to `count` more tokens, a line each, in `output`; how many there were. */
export function advance(count: i32): i32 {
  const builder = new ByteBuilder();
  const tokens = scanner!;
  let done = 0;
  while (done < count && tokens.advance()) {
    builder.addText(`${describeToken(tokens)}\n`);
    done++;
  }
  words = builder.bytes();
  return done;
}

/** Goes through up to `count` more tokens. */
export function skip(count: i32): i32 {
  let done = 0;
  while (done < count && scanner!.advance()) done++;
  return done;
}

export function output(): usize {
  return words.dataStart;
}

export function outputLength(): i32 {
  return words.length;
}

/** Frees what the calls before left behind. */
export function collect(): void {
  __collect();
}
