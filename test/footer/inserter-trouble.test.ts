import { afterEach, describe, expect, it, vi } from 'vitest';
import { AppendEditor } from '../../src/footer/append-editor.ts';
import { DecodedTail } from '../../src/footer/decoded-tail.ts';
import { HtmlScanner } from '../../src/footer/html-scanner.ts';
import { FooterInserter } from '../../src/footer/inserter.ts';
import { LookAhead } from '../../src/footer/look-ahead.ts';
import { PgpBlocks } from '../../src/footer/pgp-blocks.ts';
import { Placement } from '../../src/footer/placement.ts';
import { BoundaryStack } from '../../src/mime/boundary-stack.ts';
import { HeldHeader } from '../../src/mime/held-header.ts';
import { PartHeaderBuilder } from '../../src/mime/part-header.ts';
import { QuotedPrintableEncoder } from '../../src/mime/quoted-printable.ts';
import { DeliveryError } from '../../src/status.ts';
import { type Cut, everyByte, feed, piecesOf, randomCuts } from '../helpers/cuts.ts';
import { DEFAULT_WISHES } from '../helpers/expectation.ts';
import { differenceFaults } from '../helpers/judge/difference.ts';
import { WESTERN } from '../helpers/pairs.ts';

/**
 * A footer is never worth a mail: whatever fails in the footer code, and whenever, the message is all there. There is
 * no input that makes this code fail (that is what the other suites are for), so faults are put into it here.
 */

const HEADER = 'From: a@example.com\nSubject: x\nMIME-Version: 1.0\n';
const MESSAGES: Readonly<Record<string, string>> = {
  'plain text': `${HEADER}Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nHello\nthere\n`,
  'text that is re-encoded': `${HEADER}\nHello\nthere\nand there\n`,
  'base64 HTML': `${HEADER}Content-Type: text/html\nContent-Transfer-Encoding: base64\n\nPGh0bWw+PGJvZHk+SGVsbG88L2JvZHk+PC9odG1sPgo=\n`,
  alternatives: `${HEADER}Content-Type: multipart/alternative; boundary=b\n\n--b\n\nHello\n--b\nContent-Type: text/html\n\n<body>Hello</body>\n--b--\n`,
  'mixed with a picture and an attachment': `${HEADER}Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\nHello\n--b\nContent-Type: image/png\n\npng\n--b\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\nQUJD\n--b--\n`,
  'a picture that is wrapped': `${HEADER}Content-Type: image/png\nContent-Transfer-Encoding: base64\n\nQUJD\n`,
};

/** Places in the footer code, as an object that has the method and its name. */
const PLACES: readonly (readonly [place: string, owner: object, method: string])[] = [
  ['placing a part', Placement.prototype, 'enter'],
  ['settling at the end', Placement.prototype, 'close'],
  ['watching the text', DecodedTail.prototype, 'push'],
  ['scanning HTML', HtmlScanner.prototype, 'write'],
  ['watching for PGP', PgpBlocks.prototype, 'push'],
  ['finishing a text', AppendEditor.prototype, 'finish'],
  ['re-encoding', QuotedPrintableEncoder.prototype, 'write'],
  ['holding a field', LookAhead.prototype, 'holdField'],
  ['changing a header', HeldHeader.prototype, 'changed'],
  ['wrapping', HeldHeader.prototype, 'wrapped'],
  ['reading a header', PartHeaderBuilder.prototype, 'build'],
  ['looking for boundaries', BoundaryStack.prototype, 'match'],
];

afterEach(() => {
  vi.restoreAllMocks();
});

/** The n-th call fails; the others do what they always do. */
function failAt(n: number, owner: object, method: string): { readonly reached: boolean } {
  const state = { calls: 0, reached: false };
  const original = (owner as Record<string, (...args: unknown[]) => unknown>)[method]!;
  vi.spyOn(owner as Record<string, () => unknown>, method).mockImplementation(function (
    this: unknown,
    ...args: unknown[]
  ) {
    state.calls++;
    if (state.calls === n) {
      state.reached = true;
      throw new Error('a fault');
    }
    return original.apply(this, args);
  } as () => unknown);
  return state;
}

describe.each(PLACES)('a fault while %s', (_, owner, method) => {
  it.each(Object.keys(MESSAGES))('costs %s nothing but the footer', (name) => {
    const input = Buffer.from(MESSAGES[name]!);
    const cuts: Cut[] = [
      [],
      everyByte(input.length),
      piecesOf(16, input.length),
      ...randomCuts(input.length, 5, 5),
    ];
    for (const cut of cuts) {
      for (let n = 1; n <= 40; n++) {
        const fault = failAt(n, owner, method);
        const pieces: Buffer[] = [];
        const inserter = new FooterInserter(WESTERN, DEFAULT_WISHES, (bytes) =>
          pieces.push(Buffer.from(bytes)),
        );
        let refused: unknown;
        try {
          feed(inserter, input, cut);
        } catch (error) {
          refused = error;
        }
        vi.restoreAllMocks();
        if (!fault.reached) break;
        if (refused !== undefined) {
          expect(refused).toBeInstanceOf(DeliveryError);
          expect((refused as DeliveryError).kind).toBe('temporary');
          expect(Buffer.concat(pieces).toString()).toContain('quoted-printable');
          continue;
        }
        const output = Buffer.concat(pieces);
        expect(differenceFaults(input, output, WESTERN), `call ${n}, cut ${cut}:\n${output}`).toEqual([]);
        expect(inserter.failure).toBeInstanceOf(Error);
        expect(inserter.outcome.reasons).toContain('trouble');
      }
    }
  });
});
