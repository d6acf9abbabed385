// From a name to a path: nothing that comes from the network leads out of the spool.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expandLayout, type Layout, parseLayout } from '../../src/list/layout.ts';
import { candidateSplits, isSafeName } from '../../src/list/list-name.ts';
import { nasty } from '../helpers/nasty-text.ts';

describe('names and layouts', () => {
  test('a local part has its splits, longest name first, in lower case', () => {
    expect(candidateSplits('News-List+Sub')).toEqual([
      { name: 'news-list+sub', remainder: '' },
      { name: 'news-list', remainder: '+Sub' },
      { name: 'news', remainder: '-List+Sub' },
    ]);
    expect(candidateSplits('..')).toEqual([]);
    expect(candidateSplits('+x')).toEqual([{ name: '+x', remainder: '' }]);
    expect(candidateSplits('a-'.repeat(500)).length).toBeLessThanOrEqual(32);
  });

  test.each([
    '',
    '.',
    '..',
    '.hidden',
    'a/b',
    'a\\b',
    'a\0',
    'a\nb',
    'a b',
    'a\u00a0b',
    'a\u202eb',
    'a\u200b',
    '\ufeffa',
    'a\ufffd',
    'x'.repeat(256),
    'é'.repeat(128),
  ])('%j is no name', (name) => expect(isSafeName(name)).toBe(false));
  test.each(['news', 'a.b', 'a..b', '-rf', 'näws', "o'neill", '$(x)', 'x'.repeat(255)])(
    '%j is a name',
    (name) => {
      expect(isSafeName(name)).toBe(true);
    },
  );

  test.each([
    ['%d/%u', 'example.org/news'],
    ['%u', 'news'],
    ['lists/%u@%d', 'lists/news@example.org'],
    ['%d/lists-%u/100%%', 'example.org/lists-news/100%'],
  ])('the layout %s', (text, path) => {
    expect(expandLayout(parseLayout(text) as Layout, 'news', 'example.org')).toBe(path);
  });

  test.each(['', '/%u', '%d', '%x/%u', '../%u', '%d//%u', '%u/', '.x/%u', '%u%'])(
    '%j is no layout',
    (text) => {
      expect(typeof parseLayout(text)).toBe('string');
    },
  );

  test('whatever is expanded is a plain path below the spool', () => {
    const layouts = ['%d/%u', '%u', 'x%u%d/y'].map((text) => parseLayout(text) as Layout);
    fc.assert(
      fc.property(nasty, nasty, (user, domain) => {
        for (const layout of layouts) {
          const path = expandLayout(layout, user, domain);
          if (path === null) continue;
          expect(path.split('/')).toHaveLength(layout.levels.length);
          for (const name of path.split('/')) expect(isSafeName(name)).toBe(true);
        }
      }),
    );
  });
});
