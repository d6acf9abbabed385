import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brokenMessage, soup, wellFormedMessage, wishes } from '../helpers/arbitrary-message.ts';
import { everyByte, firstDifferingCut, randomCuts, threePieceCuts, twoPieceCuts } from '../helpers/cuts.ts';
import { NOTHING } from '../helpers/expectation.ts';
import { DEPTH, insertFooters } from '../helpers/insert.ts';
import { judge } from '../helpers/judge.ts';
import { ALL_PAIRS, ASCII, JAPANESE } from '../helpers/pairs.ts';
import { Readers } from '../helpers/readers.ts';

let readers: Readers;
beforeAll(() => {
  readers = new Readers();
});
afterAll(() => readers.close());

const pairs = () => fc.constantFrom(...ALL_PAIRS);

describe.each([
  [
    'any well-formed message',
    'carries the footer where its tree says, and is otherwise what it was',
    wellFormedMessage,
  ],
  ['any broken message', 'loses nothing but gains footers', brokenMessage],
] as const)('%s', (_, stands, arbitrary) => {
  it(stands, async () => {
    await fc.assert(
      fc.asyncProperty(arbitrary(), pairs(), async (message, pair) => {
        const output = insertFooters(message.bytes, pair, message.wishes);
        const faults = await judge(message.bytes, output, pair, message.expectation, readers);
        expect(faults, output.toString('latin1')).toEqual([]);
      }),
      { numRuns: 800 * DEPTH },
    );
  });

  it('is the same however it is cut', () => {
    fc.assert(
      fc.property(arbitrary(), pairs(), fc.nat(), (message, pair, seed) => {
        const whole = insertFooters(message.bytes, pair, message.wishes);
        const run = (bytes: Uint8Array, cut: readonly number[]) =>
          insertFooters(bytes, pair, message.wishes, cut);
        const cuts = [everyByte(message.bytes.length), ...randomCuts(message.bytes.length, seed, 6)];
        expect(firstDifferingCut(message.bytes, whole, cuts, run)).toBeUndefined();
      }),
      { numRuns: 300 * DEPTH },
    );
  });
});

describe('any well-formed message', () => {
  it('carries the footer once when it passes twice', () => {
    fc.assert(
      fc.property(wellFormedMessage(), pairs(), (message, pair) => {
        const once = insertFooters(message.bytes, pair, message.wishes);
        expect(insertFooters(once, pair, message.wishes).toString('latin1')).toBe(once.toString('latin1'));
      }),
      { numRuns: 300 * DEPTH },
    );
  });
});

describe('any soup of bytes', () => {
  it('loses nothing but gains footers', async () => {
    await fc.assert(
      fc.asyncProperty(soup(), pairs(), wishes(), async (bytes, pair, wish) => {
        const output = insertFooters(bytes, pair, wish);
        const faults = await judge(bytes, output, pair, { ...NOTHING, why: 'soup', loose: true }, readers);
        expect(faults, `${bytes.toString('latin1')}\n=> ${output.toString('latin1')}`).toEqual([]);
      }),
      { numRuns: 1500 * DEPTH },
    );
  });

  it('is the same at all two- and three-piece cuts', () => {
    fc.assert(
      fc.property(soup(), wishes(), (bytes, wish) => {
        const short = bytes.subarray(0, 400);
        const run = (input: Uint8Array, cut: readonly number[]) => insertFooters(input, JAPANESE, wish, cut);
        const whole = run(short, []);
        const cuts = function* () {
          yield everyByte(short.length);
          yield* twoPieceCuts(short.length);
          if (short.length < 60) yield* threePieceCuts(short.length);
        };
        expect(firstDifferingCut(short, whole, cuts(), run)).toBeUndefined();
      }),
      { numRuns: 150 * DEPTH },
    );
  });
});

describe('a short message of each kind', () => {
  const multipart = (type: string, parts: string) =>
    `Content-Type: multipart/${type}; boundary=b\n\n--b\n${parts}\n--b--\n`;
  it.each([
    ['plain', 'Subject: a\n\nHi\n'],
    ['without a last newline', 'A: b\n\nHi'],
    ['HTML', 'Content-Type: text/html\n\n<p>a</p><!-- </body> --></body></html>\n'],
    [
      'quoted-printable',
      'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nG=C3=BC=\n',
    ],
    ['base64', 'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nR3LDvA==\n'],
    ['mixed', multipart('mixed', '\na\n--b\nContent-Type: image/png\n\nb')],
    ['flowed', 'Content-Type: text/plain; format=flowed\n\na \nb \n'],
    ['signed', multipart('signed', '\na\n--b\nContent-Type: application/pgp-signature\n\nb')],
    ['carriage returns', 'A: b\r\n\r\na\rb\r\n\r\r\n'],
  ])('%s: is the same at all two- and three-piece cuts', (_, text) => {
    const input = Buffer.from(text);
    for (const pair of [ASCII, JAPANESE]) {
      const run = (bytes: Uint8Array, cut: readonly number[]) =>
        insertFooters(bytes, pair, { signed: 'wrap', attachmentOnly: 'part' }, cut);
      const whole = run(input, []);
      const cuts = function* () {
        yield* twoPieceCuts(input.length);
        yield* threePieceCuts(input.length);
      };
      expect(firstDifferingCut(input, whole, cuts(), run)).toBeUndefined();
    }
  });
});
