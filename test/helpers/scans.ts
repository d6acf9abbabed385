// Scans of whole messages, and messages to scan.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BufferSource } from '../../src/mime/buffer-source.ts';
import type { PartHeader } from '../../src/mime/header/part-header.ts';
import type { Part } from '../../src/mime/part.ts';
import { Scanner } from '../../src/mime/scanner.ts';
import { Source } from '../../src/mime/source.ts';
import { Window } from '../../src/mime/window.ts';
import { describeToken } from './describe-token.ts';

export function scannerOf(message: Uint8Array, width = 4096): Scanner {
  return new Scanner(new Window(new BufferSource(message), width));
}

/** All tokens in words. Throws where one does not begin where the one before it ended. */
export function scan(message: Uint8Array, width = 4096): string[] {
  const scanner = scannerOf(message, width);
  const words: string[] = [];
  let end = 0;
  while (scanner.advance()) {
    if (scanner.start !== end || scanner.end < end)
      throw new Error(`${scanner.start} after ${end}: ${words.at(-1)}`);
    end = scanner.end;
    words.push(describeToken(scanner));
  }
  if (end !== message.length) throw new Error(`${message.length - end} bytes are in no token`);
  return words;
}

/** A message with a huge attachment: all of it but the two ends is the letter A. */
export class HugeSource extends Source {
  readonly #head = Buffer.from(
    'Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: image/png\n\n',
  );
  readonly #tail = Buffer.from('\n--b\nContent-Type: text/html\n\nHi\n--b--\n');
  readonly #as = Buffer.alloc(1 << 20, 'A');

  constructor(readonly size: number) {
    super();
  }

  read(offset: number, into: Uint8Array): number {
    const length = Math.min(into.length, this.size - offset);
    for (let at = 0; at < length; at += this.#as.length) into.set(this.#as.subarray(0, length - at), at);
    if (offset < this.#head.length) into.set(this.#head.subarray(offset, offset + length));
    const tail = this.size - this.#tail.length - offset;
    if (tail < length) into.set(this.#tail.subarray(Math.max(-tail, 0), length - tail), Math.max(tail, 0));
    return length;
  }
}

/** The tokens after a huge attachment in words. */
export function tokensAfterHugeAttachment(size: number): string[] {
  const end = size - 39;
  return [
    `end ${end}-${end} 1.1 72-${end} delimiter false 0`,
    `delimiter ${end}-${end + 5} 0.1`,
    `field ${end + 5}-${end + 29} 1.2`,
    `header ${end + 29}-${end + 30} 1.2 text/html true false [] 0 [] [] [] [] false 0 [] [] [] [] [] []`,
    `body ${end + 30}-${end + 32} 1.2`,
    `end ${end + 32}-${end + 32} 1.2 ${end + 30}-${end + 32} delimiter false 0`,
    `close ${end + 32}-${size} 0.1`,
    `end ${size}-${size} 0.1 43-${size} end true 2`,
  ];
}

/** The part whose header is the first, or the n-th, in a message. */
export function partOf(message: Uint8Array, nth = 0): Part {
  const scanner = scannerOf(message);
  const parts = new Set<Part>();
  while (scanner.advance()) {
    if (scanner.part.header !== null) parts.add(scanner.part);
    if (parts.size > nth) return scanner.part;
  }
  throw new Error('there is no such part');
}

/** @param text characters U+0000 to U+00FF */
export function headerOf(text: string, nth = 0): PartHeader {
  return partOf(Buffer.from(text, 'latin1'), nth).header!;
}

const FOLDERS = ['../fixtures/messages/', '../../../shared/corpus/', '../../../shared/cases/'];

/** The fixtures of the repository, and real mail where it is there. */
export function messages(): { name: string; bytes: Buffer }[] {
  return FOLDERS.map((folder) => fileURLToPath(new URL(folder, import.meta.url)))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.(?:eml|msg)$/.test(file))
        .sort()
        .map((name) => ({ name, bytes: readFileSync(folder + name) })),
    );
}
