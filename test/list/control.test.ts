import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  CONTROL_LIMIT,
  ControlFileError,
  filledLines,
  firstLine,
  readControl,
} from '../../src/list/control.ts';
import { filesPlatform } from '../helpers/files-platform.ts';
import { type ListDirectory, makeList } from '../helpers/list-directory.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('readControl', () => {
  let list: ListDirectory;
  afterEach(() => list.remove());

  it('gives the bytes as they are', async () => {
    list = await makeList({ thing: Uint8Array.of(0, 13, 10, 255) });
    expect(new Uint8Array((await readControl(list.directory, 'thing', filesPlatform()))!)).toEqual(
      Uint8Array.of(0, 13, 10, 255),
    );
  });

  it('takes a missing file as an answer', async () => {
    list = await makeList();
    expect(await readControl(list.directory, 'thing', filesPlatform())).toBeUndefined();
  });

  it('reads up to the limit and not a byte more', async () => {
    list = await makeList({ full: new Uint8Array(CONTROL_LIMIT), over: new Uint8Array(CONTROL_LIMIT + 1) });
    expect(await readControl(list.directory, 'full', filesPlatform())).toHaveLength(CONTROL_LIMIT);
    await expect(readControl(list.directory, 'over', filesPlatform())).rejects.toThrow(
      new ControlFileError('over is larger than 64 KiB'),
    );
  });

  it('names the file and the system error, not the path', async () => {
    list = await makeList();
    await mkdir(join(list.directory, 'control', 'thing'));
    await expect(readControl(list.directory, 'thing', filesPlatform())).rejects.toThrow(
      new ControlFileError('thing cannot be read (EISDIR)'),
    );
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
  ])('first line of %j is %j', (content, line) => {
    expect(firstLine(bytes(content))).toBe(line);
  });

  it('filled lines leave out blank ones, and line ends of any kind', () => {
    expect(filledLines(bytes('\r\na@b\r\n\n  \n c@d \n'))).toEqual(['a@b', 'c@d']);
    expect(filledLines(bytes(''))).toEqual([]);
  });
});
