import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { platform } from '../../src/platform/node.ts';
import { withShortMemory } from '../../src/serve/short-memory.ts';
import { type ListDirectory, makeList } from '../helpers/list-directory.ts';

let list: ListDirectory;
beforeAll(async () => {
  list = await makeList({});
});
afterAll(() => list.remove());

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}

test('what a file says, or that it is not there, counts for one second', async () => {
  let now = 0;
  const { readFile } = withShortMemory(platform, () => now);
  const path = join(list.directory, 'control/footer_text');
  await expect(readFile(path, 100)).rejects.toMatchObject({ code: 'ENOENT' });
  await writeFile(path, 'first');
  now = 999;
  await expect(readFile(path, 100)).rejects.toMatchObject({ code: 'ENOENT' });
  now = 1000;
  expect(text(await readFile(path, 100))).toBe('first');
  await writeFile(path, 'second');
  now = 1999;
  expect(text(await readFile(path, 100))).toBe('first');
  now = 2000;
  expect(text(await readFile(path, 100))).toBe('second');
});

test('a larger limit is not answered with what a smaller one cut off', async () => {
  const { readFile } = withShortMemory(platform, () => 0);
  const path = join(list.directory, 'control/long');
  await writeFile(path, '0123456789');
  expect(text(await readFile(path, 3))).toBe('0123');
  expect(text(await readFile(path, 20))).toBe('0123456789');
});

test('of many files only so many are remembered', async () => {
  const { readFile } = withShortMemory(platform, () => 0);
  const paths = Array.from({ length: 300 }, (_, at) => join(list.directory, `control/file-${at}`));
  for (const path of paths) await writeFile(path, 'old');
  for (const path of paths) await readFile(path, 100);
  for (const path of paths) await writeFile(path, 'new');
  const said = await Promise.all(paths.map(async (path) => text(await readFile(path, 100))));
  expect(said.filter((word) => word === 'old').length).toBe(256);
  expect(said.filter((word) => word === 'new').length).toBe(44);
});
