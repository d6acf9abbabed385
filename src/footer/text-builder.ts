// Text put together piece by piece.
import { textOf } from '../mime/bytes.ts';

/** A growing array of UTF-16 code units. */
export class TextBuilder {
  private memory: Uint16Array;
  private used: i32 = 0;

  /** @param capacity how many code units there will be, about: more cost a copy */
  constructor(capacity: i32 = 32) {
    this.memory = new Uint16Array(max(capacity, 8));
  }

  /** How many code units have been added. */
  get length(): i32 {
    return this.used;
  }

  /** @param code a UTF-16 code unit */
  add(code: i32): void {
    if (this.used === this.memory.length) this.reserve(1);
    this.memory[this.used++] = u16(code);
  }

  /** @param code a code point: U+0000 to U+10FFFF */
  addCodePoint(code: i32): void {
    if (code < 0x10000) {
      this.add(code);
      return;
    }
    this.add(0xd800 + ((code - 0x10000) >> 10));
    this.add(0xdc00 + ((code - 0x10000) & 0x3ff));
  }

  addText(text: string): void {
    this.addRange(text, 0, text.length);
  }

  /** Adds text[from, to), without the string that `slice` would make. */
  addRange(text: string, from: i32, to: i32): void {
    if (to <= from) return;
    this.reserve(to - from);
    for (let i = from; i < to; i++) this.memory[this.used++] = u16(text.charCodeAt(i));
  }

  /** Adds a code unit `count` times. */
  addRepeated(code: i32, count: i32): void {
    for (let i = 0; i < count; i++) this.add(code);
  }

  /** The code unit at `index`, which is below `length`. */
  codeAt(index: i32): i32 {
    return this.memory[index];
  }

  /** Forgets the code units from `length` on. */
  truncate(length: i32): void {
    if (length < this.used) this.used = max(length, 0);
  }

  text(): string {
    return textOf(this.memory, this.used);
  }

  private reserve(more: i32): void {
    if (this.used + more <= this.memory.length) return;
    const larger = new Uint16Array(2 * (this.used + more));
    larger.set(this.memory);
    this.memory = larger;
  }
}
