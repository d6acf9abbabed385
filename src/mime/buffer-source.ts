// A message that lies in memory.
import { Source } from './source.ts';

export class BufferSource extends Source {
  /** @param bytes lent: they must not change as long as the source is used */
  constructor(private readonly bytes: Uint8Array) {
    super();
  }

  get size(): number {
    return this.bytes.length;
  }

  read(offset: number, into: Uint8Array): i32 {
    const from = i32(min(offset, f64(this.bytes.length)));
    const length = min(into.length, this.bytes.length - from);
    into.set(this.bytes.subarray(from, from + length));
    return length;
  }
}
