/** The executable and the script for Node are built from one source by one bundler; what they write must be one, too. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixtures } from '../helpers/fixtures.ts';
import { insertFooters } from '../helpers/insert.ts';
import { JAPANESE, WESTERN } from '../helpers/pairs.ts';
import { demandBuild, PROGRAMS } from '../helpers/programs.ts';

const run = promisify(execFile);
let folder: string;
beforeAll(async () => {
  demandBuild();
  folder = await mkdtemp(join(tmpdir(), 'amime-builds-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Every fixture once, in one directory; its name there is what the outgoing message will be called. */
async function inbox(): Promise<ReadonlyMap<string, Buffer>> {
  const messages = new Map<string, Buffer>();
  for (const { name, bytes } of fixtures()) {
    // To preview, a file that begins with a From_ line is a mailbox.
    if (!bytes.toString('latin1').startsWith('From ')) {
      messages.set(`${name.replaceAll(/[^\w.-]+/g, '-')}.eml`, bytes);
    }
  }
  await mkdir(join(folder, 'inbox'));
  for (const [file, bytes] of messages) await writeFile(join(folder, 'inbox', file), bytes);
  return messages;
}

test('both builds write the same bytes for every fixture, and they are the engine’s', async () => {
  const messages = await inbox();
  expect(messages.size).toBeGreaterThan(400);
  for (const pair of [WESTERN, JAPANESE]) {
    await writeFile(join(folder, 'text'), pair.text);
    await writeFile(join(folder, 'html'), pair.html);
    for (const { name, command } of PROGRAMS) {
      const out = join(folder, `out ${pair.name} ${name}`);
      const footers = ['--footer-text', join(folder, 'text'), '--footer-html', join(folder, 'html')];
      const [program, ...args] = command;
      await run(program, [...args, 'preview', ...footers, '--out', out, join(folder, 'inbox')]);
      for (const [file, input] of messages) {
        const expected = insertFooters(input, pair);
        expect((await readFile(join(out, file))).equals(expected), `${name}, ${pair.name}: ${file}`).toBe(
          true,
        );
      }
    }
  }
});
