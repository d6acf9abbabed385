// Which list an address means, in spools of every shape; and that a list which is there is never said not to be.
import { chmod, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { FailureKind } from '../../src/errors.ts';
import type { DeliveryFailure } from '../../src/host/interruption.ts';
import { NodeFiles } from '../../src/host/node-files.ts';
import { ListFinder } from '../../src/list/find-list.ts';
import { type Layout, parseLayout } from '../../src/list/layout.ts';
import { nasty } from '../helpers/nasty-text.ts';
import { ANOTHER_USER, lacks } from '../helpers/needs.ts';

/** The real file system, which also notes what was asked for. */
class NotedFiles extends NodeFiles {
  readonly asked: string[] = [];

  override status(path: string) {
    this.asked.push(path);
    return super.status(path);
  }

  override read(path: string, limit: number) {
    this.asked.push(path);
    return super.read(path, limit);
  }
}

const NONE = '550 there is no such mailing list';

let path = '';
afterEach(async () => {
  await rm(path, { recursive: true, force: true });
  path = '';
});

/** A spool with these lists: by path, what stands in `listaddress` (null: no such file). */
async function spool(lists: Readonly<Record<string, string | null>>): Promise<string> {
  path = await mkdtemp(join(tmpdir(), 'amime-spool-'));
  for (const [name, address] of Object.entries(lists)) await add(name, address);
  return path;
}

async function add(name: string, address: string | null, delimiter?: string): Promise<void> {
  await mkdir(join(path, name, 'control'), { recursive: true });
  if (address !== null) await writeFile(join(path, name, 'control/listaddress'), address);
  if (delimiter !== undefined) await writeFile(join(path, name, 'control/delimiter'), delimiter);
}

function finderFor(layout = '%d/%u', files = new NodeFiles()): ListFinder {
  return new ListFinder(path, parseLayout(layout) as Layout, files);
}

/** `path extension`, or the failure as LMTP would say it. */
async function ask(address: string, finder = finderFor()): Promise<string> {
  const at = address.lastIndexOf('@');
  try {
    const { name, extension } = await finder.find(address.slice(0, at), address.slice(at + 1));
    return `${name} ${extension}`.trim();
  } catch (error) {
    const { kind, message } = (error as DeliveryFailure).failure;
    return `${kind === FailureKind.NoSuchList ? 550 : 451} ${message}`;
  }
}

describe('by the layout and by listaddress', () => {
  test.each([
    ['%d/%u', 'news@example.org', 'example.org/news'],
    ['%d/%u', 'News+Foo@EXAMPLE.org', 'example.org/news foo'],
    ['%d/%u', 'News+Bounces-7-A=b.c@EXAMPLE.org', 'example.org/news bounces-7-A=b.c'],
    ['%d/%u', 'a-b@example.org', 'example.org/a-b'],
    ['%d/%u', 'a-b+c@example.org', 'example.org/a-b c'],
    ['%d/%u', 'a-c@example.org', 'example.org/a c'],
    ['%d/%u', 'a+c@example.org', NONE],
    ['%d/%u', 'news-foo@example.org', NONE],
    ['%d/%u', 'news@elsewhere.example', NONE],
    ['%u', 'flat@whatever.example', 'flat'],
    ['%u', 'other+x@alias.example', 'flat x'],
    ['%u', 'other@example.org', NONE],
  ])('with %s, %s is %s', async (layout, address, expected) => {
    await spool({
      'example.org/news': 'news@example.org',
      'example.org/a-b': 'a-b@example.org',
      flat: 'flat@example.org\nother@alias.example\n',
    });
    await add('example.org/a', 'a@example.org', '-');
    expect(await ask(address, finderFor(layout))).toBe(expected);
  });

  test.each(['%d/%u', '%u', 'lists/%d/%u'])(
    'with %s, lists of flat, nested and deeper spools are found',
    async (layout) => {
      await spool({
        flat: 'Flat@Example.ORG\nflat@alias.example',
        'example.org/nested': 'nested@example.org',
        'lists/example.org/deep': 'deep@example.org',
      });
      const finder = finderFor(layout);
      expect(await ask('flat@example.org', finder)).toBe('flat');
      expect(await ask('FLAT+Help@alias.example', finder)).toBe('flat help');
      expect(await ask('nested@example.org', finder)).toBe('example.org/nested');
      const isDeep = layout === 'lists/%d/%u';
      expect(await ask('deep@example.org', finder)).toBe(isDeep ? 'lists/example.org/deep' : NONE);
      expect((await finder.look()).lists).toBe(isDeep ? 3 : 2);
    },
  );

  test('an address beats a name: two domains with lists of the same name lie flat under different names', async () => {
    await spool({ news: 'news@one.example', 'news-two': 'news@two.example' });
    expect(await ask('news@one.example', finderFor('%u'))).toBe('news');
    expect(await ask('news@two.example', finderFor('%u'))).toBe('news-two');
    expect(await ask('news@three.example', finderFor('%u'))).toBe('news');
    expect(await ask('news@three.example')).toBe(NONE);
  });

  test('names and addresses that are not ASCII', async () => {
    await spool({ 'example.org/grüße': null, 'x/über': 'Über@bücher.example' });
    expect(await ask('grüße@example.org')).toBe('example.org/grüße');
    expect(await ask('Über+Help@BÜCHER.example')).toBe(NONE);
    expect(await ask('Über@bücher.example')).toBe('x/über');
  });
});

describe('an address that several lists have', () => {
  test('waits, and all of them are named', async () => {
    await spool({
      one: 'one@example.org\nall@example.org',
      'example.org/two': 'two@example.org\nALL@example.org',
    });
    expect(await ask('all@example.org')).toBe('451 the address is that of 2 lists: "example.org/two", "one"');
    expect(await ask('all+help@example.org')).toMatch(/^451 the address is that of 2 lists/);
    expect(await ask('one@example.org')).toBe('one');
  });

  test('whoever owns a list cannot take over the mail of another', async () => {
    await spool({
      'example.org/news': 'news@example.org',
      'example.net/greedy': 'greedy@example.net\nnews@example.org',
    });
    expect(await ask('news@example.org')).toMatch(/^451 .*"example.net\/greedy", "example.org\/news"$/);
    await rm(join(path, 'example.org/news/control/listaddress'));
    expect(await ask('news@example.org')).toMatch(/^451 .*"example.net\/greedy", "example.org\/news"$/);
  });

  test('one list that names it twice, or that a link leads to as well, is one list', async () => {
    await spool({ 'example.org/news': 'news@example.org\nNEWS@example.org' });
    await symlink('example.org', join(path, 'alias.example'));
    await symlink('example.org/news', join(path, 'flat'));
    expect(await ask('news@example.org')).toBe('example.org/news');
    expect(await ask('news@alias.example')).toBe('example.org/news');
    expect((await finderFor().look()).lists).toBe(1);
  });

  test('the delimiter decides where it can', async () => {
    await spool({});
    await add('plus', 'a@example.org');
    await add('dash', 'a-b@example.org\na@example.org', '-');
    expect(await ask('a+x@example.org')).toBe('plus x');
    expect(await ask('a-x@example.org')).toBe('dash x');
    expect(await ask('a-b@example.org')).toBe('dash');
    expect(await ask('a@example.org')).toMatch(/^451 /);
  });
});

describe('whatever is not certain waits', () => {
  test.each([
    ['missing', (at: string) => rm(at, { recursive: true }), 'the spool cannot be read (ENOENT)'],
    [
      'a file',
      async (at: string) => {
        await rm(at, { recursive: true });
        await writeFile(at, '');
      },
      'the spool cannot be read (ENOTDIR)',
    ],
    [
      'empty',
      async (at: string) => {
        await rm(at, { recursive: true });
        await mkdir(at);
      },
      'the spool is empty',
    ],
    [
      'a new file system',
      async (at: string) => {
        await rm(at, { recursive: true });
        await mkdir(join(at, 'lost+found'), { recursive: true });
      },
      'the spool is empty',
    ],
    [
      'without lists',
      (at: string) => rm(join(at, 'news'), { recursive: true }),
      'there is no list in the spool',
    ],
  ])('a spool that is %s', async (_, change, reason) => {
    await spool({ news: 'news@example.org' });
    await mkdir(join(path, 'example.org'));
    const finder = finderFor();
    expect(await ask('nobody@example.org', finder)).toBe(NONE);
    await change(path);
    expect(await ask('news@example.org', finder)).toBe(`451 ${reason}`);
    expect((await finder.look()).trouble?.message).toBe(reason);
    await rm(path, { recursive: true, force: true });
    await mkdir(path);
    await add('news', 'news@example.org');
    expect(await ask('news@example.org', finder), 'it is there again').toBe('news');
  });

  test('a list whose listaddress cannot be read could be the one', async () => {
    await spool({ good: 'good@example.org' });
    await mkdir(join(path, 'bad/control/listaddress'), { recursive: true });
    expect(await ask('nobody@example.org')).toBe('451 list "bad": listaddress cannot be read (EISDIR)');
    expect(await ask('good@example.org')).toBe('good');
  });

  test('a FIFO in the place of a listaddress blocks nobody', async () => {
    await spool({ good: 'good@example.org', bad: null });
    const { spawnSync } = await import('node:child_process');
    spawnSync('mkfifo', [join(path, 'bad/control/listaddress')]);
    expect(await ask('nobody@example.org')).toBe('451 list "bad": listaddress is no regular file');
  });

  test('a list without listaddress could be the one of its name, and no other', async () => {
    await spool({ good: 'good@example.org', news: null });
    expect(await ask('News+x@example.org')).toBe('451 list "news" has no listaddress');
    expect(await ask('nobody@example.org')).toBe(NONE);
  });

  test('a link out of the spool, or to nowhere, is not followed', async () => {
    await spool({ good: 'good@example.org' });
    await symlink('/etc', join(path, 'out'));
    await symlink('nowhere', join(path, 'gone'));
    await symlink('loop', join(path, 'loop'));
    expect(await ask('out@example.org')).toBe('451 the list is a link that leads out of the spool');
    expect(await ask('gone@example.org')).toBe(NONE);
    expect(await ask('loop@example.org')).toBe(NONE);
  });

  const isRoot = lacks(ANOTHER_USER);
  test.skipIf(isRoot)(`a directory that may not be looked into${isRoot}`, async () => {
    await spool({ good: 'good@example.org', 'closed/news': 'news@example.org' });
    await chmod(join(path, 'closed'), 0);
    expect(await ask('news@example.org')).toMatch(/^451 .*EACCES/);
    await chmod(join(path, 'closed'), 0o700);
  });

  test.each(['localhost.mlmmj', 'localhost', 'mail.localdomain', 'LOCALHOST.mlmmj'])(
    'an address at %s is none of a list, and whoever rewrote it is told',
    async (domain) => {
      await spool({ news: 'news@example.org' });
      expect(await ask(`news@${domain}`)).toBe(
        `451 no list has an address at ${domain.toLowerCase()}: send it the list's own address, see docs/serve.md`,
      );
      await writeFile(join(path, 'news/control/listaddress'), `news@example.org\nnews@${domain}`);
      expect(await ask(`news@${domain}`), 'unless a list says so').toBe('news');
    },
  );
});

describe('a spool that changes', () => {
  test('a list that has come or gone counts at once', async () => {
    await spool({ news: 'news@example.org', 'example.org/talk': 'talk@example.org' });
    const finder = finderFor();
    expect(await ask('late@example.org', finder)).toBe(NONE);
    await add('late', 'late@example.org');
    expect(await ask('late@example.org', finder)).toBe('late');
    await add('example.org/other', 'elsewhere@example.net');
    expect(await ask('elsewhere@example.net', finder)).toBe('example.org/other');
    await rm(join(path, 'late'), { recursive: true });
    expect(await ask('late@example.org', finder)).toBe(NONE);
    await rename(join(path, 'news'), join(path, 'renamed'));
    expect(await ask('news@example.org', finder)).toBe('renamed');
  });

  test('a new address of a list counts when the finder is told to forget', async () => {
    await spool({ news: 'news@example.org' });
    const finder = finderFor();
    expect(await ask('alias@example.org', finder)).toBe(NONE);
    await writeFile(join(path, 'news/control/listaddress'), 'news@example.org\nalias@example.org');
    finder.forget();
    expect(await ask('alias@example.org', finder)).toBe('news');
  });

  test('those who ask while it is being read wait for the same reading', async () => {
    await spool({ news: 'news@example.org' });
    const files = new NotedFiles();
    const finder = finderFor('%d/%u', files);
    const answers = await Promise.all(
      ['a', 'b', 'news', 'c'].map((name) => ask(`${name}@example.org`, finder)),
    );
    expect(answers).toEqual([NONE, NONE, 'news', NONE]);
    expect(files.asked.filter((asked) => dirname(asked) === join(path, 'news/control'))).toHaveLength(3);
  });
});

test('nothing outside the spool is ever looked at', async () => {
  await spool({ news: 'news@example.org', 'example.org/talk': 'talk@example.org' });
  const files = new NotedFiles();
  const finder = finderFor('%d/%u', files);
  await fc.assert(
    fc.asyncProperty(nasty, nasty, async (user, domain) => {
      try {
        await finder.find(user, domain);
      } catch (error) {
        const { kind } = (error as DeliveryFailure).failure;
        expect([FailureKind.NoSuchList, FailureKind.Temporary]).toContain(kind);
      }
    }),
    { numRuns: 300 },
  );
  for (const asked of files.asked) expect(asked.startsWith(`${path}/`) && !asked.includes('/../')).toBe(true);
});
