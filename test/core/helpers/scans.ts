// Scans of whole messages, and messages to scan.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BufferSource } from '../../../src/core/mime/buffer-source.ts';
import type { PartHeader } from '../../../src/core/mime/header/part-header.ts';
import type { Part } from '../../../src/core/mime/part.ts';
import { Scanner } from '../../../src/core/mime/scanner.ts';
import { Window } from '../../../src/core/mime/window.ts';
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

const FOLDERS = ['../../fixtures/messages/', '../../../../shared/corpus/', '../../../../shared/cases/'];

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
