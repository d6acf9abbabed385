import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONTROL_LIMIT } from '../../src/list/control.ts';
import { readFooters } from '../../src/list/footers.ts';
import { openList } from '../../src/list/list.ts';
import { readingAhead } from '../../src/list/read-ahead.ts';
import { platform } from '../../src/platform/node.ts';
import type { Platform } from '../../src/platform/platform.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'amime-'));
  await mkdir(join(directory, 'control'));
});
afterEach(() => rm(directory, { recursive: true }));

/** The real files, and which of them were asked for. */
function recording(): { files: Platform; asked: string[] } {
  const asked: string[] = [];
  const readFile: Platform['readFile'] = (path, limit) => {
    asked.push(path.slice(path.lastIndexOf('/') + 1));
    return platform.readFile(path, limit);
  };
  return { files: { ...platform, readFile }, asked };
}

describe('readingAhead', () => {
  it('asks for the usual files at once, and for none of them again', async () => {
    await writeFile(join(directory, 'control/listaddress'), 'list@example.org\n');
    await writeFile(join(directory, 'control/footer_text'), 'text\n');
    await writeFile(join(directory, 'control/footer_html'), '<p>html</p>\n');
    const { files, asked } = recording();
    const ahead = readingAhead(`${directory}/`, files);
    expect(asked).toHaveLength(6);
    const list = await openList(`${directory}/`, ahead);
    expect(list.addresses).toEqual(['list@example.org']);
    expect((await readFooters(list, ahead)).footers).toEqual({ text: 'text', html: '<p>html</p>' });
    expect(asked).toHaveLength(6);
  });

  it('gives the failure to whoever asks for the file, and to nobody else', async () => {
    const ahead = readingAhead(directory, platform);
    await expect(ahead.readFile(join(directory, 'control/delimiter'), CONTROL_LIMIT)).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });
});
