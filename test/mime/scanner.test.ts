import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BOUNDARY_LIMIT, FIELD_LIMIT, NESTING_LIMIT } from '../../src/mime/limits.ts';
import { Scanner } from '../../src/mime/scanner.ts';
import { soup } from '../helpers/arbitrary-message.ts';
import { type Cut, everyByte, feed, randomCuts, threePieceCuts, twoPieceCuts } from '../helpers/cuts.ts';
import { fixtures, withCrlf } from '../helpers/fixtures.ts';

interface Scan {
  readonly bytes: Buffer;
  /** One word a token, neighbouring pieces of the same kind as one: what must not depend on the cuts. */
  readonly trace: string[];
}

function scan(input: Uint8Array, cut: Cut = []): Scan {
  const pieces: Buffer[] = [];
  const trace: string[] = [];
  const scanner = new Scanner((token) => {
    const text = Buffer.from(token.bytes);
    pieces.push(text);
    const word = {
      field: () =>
        `${token.type === 'field' && token.whole ? 'field' : 'piece of'} ${token.type === 'field' ? token.name : ''}`,
      'header-end': () => (token.type === 'header-end' ? `header ${token.header.mediaType}` : ''),
      body: () => 'body',
      filler: () => 'filler',
      'part-end': () => (token.type === 'part-end' ? `end of ${token.of} before ${token.followedBy}` : ''),
      delimiter: () =>
        token.type === 'delimiter' ? `${token.closing ? 'close' : 'delimiter'} ${token.level}` : '',
    }[token.type]();
    const isPiece =
      token.type === 'body' || token.type === 'filler' || (token.type === 'field' && !token.whole);
    if (!isPiece || trace.at(-1) !== word) trace.push(word);
  });
  feed(scanner, input, cut);
  return { bytes: Buffer.concat(pieces), trace };
}

function expectIdentity(input: Uint8Array, cuts: Iterable<Cut>): void {
  const whole = scan(input);
  expect(whole.bytes.equals(input)).toBe(true);
  for (const cut of cuts) {
    const { bytes, trace } = scan(input, cut);
    if (!bytes.equals(input) || trace.join() !== whole.trace.join()) {
      expect.fail(`cut at ${cut.join(', ')}: ${trace.join(', ')} instead of ${whole.trace.join(', ')}`);
    }
  }
}

const SHORT = [
  'A: b\n\nHi',
  'Content-Type: multipart/mixed; boundary=b\n\npre\n--b\n\nx\n--b \t\nC: d\n\n--b--\nepilogue\n',
  'Content-Type: multipart/mixed; boundary="a"\r\n\r\n--a\r\nContent-Type: multipart/x; boundary=a-\r\n\r\n--a-\r\n\r\n1\r\n--a---\r\n--a--',
  'Content-Type: multipart/mixed; boundary=b\n\n--b\n\n\r\r\n--b\r--b\n--bx\n--b-\n--b--x\n--b--',
  '\n--b\n',
  'x: y\n z\n\tw\n:\nq',
];

describe('Scanner', () => {
  it.each(SHORT)('gives back %j at all two- and three-piece cuts', (text) => {
    const input = Buffer.from(text, 'latin1');
    expectIdentity(input, [
      everyByte(input.length),
      ...twoPieceCuts(input.length),
      ...threePieceCuts(input.length),
    ]);
  });

  it('gives back every fixture, in LF and CRLF', () => {
    for (const { bytes } of fixtures()) {
      for (const input of [bytes, withCrlf(bytes)]) {
        if (input) expectIdentity(input, [everyByte(input.length), ...randomCuts(input.length, 7, 3)]);
      }
    }
  });

  const corpus = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url));
  it.skipIf(!existsSync(corpus))('gives back real-world mail (put it into ../shared/corpus)', () => {
    for (const file of readdirSync(corpus, { recursive: true, encoding: 'utf8' })) {
      if (!/\.(eml|msg)$/.test(file)) continue;
      const input = readFileSync(corpus + file);
      expectIdentity(input, randomCuts(input.length, 11, 3));
    }
  });

  it('gives back any soup of bytes', () => {
    fc.assert(
      fc.property(soup(), fc.nat(), (input, seed) => {
        expectIdentity(input, [everyByte(input.length), ...randomCuts(input.length, seed, 3)]);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['a boundary line with blanks behind it', 'b', '--b  \t\n', ['delimiter 0']],
    ['a line that only begins with the boundary', 'b', '--bb\n', ['filler']],
    ['the closing line', 'b', '--b--\n', ['close 0']],
    ['the closing line with more behind it', 'b', '--b--x\n', ['filler']],
    ['a boundary that itself ends in dashes', 'b--', '--b--\n', ['delimiter 0']],
    ['a boundary in the middle of a line', 'b', 'x --b\n', ['filler']],
    ['a boundary behind a lone CR', 'b', 'x\r--b\n', ['filler']],
  ])('sees %s', (_, boundary, line, expected) => {
    const { trace } = scan(Buffer.from(`Content-Type: multipart/mixed; boundary="${boundary}"\n\n${line}`));
    expect(trace.slice(2, 2 + expected.length)).toEqual(expected);
  });

  it('closes what is open inside when an outer boundary comes', () => {
    const inner = 'Content-Type: multipart/mixed; boundary=in\n\n--in\n\ntext\n';
    const { trace } = scan(
      Buffer.from(`Content-Type: multipart/mixed; boundary=out\n\n--out\n${inner}--out--\n`),
    );
    expect(trace.slice(-5)).toEqual([
      'body',
      'end of leaf before delimiter',
      'end of multipart before delimiter',
      'close 0',
      'end of multipart before end',
    ]);
  });

  it('takes the parts of a digest for messages', () => {
    const { trace } = scan(
      Buffer.from('Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n\nHi\n--b--\n'),
    );
    expect(trace).toContain('header message/rfc822');
  });

  it('does not hold a field longer than the limit, however it arrives', () => {
    const long = `Content-Type: text/plain;\n${' x=y;\n'.repeat(FIELD_LIMIT / 4)}`;
    const input = Buffer.from(`A: b\n${long}To: c\n\nHi\n`);
    expect(scan(input).trace).toEqual([
      'field a',
      'piece of content-type',
      'field to',
      'header text/plain',
      'body',
      'end of leaf before end',
    ]);
    expectIdentity(input, randomCuts(input.length, 3, 20));
  });

  it('does not look for boundaries that are too long, nor into multiparts that are too deep', () => {
    const long = scan(
      Buffer.from(`Content-Type: multipart/mixed; boundary="${'b'.repeat(BOUNDARY_LIMIT + 1)}"\n\nx`),
    );
    expect(long.trace).toContain('body');
    const levels = NESTING_LIMIT + 5;
    const open = Array.from(
      { length: levels },
      (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\n\n--b${i}\n`,
    );
    const { trace } = scan(Buffer.from(open.join('')));
    expect(trace.filter((word) => word.startsWith('delimiter')).length).toBe(NESTING_LIMIT);
  });
});
