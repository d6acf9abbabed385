import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readWishes } from '../../src/list/wishes.ts';
import { filesPlatform } from '../helpers/files-platform.ts';
import { makeList } from '../helpers/list-directory.ts';

async function wishes(
  control: Record<string, string | Uint8Array>,
  spoil?: (control: string) => Promise<unknown>,
) {
  const made = await makeList(control);
  try {
    await spoil?.(join(made.directory, 'control'));
    return await readWishes(
      { directory: made.directory, addresses: [], delimiter: '+', unworkable: undefined },
      filesPlatform(),
    );
  } finally {
    await made.remove();
  }
}

describe('readWishes', () => {
  it.each([
    [{}, 'skip', 'part'],
    [{ 'amime-signed': 'wrap', 'amime-attachment-only': 'skip' }, 'wrap', 'skip'],
    [{ 'amime-signed': ' WRAP \r\nsince May\n', 'amime-attachment-only': '\tSkip\n' }, 'wrap', 'skip'],
    [{ 'amime-signed': 'skip\n', 'amime-attachment-only': 'part\n' }, 'skip', 'part'],
    [{ 'amime-signed': 'yes\n', 'amime-attachment-only': 'wrap\n' }, 'skip', 'part'],
    [{ 'amime-signed': '\nwrap\n', 'amime-attachment-only': '' }, 'skip', 'part'],
    [{ 'amime-signed': 'wrapped', 'amime-attachment-only': new Uint8Array(70_000) }, 'skip', 'part'],
  ] as const)('%j', async (control, signed, attachmentOnly) => {
    expect(await wishes(control)).toEqual({ signed, attachmentOnly });
  });

  it('falls back to the defaults where a file cannot be read', async () => {
    const both = async (control: string) => {
      await mkdir(join(control, 'amime-signed'));
      await mkdir(join(control, 'amime-attachment-only'));
    };
    expect(await wishes({}, both)).toEqual({ signed: 'skip', attachmentOnly: 'part' });
  });
});
