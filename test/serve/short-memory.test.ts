import { expect, test } from 'vitest';
import { ShortMemory } from '../../src/serve/short-memory.ts';

function counting() {
  let asked = 0;
  return async () => {
    asked++;
    return asked;
  };
}

test('what was learnt counts for one second', async () => {
  let now = 0;
  const memory = new ShortMemory<number>(() => now);
  const learn = counting();
  expect(await memory.recall('a', learn)).toBe(1);
  expect(await memory.recall('b', learn)).toBe(2);
  now = 999;
  expect(await memory.recall('a', learn)).toBe(1);
  now = 1000;
  expect(await memory.recall('a', learn)).toBe(3);
  now = 1999;
  expect(await memory.recall('a', learn)).toBe(3);
  now = 2000;
  expect(await memory.recall('a', learn)).toBe(4);
});

test('what failed is tried anew', async () => {
  const memory = new ShortMemory<number>(() => 0);
  await expect(memory.recall('a', () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
  expect(await memory.recall('a', counting())).toBe(1);
});

test('what fails late does not take away what was learnt meanwhile', async () => {
  const memory = new ShortMemory<number>(() => 0);
  let fail: (error: Error) => void = () => undefined;
  const first = memory.recall('a', () => new Promise((_, reject) => (fail = reject)));
  memory.forget();
  const learn = counting();
  expect(await memory.recall('a', learn)).toBe(1);
  fail(new Error('late'));
  await expect(first).rejects.toThrow('late');
  expect(await memory.recall('a', learn)).toBe(1);
});

test('those who ask while it is being learnt wait for the same answer', async () => {
  const memory = new ShortMemory<number>(() => 0);
  const learn = counting();
  expect(await Promise.all([memory.recall('a', learn), memory.recall('a', learn)])).toEqual([1, 1]);
});

test('it can be told to forget', async () => {
  const memory = new ShortMemory<number>(() => 0);
  const learn = counting();
  await memory.recall('a', learn);
  memory.forget();
  expect(await memory.recall('a', learn)).toBe(2);
});

test('of many answers only so many are remembered', async () => {
  const memory = new ShortMemory<number>(() => 0);
  const learn = counting();
  const keys = Array.from({ length: 300 }, (_, at) => `${at}`);
  for (const key of keys) await memory.recall(key, learn);
  const again = await Promise.all(keys.map((key) => memory.recall(key, learn)));
  expect(again.filter((answer) => answer <= 300)).toHaveLength(256);
  expect(again.filter((answer) => answer > 300)).toHaveLength(44);
});
