// The message of a WasmCore as a source: what the native host's spool is to the native program.
import { Source } from '../../src/mime/source.ts';

declare function readSpool(offset: f64, address: usize, length: i32): i32;

export class NativeSource extends Source {
  constructor(private readonly length: number) {
    super();
  }

  get size(): number {
    return this.length;
  }

  read(offset: number, into: Uint8Array): i32 {
    return readSpool(offset, into.dataStart, into.length);
  }
}
