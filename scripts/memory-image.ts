/**
 * Takes the data out of a WebAssembly module, so that the native program does not copy it at each start: what was to be
 * copied becomes an image of the memory, which the program maps. Most of it (tables of charsets) is then never even read.
 *
 *     memory-image.ts MODULE.wasm REST.wasm IMAGE.c
 */
import { readFileSync, writeFileSync } from 'node:fs';

const DATA = 11;
const DATA_COUNT = 12;
const END = 0x0b;
const I32_CONST = 0x41;

/** The image's size is a multiple of it: nothing else may share its last page. */
const PAGE = 4096;

class Reader {
  at = 0;

  constructor(readonly bytes: Uint8Array) {}

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  byte(): number {
    return this.bytes[this.at++]!;
  }

  expect(value: number, what: string): void {
    if (this.byte() !== value) throw new Error(`${what} is not as it is expected`);
  }

  /** LEB128, unsigned: up to 32 bits. */
  unsigned(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  take(length: number): Uint8Array {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}

/** Writes the segments of a data section into an image, which grows. */
function applySegments(section: Uint8Array): Uint8Array {
  const reader = new Reader(section);
  const segments: { offset: number; bytes: Uint8Array }[] = [];
  let size = 0;
  for (let count = reader.unsigned(); count > 0; count--) {
    reader.expect(0, 'a segment of memory 0 with a place');
    reader.expect(I32_CONST, "a segment's place");
    // Small numbers are the same signed; an address of 2 GiB or more is not to be had.
    const offset = reader.unsigned();
    reader.expect(END, "a segment's place");
    const bytes = reader.take(reader.unsigned());
    segments.push({ offset, bytes });
    size = Math.max(size, offset + bytes.length);
  }
  const image = new Uint8Array(Math.ceil(size / PAGE) * PAGE);
  for (const { offset, bytes } of segments) image.set(bytes, offset);
  return image;
}

function sourceOf(image: Uint8Array): string {
  const words = new BigUint64Array(image.buffer);
  const lines: string[] = [];
  for (let at = 0; at < words.length; at += 6) {
    lines.push([...words.subarray(at, at + 6)].map((word) => `0x${word.toString(16)}`).join(','));
  }
  return `/* Made by memory-image.ts: the shared code's memory as it begins. */
#include <stddef.h>
#include <stdint.h>

uint64_t wasm_rt_image[] __attribute__((aligned(${PAGE}))) = {
${lines.join(',\n')}
};
const size_t wasm_rt_image_size = sizeof wasm_rt_image;
`;
}

const [from = '', rest = '', target = ''] = process.argv.slice(2);
const module = new Reader(readFileSync(from));
const kept: Uint8Array[] = [module.take(8)];
let image: Uint8Array = new Uint8Array(PAGE);
while (!module.isAtEnd) {
  const start = module.at;
  const id = module.byte();
  const section = module.take(module.unsigned());
  if (id === DATA) image = applySegments(section);
  else if (id !== DATA_COUNT) kept.push(module.bytes.subarray(start, module.at));
}
writeFileSync(rest, Buffer.concat(kept));
writeFileSync(target, sourceOf(image));
