import { chmod, chown, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { demandWorkable, listName, openList } from '../../src/list/list.ts';
import { DeliveryError } from '../../src/status.ts';
import { filesPlatform } from '../helpers/files-platform.ts';
import { type ListDirectory, makeList } from '../helpers/list-directory.ts';

let made: ListDirectory;
beforeEach(async () => {
  made = await makeList();
});
afterEach(() => made.remove());

async function failure(directory: string): Promise<DeliveryError> {
  const error = await openList(directory, filesPlatform()).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DeliveryError);
  expect((error as DeliveryError).message).not.toContain(made.spool);
  expect((error as DeliveryError).message).not.toMatch(/\n/);
  return error as DeliveryError;
}

describe('a list that is right', () => {
  it('has addresses and the usual delimiter', async () => {
    expect(await openList(made.directory, filesPlatform())).toEqual({
      directory: made.directory,
      addresses: ['news@example.org'],
      delimiter: '+',
      unworkable: undefined,
    });
  });

  it('costs one look at the directory and two at its files', async () => {
    const platform = filesPlatform();
    await openList(made.directory, platform);
    expect(platform.asked).toHaveLength(3);
  });

  it('may be named with slashes at the end, or through a symbolic link', async () => {
    expect((await openList(`${made.directory}///`, filesPlatform())).directory).toBe(made.directory);
    await symlink(made.directory, join(made.spool, 'alias'));
    expect((await openList(join(made.spool, 'alias'), filesPlatform())).addresses).toEqual([
      'news@example.org',
    ]);
  });

  it.each([
    [
      'several, the first is the primary',
      'a@example.org\nb@example.org\n',
      ['a@example.org', 'b@example.org'],
    ],
    ['CRLF and blank lines', '\r\na@example.org\r\n\r\nb@example.org', ['a@example.org', 'b@example.org']],
    ['a byte-order mark', '\ufeffa@example.org\n', ['a@example.org']],
    ['an empty file', '', []],
    ['no file', undefined, []],
  ])('addresses: %s', async (_what, content, addresses) => {
    const list = await makeList({ listaddress: content });
    try {
      expect((await openList(list.directory, filesPlatform())).addresses).toEqual(addresses);
    } finally {
      await list.remove();
    }
  });

  it.each([
    ['-\n', '-'],
    ['--', '--'],
    ['_\r\ncommentary\n', '_'],
    ['\n', '+'],
    ['', '+'],
  ])('delimiter: %j means %j', async (content, delimiter) => {
    await writeFile(join(made.directory, 'control/delimiter'), content);
    expect((await openList(made.directory, filesPlatform())).delimiter).toBe(delimiter);
  });
});

describe('a list that mlmmj cannot work with, which would take a message and lose it', () => {
  it.each([
    [
      'an empty listaddress',
      { listaddress: '' },
      'list "news": listaddress has no address in its first line',
    ],
    [
      'its address in the second line',
      { listaddress: '\nnews@example.org\n' },
      'list "news": listaddress has no address in its first line',
    ],
    [
      'an address without a domain',
      { listaddress: 'news\n' },
      'list "news": listaddress has no address in its first line',
    ],
    ['an empty delimiter', { delimiter: '' }, 'list "news": delimiter is empty'],
    ['a blank delimiter', { delimiter: ' \n' }, 'list "news": delimiter is empty'],
  ])('%s', async (_what, control, message) => {
    const list = await makeList(control);
    try {
      const opened = await openList(list.directory, filesPlatform());
      expect(() => demandWorkable(opened)).toThrow(new DeliveryError('temporary', message));
    } finally {
      await list.remove();
    }
  });

  it('is not one whose files are all missing: they are optional', async () => {
    const list = await makeList({ listaddress: undefined });
    try {
      const opened = await openList(list.directory, filesPlatform());
      expect(() => demandWorkable(opened)).not.toThrow();
    } finally {
      await list.remove();
    }
  });

  it('is not one with several addresses and a delimiter', async () => {
    await writeFile(join(made.directory, 'control/listaddress'), 'a@example.org\r\nb@example.org');
    await writeFile(join(made.directory, 'control/delimiter'), '-');
    demandWorkable(await openList(made.directory, filesPlatform()));
  });
});

describe('a list that is not right', () => {
  it('does not exist where only its own directory is missing', async () => {
    const error = await failure(join(made.spool, 'olds'));
    expect([error.kind, error.message]).toEqual(['no-such-list', 'there is no mailing list "olds"']);
  });

  it.each([
    [
      'the holding directory is missing too',
      (at: ListDirectory) => join(at.spool, 'gone/news'),
      /should hold list "news" is missing/,
    ],
    ['a file stands above', (at: ListDirectory) => join(at.directory, 'control/listaddress/news'), /ENOTDIR/],
    [
      'it is a file',
      (at: ListDirectory) => join(at.directory, 'control/listaddress'),
      /"listaddress" is not a directory/,
    ],
    [
      'its name is too long for any file system',
      (at: ListDirectory) => join(at.spool, 'x'.repeat(300)),
      /ENAMETOOLONG/,
    ],
    ['its name has a NUL', (at: ListDirectory) => `${at.spool}/a\0b`, /"a\?b" cannot be looked at/],
    ['no name was given', () => '', /no list directory/],
  ])('is our trouble where %s', async (_what, path, message) => {
    const error = await failure(path(made));
    expect(error.kind).toBe('temporary');
    expect(error.message).toMatch(message);
  });

  it.each([
    [
      'control is missing',
      async (at: string) => rm(join(at, 'control'), { recursive: true }),
      'list "news" has no control directory',
    ],
    [
      'control is a file',
      async (at: string) => {
        await rm(join(at, 'control'), { recursive: true });
        await writeFile(join(at, 'control'), '');
      },
      'list "news": control is not a directory',
    ],
    [
      'control is a dangling link',
      async (at: string) => {
        await rm(join(at, 'control'), { recursive: true });
        await symlink('nowhere', join(at, 'control'));
      },
      'list "news" has no control directory',
    ],
    [
      'listaddress is a directory',
      async (at: string) => {
        await rm(join(at, 'control/listaddress'));
        await mkdir(join(at, 'control/listaddress'));
      },
      'list "news": listaddress cannot be read (EISDIR)',
    ],
    [
      'listaddress is huge',
      async (at: string) => writeFile(join(at, 'control/listaddress'), 'x'.repeat(70_000)),
      'list "news": listaddress is larger than 64 KiB',
    ],
    [
      'delimiter is a directory',
      async (at: string) => mkdir(join(at, 'control/delimiter')),
      'list "news": delimiter cannot be read (EISDIR)',
    ],
  ])('is our trouble where %s', async (_what, spoil, message) => {
    await spoil(made.directory);
    const error = await failure(made.directory);
    expect([error.kind, error.message]).toEqual(['temporary', message]);
  });
});

describe('listName', () => {
  it.each([
    ['/var/spool/mlmmj/example.org/news', 'news'],
    ['/news///', 'news'],
    ['news', 'news'],
    ['/a/b\n4.3.0 "x"', 'b?4.3.0??x?'],
    [`/${'n'.repeat(100)}`, `${'n'.repeat(61)}...`],
    ['/', ''],
  ])('%j is shown as %j', (path, name) => {
    expect(listName(path)).toBe(name);
  });
});

/** As `nobody`, since root may read everything and deliver everywhere. */
const isRoot = process.getuid?.() === 0;
const NOBODY = 65534;

describe.skipIf(!isRoot)(
  'for a user that is not root (this needs root, to become one; skipped otherwise)',
  () => {
    const script = `
    const { openList } = await import(process.argv[1]);
    const { filesPlatform } = await import(process.argv[2]);
    process.setgroups([]); process.setgid(${NOBODY}); process.setuid(${NOBODY});
    await openList(process.argv[3], filesPlatform()).then(
      (list) => console.log('opened ' + list.addresses),
      (error) => console.log(error.kind + ': ' + error.message));`;

    async function asNobody(): Promise<string> {
      const module = (path: string) => new URL(path, import.meta.url).href;
      const modules = [module('../../src/list/list.ts'), module('../helpers/files-platform.ts')];
      const { stdout } = await execa(process.execPath, [
        '--import',
        import.meta.resolve('tsx'),
        '--input-type=module',
        '-e',
        script,
        ...modules,
        made.directory,
      ]);
      return stdout;
    }

    beforeEach(() => chmod(made.spool, 0o755));

    it('opens its own list, and refuses somebody else’s as mlmmj-receive would', async () => {
      expect(await asNobody()).toBe(
        `temporary: list "news" belongs to another user (uid 0) than the one delivering (uid ${NOBODY})`,
      );
      await chown(made.directory, NOBODY, NOBODY);
      expect(await asNobody()).toBe('opened news@example.org');
    });

    it.each([
      ['what holds the list', '..', 'list "news" cannot be looked at (EACCES)'],
      ['the list', '.', 'list "news" cannot be read (control: EACCES)'],
      ['control', 'control', 'list "news": listaddress cannot be read (EACCES)'],
      ['listaddress', 'control/listaddress', 'list "news": listaddress cannot be read (EACCES)'],
    ])('is in trouble where it may not read %s', async (_what, path, message) => {
      await chown(made.directory, NOBODY, NOBODY);
      await chmod(join(made.directory, path), 0o000);
      expect(await asNobody()).toBe(`temporary: ${message}`);
    });
  },
);
