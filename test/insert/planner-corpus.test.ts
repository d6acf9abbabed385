import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withCrlf } from '../helpers/fixtures.ts';
import { insertFooters, planFooters } from '../helpers/insert.ts';
import { byteFaults } from '../helpers/judge/bytes.ts';
import { differenceFaults } from '../helpers/judge/difference.ts';
import { withLastNewline } from '../helpers/judge.ts';
import { AWKWARD, JAPANESE, WESTERN } from '../helpers/pairs.ts';
import { Readers } from '../helpers/readers.ts';

const folder = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url));
const files = existsSync(folder)
  ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(eml|msg)$/.test(file))
      .sort()
  : [];

let readers: Readers;
beforeAll(() => {
  readers = new Readers();
});
afterAll(() => readers.close());

if (files.length === 0) {
  it.skip('real-world mail (needs .eml and .msg files in ../shared/corpus, beside the project)', () => {});
}

describe.each(files)('%s', (file) => {
  const original = readFileSync(folder + file);

  it('comes through with all it brought, and footers only', async () => {
    for (const input of [original, withCrlf(original)]) {
      if (input === undefined) continue;
      for (const pair of [WESTERN, JAPANESE, AWKWARD]) {
        const output = insertFooters(input, pair);
        const faults = [
          ...byteFaults(input, output),
          ...differenceFaults(withLastNewline(input, output), output, pair),
        ];
        expect(faults, pair.name).toEqual([]);
        expect(await attachments(output), pair.name).toEqual(
          await attachments(withLastNewline(input, output)),
        );
      }
    }
  });

  it('has the same plan through any window', () => {
    const { plan } = planFooters(original, JAPANESE);
    for (const width of [64, 1000, 4096]) {
      expect(planFooters(original, JAPANESE, undefined, width).plan).toEqual(plan);
    }
  });
});

/** What both readers take for attachments. */
async function attachments(message: Buffer) {
  const [python, mailparser] = await Promise.all([readers.python(message), readers.mailparser(message)]);
  const named = python?.parts.filter((part) => {
    if (!/^(text|multipart)\//.test(part.type)) return true;
    // A mere name makes no attachment of a text that is the whole message: readers show it.
    const isWhole = part.inside.length === 0 && part.disposition !== 'attachment';
    return part.filename !== null && !isWhole;
  });
  return {
    python: named?.map((part) => `${part.type} ${part.filename} ${part.sha256}`),
    mailparser: mailparser?.attachments.map((one) => `${one.type} ${one.filename} ${one.sha256}`),
  };
}
