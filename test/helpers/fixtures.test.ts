import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dissect, partOf } from './anatomy.ts';
import { fixtures } from './fixtures.ts';
import { Readers } from './readers.ts';

let readers: Readers;
beforeAll(() => {
  readers = new Readers();
});
afterAll(() => readers.close());

const strict = fixtures().filter((fixture) => fixture.expectation.loose !== true);

/** An expectation that names a part which is not there would be a test of nothing. */
describe.each(strict.map((fixture) => [fixture.name, fixture] as const))(
  '%s',
  (_, { bytes, expectation }) => {
    it('expects the footer in parts that are there', async () => {
      const reading = await readers.python(bytes);
      for (const placement of [expectation, ...(expectation.alsoFine ?? [])]) {
        for (const { part, kind } of placement.footer === 'none' ? [] : placement.footer) {
          const wanted = kind === 'html' ? 'text/html' : 'text/plain';
          expect(partOf(dissect(bytes), part)?.type, `part ${part}`).toBe(wanted);
          expect(reading?.parts.find((one) => one.number === part)?.type, `part ${part} in Python`).toBe(
            wanted,
          );
        }
        const after = placement.ownPart?.after;
        if (after !== undefined && !/(^|\.)0$/.test(after))
          expect(partOf(dissect(bytes), after), after).toBeDefined();
      }
    });
  },
);
