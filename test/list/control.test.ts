import { execFileSync } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { NodeFiles } from '../../src/host/node-files.ts';
import { CONTROL_LIMIT, filledLines, firstLine, readControl } from '../../src/list/control.ts';
import { type ListDirectory, makeList } from '../helpers/list-directory.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const files = new NodeFiles();

describe('readControl', () => {
  let list: ListDirectory;
  afterEach(() => list.remove());

  it('gives the bytes as they are', async () => {
    list = await makeList({ thing: Uint8Array.of(0, 13, 10, 255) });
    expect(readControl(list.directory, 'thing', files).bytes).toEqual(Uint8Array.of(0, 13, 10, 255));
  });

  it('takes a missing file as an answer', async () => {
    list = await makeList();
    expect(readControl(list.directory, 'thing', files)).toMatchObject({
      bytes: null,
      trouble: '',
      isMissing: true,
    });
  });

  it('reads up to the limit and not a byte more', async () => {
    list = await makeList({ full: new Uint8Array(CONTROL_LIMIT), over: new Uint8Array(CONTROL_LIMIT + 1) });
    expect(readControl(list.directory, 'full', files).bytes).toHaveLength(CONTROL_LIMIT);
    expect(readControl(list.directory, 'over', files)).toMatchObject({
      bytes: null,
      trouble: 'over is larger than 64 KiB',
      isMissing: false,
    });
  });

  it('names the file and the system error, not the path', async () => {
    list = await makeList();
    await mkdir(join(list.directory, 'control', 'thing'));
    expect(readControl(list.directory, 'thing', files).trouble).toBe('thing cannot be read (EISDIR)');
  });

  it('does not wait for a FIFO, nor read a device', async () => {
    list = await makeList();
    execFileSync('mkfifo', [join(list.directory, 'control/pipe')]);
    await symlink('/dev/zero', join(list.directory, 'control/zero'));
    expect(readControl(list.directory, 'pipe', files).trouble).toBe('pipe is no regular file');
    expect(readControl(list.directory, 'zero', files).trouble).toBe('zero is no regular file');
  });

  it('follows symbolic links', async () => {
    list = await makeList({ real: 'x' });
    await symlink('real', join(list.directory, 'control/link'));
    await symlink('nowhere', join(list.directory, 'control/dangling'));
    expect(readControl(list.directory, 'link', files).bytes).toEqual(bytes('x'));
    expect(readControl(list.directory, 'dangling', files).isMissing).toBe(true);
  });
});

describe('lines of a tunable', () => {
  it.each([
    ['', ''],
    ['\n', ''],
    ['wrap', 'wrap'],
    ['wrap\ncommentary\n', 'wrap'],
    ['  wrap \r\nx', 'wrap'],
    ['\nwrap\n', ''],
    ['\ufeffwrap\n', 'wrap'],
    ['\t\v\f wrap\f\v\t\r\n', 'wrap'],
    ['\ufeff', ''],
  ])('first line of %j is %j', (content, line) => {
    expect(firstLine(bytes(content))).toBe(line);
  });

  it('filled lines leave out blank ones, and line ends of any kind', () => {
    expect(filledLines(bytes('\r\na@b\r\n\n  \n c@d \n'))).toEqual(['a@b', 'c@d']);
    expect(filledLines(bytes(''))).toEqual([]);
  });

  it('are bytes', () => {
    expect(firstLine(bytes('ü'))).toBe('\u00c3\u00bc');
    expect(firstLine(Uint8Array.of(0xff, 0xa0))).toBe('\u00ff\u00a0');
  });
});
