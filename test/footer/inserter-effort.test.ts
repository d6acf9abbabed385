/**
 * How much is done for what a hostile message holds. Steps are counted rather than timed, and each limit is far above
 * what is needed and far below what looking at everything again for each field, part or byte would take.
 */
import { describe, expect, it } from 'vitest';
import { ComposedFooters } from '../../src/footer/composed-footers.ts';
import { FooterInserter } from '../../src/footer/inserter.ts';
import { UTF_8 } from '../../src/mime/charset.ts';
import { codeTableOf } from '../../src/mime/charset-tables.ts';
import { DEFAULT_WISHES } from '../helpers/expectation.ts';

const PAIR = { text: 'für alle', html: '<p>für alle</p>' };

function insert(message: string, step = message.length): void {
  const bytes = Buffer.from(message, 'latin1');
  const inserter = new FooterInserter(PAIR, DEFAULT_WISHES, () => {});
  for (let at = 0; at < bytes.length; at += step) inserter.write(bytes.subarray(at, at + step));
  inserter.end();
}

type Method = (this: never, ...values: never[]) => unknown;

/** What the calls of a method cost in all while something runs. */
function costOf(
  prototype: object,
  name: string,
  cost: (self: { length: number }, values: unknown[], result: unknown) => number,
  run: () => void,
): number {
  const methods = prototype as Record<string, Method>;
  const original = methods[name]!;
  let total = 0;
  methods[name] = function (this: never, ...values: never[]): unknown {
    const result = original.apply(this, values);
    total += cost(this, values, result);
    return result;
  };
  try {
    run();
  } finally {
    methods[name] = original;
  }
  return total;
}

/** Characters that `replace` has gone through. */
const replaced = (run: () => void) => costOf(String.prototype, 'replace', (text) => text.length, run);

/** Bytes that `indexOf` has gone through. */
const searched = (run: () => void) =>
  costOf(
    Buffer.prototype,
    'indexOf',
    ({ length }, [, from], found) => ((found as number) < 0 ? length : (found as number)) - Number(from ?? 0),
    run,
  );

const alternatives = (part: string) =>
  `Content-Type: multipart/alternative; boundary=b\n\n${part.repeat(2000)}--b--\n`;

describe('what is done for a message is in proportion to its length', () => {
  it.each([
    [
      'fields that contradict a long one',
      `Content-Type: a${' \n '.repeat(9000)}\n${'Content-Type: b\n'.repeat(2000)}\n`,
    ],
    [
      'fields that repeat a long one',
      `Content-Type: a${' \n '.repeat(9000)}\n${'Content-Type: a\n'.repeat(2000)}\n`,
    ],
    [
      'parts of a multipart/related with a long start',
      `Content-Type: multipart/related; boundary=b; start="${'>'.repeat(30_000)}"\n\n${'--b\n\n'.repeat(2000)}`,
    ],
  ])('%s', (_, message) => {
    expect(replaced(() => insert(message))).toBeLessThan(20 * message.length);
  });

  it('headers without a colon', () => {
    const message = alternatives('--b\nx\n');
    expect(searched(() => insert(message))).toBeLessThan(50 * message.length);
  });

  it('a long field that comes byte by byte', () => {
    const message = `X: ${'a\n '.repeat(3000)}\n\nhi\n`;
    const searches = costOf(
      Buffer.prototype,
      'indexOf',
      () => 1,
      () => insert(message, 1),
    );
    expect(searches).toBeLessThan(100 * message.length);
  });

  it.each([
    ['held until its charset is sure', 'Content-Type: text/plain; charset=iso-8859-1\n\n'],
    [
      'that gets its footer at its end',
      'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n',
    ],
    ['that goes on behind </body>', 'Content-Type: text/html\n\n</body>'],
  ])('a text %s, byte by byte', (_, head) => {
    const message = head + 'a\n'.repeat(4000);
    const copied = costOf(
      Uint8Array.prototype,
      'set',
      (_self, [bytes]) => (bytes as Uint8Array).length,
      () => {
        const joined = costOf(
          Buffer,
          'concat',
          (_self, _values, whole) => (whole as Buffer).length,
          () => insert(message, 1),
        );
        expect(joined).toBeLessThan(20 * message.length);
      },
    );
    expect(copied).toBeLessThan(100 * message.length);
  });
});

describe('a hundred thousand parts', () => {
  it('get a footer that was composed once', () => {
    let encoded = 0;
    const charset = {
      ...UTF_8,
      encode: (text: string) => {
        encoded++;
        return UTF_8.encode(text);
      },
    };
    const footers = new ComposedFooters({ text: 'ü'.repeat(300), html: 'ü'.repeat(300) });
    const format = { flowed: false, unencoded: true };
    const compose = () => [
      footers.fits(charset),
      footers.text(format, charset),
      footers.html('8bit', charset),
    ];
    const first = compose();
    const once = encoded;
    for (let i = 0; i < 1000; i++) expect(compose()).toEqual(first);
    expect(encoded).toBe(once);
  });

  it('leave nothing behind of charsets that they make up', () => {
    const kept = costOf(
      Map.prototype,
      'set',
      () => 1,
      () => {
        for (let i = 0; i < 1000; i++) expect(codeTableOf(`x-${i}`)).toBeUndefined();
      },
    );
    expect(kept).toBeLessThan(100);
  });
});
