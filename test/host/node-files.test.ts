import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileKind, IRREGULAR } from '../../src/host/files.ts';
import { NodeFiles } from '../../src/host/node-files.ts';

const files = new NodeFiles();
let directory: string;
const at = (name: string) => join(directory, name);

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'amime-files-'));
  await writeFile(at('file'), 'content');
  await symlink('file', at('link'));
  await symlink('nowhere', at('dangling'));
  await symlink('loop', at('loop'));
  execFileSync('mkfifo', [at('fifo')]);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('status', () => {
  it.each([
    ['', FileKind.Directory, ''],
    ['file', FileKind.Regular, ''],
    ['link', FileKind.Regular, ''],
    ['fifo', FileKind.Other, ''],
    ['dangling', FileKind.Missing, 'ENOENT'],
    ['nothing', FileKind.Missing, 'ENOENT'],
    ['file/x', FileKind.Unknown, 'ENOTDIR'],
    ['loop', FileKind.Unknown, 'ELOOP'],
    ['x'.repeat(300), FileKind.Unknown, 'ENAMETOOLONG'],
    ['a\0b', FileKind.Unknown, 'EINVAL'],
  ])('%.20j', (name, kind, error) => {
    expect(files.status(at(name))).toMatchObject({ kind, error });
  });

  it('says whose it is', () => {
    expect(files.status(at('file')).owner).toBe(process.geteuid?.());
    expect(files.user).toBe(process.geteuid?.());
  });
});

describe('read', () => {
  it.each([
    ['file', 100, 'content'],
    ['link', 7, 'content'],
    ['file', 6, 'content'],
    ['file', 3, 'cont'],
    ['file', 0, 'c'],
  ])('%s, up to one byte more than %i', (name, limit, content) => {
    expect(Buffer.from(files.read(at(name), limit).bytes!).toString()).toBe(content);
  });

  it.each([
    ['nothing', 'ENOENT'],
    ['dangling', 'ENOENT'],
    ['', 'EISDIR'],
    ['fifo', IRREGULAR],
    ['file/x', 'ENOTDIR'],
    ['a\0b', 'EINVAL'],
  ])('%j has none: %s', (name, error) => {
    expect(files.read(at(name), 100)).toEqual({ bytes: null, error });
  });

  it('files that are longer than they say', () => {
    expect(files.read('/proc/self/status', 65_536).bytes!.length).toBeGreaterThan(100);
    expect(files.read('/proc/self/maps', 65_536).bytes!.length).toBeGreaterThan(4096);
  });

  it('by a name that is no UTF-8', async () => {
    await writeFile(Buffer.concat([Buffer.from(`${directory}/`), Buffer.from([0xff])]), 'x');
    expect(files.read(at('\u00ff'), 10).bytes).toHaveLength(1);
    expect(files.status(at('\u00ff')).kind).toBe(FileKind.Regular);
  });
});

describe('what else is asked', () => {
  it('whether a file may be run', async () => {
    expect(files.isExecutable(at('file'))).toBe(false);
    await chmod(at('file'), 0o755);
    expect(files.isExecutable(at('link'))).toBe(true);
    expect(files.isExecutable(at('nothing'))).toBe(false);
  });

  it('how much room there is', async () => {
    await mkdir(at('sub'));
    expect(files.freeBytes(at('sub'))).toBeGreaterThan(0);
    expect(files.freeBytes(at('nothing'))).toBe(-1);
  });
});
