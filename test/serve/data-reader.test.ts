/** What follows DATA, at every cut, against a reader that has the whole in front of it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DataReader } from '../../src/serve/data-reader.ts';

interface Read {
  readonly text: string;
  readonly rest: string | undefined;
  readonly wireLength: number;
}

/** A chunk as sockets hand it on: mostly with memory of its own, but nobody promises that. */
const ALLOCATIONS = ['alone', 'shared'] as const;
type Allocation = (typeof ALLOCATIONS)[number];

function chunkOf(text: string, allocation: Allocation): Buffer {
  const memory = Buffer.allocUnsafeSlow(text.length + (allocation === 'alone' ? 0 : 2)).fill('#');
  const chunk = allocation === 'alone' ? memory : memory.subarray(1, -1);
  chunk.write(text, 'latin1');
  return chunk;
}

/** Whoever gets a piece may free its memory, so what was in it is wiped out here. */
function readInPieces(pieces: readonly string[], allocation: Allocation): Read {
  const reader = new DataReader();
  let text = '';
  let rest: string | undefined;
  for (const piece of pieces) {
    if (rest !== undefined) {
      rest += piece;
      continue;
    }
    const chunk = chunkOf(piece, allocation);
    const { bytes, consumed, ended } = reader.read(chunk);
    text += bytes.toString('latin1');
    new Uint8Array(bytes.buffer).fill(0);
    if (ended) rest = chunk.subarray(consumed).toString('latin1');
    else expect(consumed).toBe(chunk.length);
  }
  return { text, rest, wireLength: reader.wireLength };
}

/** RFC 5321, section 4.5.2, by lines. */
function readWhole(wire: string): Read {
  const end = `\r\n${wire}`.indexOf('\r\n.\r\n');
  const content = end < 0 ? wire : wire.slice(0, end);
  const unstuffed = content.replace(/(^|\r\n)\./g, '$1');
  return {
    text: unstuffed.replaceAll('\r\n', '\n'),
    rest: end < 0 ? undefined : wire.slice(end + 3),
    wireLength: unstuffed.length,
  };
}

const WIRES = [
  '.\r\n',
  'a\r\n.\r\nQUIT\r\n',
  '..\r\n.\r\n',
  '.a\r\n...\r\n.\r\nx',
  '\r\n.\r\n.\r\n',
  'a\n.\nb\r.\rc\r\r\n.\r\r\n.\n\r\n.\r\n',
  '.\r.\r\n.\r\n',
  '.\r\r\n.\r\n',
  '\r\r\n.\r\n',
  '\n.\r\n\r\n.\r\n',
];

describe('the data reader', () => {
  test.each(WIRES)('%j, at all cuts into two and three pieces', (wire) => {
    const expected = readWhole(wire);
    for (let first = 0; first <= wire.length; first++) {
      for (let second = first; second <= wire.length; second++) {
        const pieces = [wire.slice(0, first), wire.slice(first, second), wire.slice(second)];
        for (const allocation of ALLOCATIONS) {
          expect(readInPieces(pieces, allocation), JSON.stringify(pieces)).toEqual(expected);
        }
      }
    }
  });

  test('any mixture of dots, CR and LF, byte by byte and at random cuts', () => {
    const piece = fc.string({
      maxLength: 6,
      unit: fc.constantFrom('.', '\r', '\n', '\r\n', '\r\n.', 'a', '\0'),
    });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const wire = `${pieces.join('')}\r\n.\r\n`;
        const expected = readWhole(wire);
        for (const allocation of ALLOCATIONS) {
          expect(readInPieces([...pieces, '\r\n.\r\n'], allocation)).toEqual(expected);
          expect(readInPieces([...wire], allocation)).toEqual(expected);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
