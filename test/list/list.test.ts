import { chmod, chown, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Failure, FailureKind } from '../../src/errors.ts';
import { NodeFiles } from '../../src/host/node-files.ts';
import { flawFailure, List, listName, openList } from '../../src/list/list.ts';
import { CountingFiles } from '../helpers/counting-files.ts';
import { type ListDirectory, makeList } from '../helpers/list-directory.ts';
import { lacks, ROOT_USER } from '../helpers/needs.ts';

let made: ListDirectory;
beforeEach(async () => {
  made = await makeList();
});
afterEach(() => made.remove());

const files = new NodeFiles();

function opened(directory: string): List {
  const { list, failure } = openList(directory, files);
  expect(failure).toBeNull();
  return list!;
}

function failure(directory: string): Failure {
  const { list, failure } = openList(directory, files);
  expect(list).toBeNull();
  expect(failure!.message).not.toContain(made.spool);
  expect(failure!.message).not.toMatch(/\n/);
  return failure!;
}

describe('a list that is right', () => {
  it('has addresses and the usual delimiter', () => {
    expect({ ...opened(made.directory) }).toEqual({
      directory: made.directory,
      addresses: ['news@example.org'],
      delimiter: '+',
      flaw: null,
    });
  });

  it('costs one look at the directory and two at its files', () => {
    const counting = new CountingFiles();
    openList(made.directory, counting);
    expect(counting.asked).toHaveLength(3);
  });

  it('may be named with slashes at the end, or through a symbolic link', async () => {
    expect(opened(`${made.directory}///`).directory).toBe(made.directory);
    await symlink(made.directory, join(made.spool, 'alias'));
    expect(opened(join(made.spool, 'alias')).addresses).toEqual(['news@example.org']);
  });

  it('may have a name that is no UTF-8', async () => {
    const path = Buffer.concat([Buffer.from(`${made.spool}/`), Buffer.from([0xe9, 0xff])]);
    await mkdir(Buffer.concat([path, Buffer.from('/control')]), { recursive: true });
    await writeFile(Buffer.concat([path, Buffer.from('/control/listaddress')]), 'x@example.org\n');
    expect(opened(path.toString('latin1')).addresses).toEqual(['x@example.org']);
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
      expect(opened(list.directory).addresses).toEqual(addresses);
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
    expect(opened(made.directory).delimiter).toBe(delimiter);
  });

  it.each([
    [['news@example.org', 'old@example.org'], 'news'],
    [['@example.org'], 'directory'],
    [['news'], 'directory'],
    [[], 'directory'],
  ])('with addresses %j it is called %s', (addresses, name) => {
    expect(new List('/spool/directory', addresses, '+', null).name).toBe(name);
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
      expect(flawFailure(opened(list.directory))).toEqual({ kind: FailureKind.Temporary, message });
    } finally {
      await list.remove();
    }
  });

  it('is not one whose files are all missing: they are optional', async () => {
    const list = await makeList({ listaddress: undefined });
    try {
      expect(flawFailure(opened(list.directory))).toBeNull();
    } finally {
      await list.remove();
    }
  });

  it('is not one with several addresses and a delimiter', async () => {
    await writeFile(join(made.directory, 'control/listaddress'), 'a@example.org\r\nb@example.org');
    await writeFile(join(made.directory, 'control/delimiter'), '-');
    expect(flawFailure(opened(made.directory))).toBeNull();
  });
});

describe('a list that is not right', () => {
  it('does not exist where only its own directory is missing', () => {
    expect(failure(join(made.spool, 'olds'))).toEqual({
      kind: FailureKind.NoSuchList,
      message: 'there is no mailing list "olds"',
    });
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
    ['it is a device', () => '/dev/null', /"null" is not a directory/],
    [
      'its name is too long for any file system',
      (at: ListDirectory) => join(at.spool, 'x'.repeat(300)),
      /ENAMETOOLONG/,
    ],
    ['its name has a NUL', (at: ListDirectory) => `${at.spool}/a\0b`, /"a\?b" cannot be looked at/],
    ['no name was given', () => '', /no list directory/],
  ])('is our trouble where %s', (_what, path, message) => {
    const error = failure(path(made));
    expect(error.kind).toBe(FailureKind.Temporary);
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
      'listaddress is a device',
      async (at: string) => {
        await rm(join(at, 'control/listaddress'));
        await symlink('/dev/zero', join(at, 'control/listaddress'));
      },
      'list "news": listaddress is no regular file',
    ],
    [
      'delimiter is a directory',
      async (at: string) => mkdir(join(at, 'control/delimiter')),
      'list "news": delimiter cannot be read (EISDIR)',
    ],
  ])('is our trouble where %s', async (_what, spoil, message) => {
    await spoil(made.directory);
    expect(failure(made.directory)).toEqual({ kind: FailureKind.Temporary, message });
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

/** Root may read everything and deliver everywhere. */
const NOBODY = 65534;
const noRoot = lacks(ROOT_USER);

describe.skipIf(noRoot)(`for a user that is not root${noRoot}`, () => {
  const script = `
    const [portable, list, nodeFiles, directory, access] = process.argv.slice(1);
    await import(portable);
    const { Access, openList } = await import(list);
    const { NodeFiles } = await import(nodeFiles);
    process.setgroups([]); process.setgid(${NOBODY}); process.setuid(${NOBODY});
    const opened = openList(directory, new NodeFiles(), Access[access]);
    console.log(opened.list ? 'opened ' + opened.list.addresses : opened.failure.kind + ': ' + opened.failure.message);`;

  async function asNobody(access = 'Deliver'): Promise<string> {
    const module = (path: string) => new URL(`../../src/${path}`, import.meta.url).href;
    const modules = ['portable.ts', 'list/list.ts', 'host/node-files.ts'].map(module);
    const { stdout } = await execa(process.execPath, [
      '--import',
      import.meta.resolve('tsx'),
      '--input-type=module',
      '-e',
      script,
      ...modules,
      made.directory,
      access,
    ]);
    return stdout;
  }

  beforeEach(() => chmod(made.spool, 0o755));

  it('opens its own list, and refuses somebody else’s as mlmmj-receive would', async () => {
    expect(await asNobody()).toBe(
      `${FailureKind.Temporary}: list "news" belongs to another user (uid 0) than the one delivering (uid ${NOBODY})`,
    );
    await chown(made.directory, NOBODY, NOBODY);
    expect(await asNobody()).toBe('opened news@example.org');
  });

  it('looks at somebody else’s list where it delivers nothing', async () => {
    expect(await asNobody('Read')).toBe('opened news@example.org');
  });

  it.each([
    ['what holds the list', '..', 'list "news" cannot be looked at (EACCES)'],
    ['the list', '.', 'list "news" cannot be read (control: EACCES)'],
    ['control', 'control', 'list "news": listaddress cannot be read (EACCES)'],
    ['listaddress', 'control/listaddress', 'list "news": listaddress cannot be read (EACCES)'],
  ])('is in trouble where it may not read %s', async (_what, path, message) => {
    await chown(made.directory, NOBODY, NOBODY);
    await chmod(join(made.directory, path), 0o000);
    expect(await asNobody()).toBe(`${FailureKind.Temporary}: ${message}`);
  });
});
