/** The native program and the one for Node are compiled from one source; what they write must be one, too. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixtures } from '../helpers/fixtures.ts';
import { insertFooters } from '../helpers/insert.ts';
import { type ListDirectory, makeList } from '../helpers/list-directory.ts';
import { JAPANESE, WESTERN } from '../helpers/pairs.ts';
import { demandBuild, PROGRAMS, run } from '../helpers/programs.ts';

const [NATIVE, NODE] = PROGRAMS;
/** Starting Node takes thirty times as long: there each so many-th. */
const SHARE_ON_NODE = 40;

const lists: ListDirectory[] = [];
beforeAll(demandBuild);
afterAll(() => Promise.all(lists.map((list) => list.remove())));

test.each([WESTERN, JAPANESE])('every fixture, with the footer $name', { timeout: 600_000 }, async (pair) => {
  const list = await makeList({ footer_text: pair.text, footer_html: pair.html });
  lists.push(list);
  const all = fixtures();
  expect(all.length).toBeGreaterThan(400);
  for (const [index, { name, bytes }] of all.entries()) {
    if (bytes.length === 0) continue;
    const expected = insertFooters(bytes, pair);
    for (const program of index % SHARE_ON_NODE === 0 ? [NATIVE!, NODE!] : [NATIVE!]) {
      // As pipe(8) tells it; what stands in the message would be believed otherwise.
      const env = { SENDER: 'a@example.net', EXTENSION: '' };
      const result = await run(program, ['-L', list.directory, '--dry-run'], { input: bytes, env });
      expect(result, `${program.name}: ${name}`).toMatchObject({ status: 0 });
      expect(result.bytes.equals(expected), `${program.name}: ${name}\n${result.stderr}`).toBe(true);
    }
  }
});
