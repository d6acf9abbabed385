import { expect, test } from 'vitest';
import { ExpiringCache } from '../../src/serve/expiring-cache.ts';

function counting() {
  let asked = 0;
  return async () => {
    asked++;
    return asked;
  };
}

test('an entry counts for one second', async () => {
  let now = 0;
  const cache = new ExpiringCache<number>(() => now);
  const load = counting();
  expect(await cache.get('a', load)).toBe(1);
  expect(await cache.get('b', load)).toBe(2);
  now = 999;
  expect(await cache.get('a', load)).toBe(1);
  now = 1000;
  expect(await cache.get('a', load)).toBe(3);
  now = 1999;
  expect(await cache.get('a', load)).toBe(3);
  now = 2000;
  expect(await cache.get('a', load)).toBe(4);
});

test('what failed is tried anew', async () => {
  const cache = new ExpiringCache<number>(() => 0);
  await expect(cache.get('a', () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
  expect(await cache.get('a', counting())).toBe(1);
});

test('what fails late does not take away what was loaded meanwhile', async () => {
  const cache = new ExpiringCache<number>(() => 0);
  let fail: (error: Error) => void = () => undefined;
  const first = cache.get('a', () => new Promise((_, reject) => (fail = reject)));
  cache.clear();
  const load = counting();
  expect(await cache.get('a', load)).toBe(1);
  fail(new Error('late'));
  await expect(first).rejects.toThrow('late');
  expect(await cache.get('a', load)).toBe(1);
});

test('those who ask while it is being loaded wait for the same answer', async () => {
  const cache = new ExpiringCache<number>(() => 0);
  const load = counting();
  expect(await Promise.all([cache.get('a', load), cache.get('a', load)])).toEqual([1, 1]);
});

test('it can be cleared', async () => {
  const cache = new ExpiringCache<number>(() => 0);
  const load = counting();
  await cache.get('a', load);
  cache.clear();
  expect(await cache.get('a', load)).toBe(2);
});

test('of many answers only so many are kept', async () => {
  const cache = new ExpiringCache<number>(() => 0);
  const load = counting();
  const keys = Array.from({ length: 300 }, (_, at) => `${at}`);
  for (const key of keys) await cache.get(key, load);
  const again = await Promise.all(keys.map((key) => cache.get(key, load)));
  expect(again.filter((answer) => answer <= 300)).toHaveLength(256);
  expect(again.filter((answer) => answer > 300)).toHaveLength(44);
});
