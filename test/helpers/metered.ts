/**
 * The portable code as WebAssembly with a meter: a counter of the turns that its loops take. So "twice the input is at most
 * twice the work" is a number that is the same on every machine, however busy it is.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import binaryen from 'binaryen';
import { type CoreModule, compiled, coreOf } from './wasm.ts';

/** Copies and fills of memory, which would be single instructions, are loops then. */
const FLAGS = ['--disable', 'bulk-memory'];

/** After the imports, which come first. */
const METER = '(global $work (mut i64) (i64.const 0))\n(export "work" (global $work))';

const ONE_MORE = '(global.set $work (i64.add (global.get $work) (i64.const 1)))';

/** @param entry the absolute path of a file that asc compiles */
export function meteredCode(entry: string): CoreModule {
  const path = compiled(entry, FLAGS);
  const metered = path.replace(/\.wasm$/, '.metered.wasm');
  if (!existsSync(metered)) {
    const unfinished = `${metered}.${process.pid}`;
    writeFileSync(unfinished, withMeter(readFileSync(path)));
    renameSync(unfinished, metered);
  }
  return coreOf(metered);
}

function withMeter(code: Uint8Array): Uint8Array {
  const text = binaryen
    .readBinary(code)
    .emitText()
    .replace(/^ *\(loop( \$[^ \n]+)?( \(result \w+\))?$/gm, (line) => `${line}\n${ONE_MORE}`)
    .replace(/^ \(memory /m, (start) => `${METER}\n${start}`);
  const module = binaryen.parseText(text);
  module.setFeatures(binaryen.Features.All);
  return module.emitBinary();
}
