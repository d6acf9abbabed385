import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AttachmentOnly, SignedMail } from '../../src/footer/options.ts';
import { NodeFiles } from '../../src/host/node-files.ts';
import { List } from '../../src/list/list.ts';
import { readLanguage, readPlacementOptions, readSizeLimit } from '../../src/list/settings.ts';
import { makeList } from '../helpers/list-directory.ts';

type Control = Readonly<Record<string, string | Uint8Array>>;

async function withList<Value>(
  control: Control,
  read: (list: List) => Value,
  spoil?: (control: string) => Promise<unknown>,
): Promise<Value> {
  const made = await makeList(control);
  try {
    await spoil?.(join(made.directory, 'control'));
    return read(new List(made.directory, [], '+', null));
  } finally {
    await made.remove();
  }
}

const files = new NodeFiles();

describe('readPlacementOptions', () => {
  const { Skip: LEAVE, Wrap: WRAP } = SignedMail;
  const { Part: PART, Skip: SKIP } = AttachmentOnly;
  it.each<[Control, SignedMail, AttachmentOnly]>([
    [{}, LEAVE, PART],
    [{ 'amime-signed': 'wrap', 'amime-attachment-only': 'skip' }, WRAP, SKIP],
    [{ 'amime-signed': ' WRAP \r\nsince May\n', 'amime-attachment-only': '\tSkip\n' }, WRAP, SKIP],
    [{ 'amime-signed': 'skip\n', 'amime-attachment-only': 'part\n' }, LEAVE, PART],
    [{ 'amime-signed': 'yes\n', 'amime-attachment-only': 'wrap\n' }, LEAVE, PART],
    [{ 'amime-signed': '\nwrap\n', 'amime-attachment-only': '' }, LEAVE, PART],
    [{ 'amime-signed': 'wrapped', 'amime-attachment-only': new Uint8Array(70_000) }, LEAVE, PART],
  ])('%j', async (control, signed, attachmentOnly) => {
    expect(await withList(control, (list) => readPlacementOptions(list, files))).toEqual({
      signed,
      attachmentOnly,
    });
  });

  it('falls back to the defaults where a file cannot be read', async () => {
    const both = async (control: string) => {
      await mkdir(join(control, 'amime-signed'));
      await mkdir(join(control, 'amime-attachment-only'));
    };
    expect(await withList({}, (list) => readPlacementOptions(list, files), both)).toEqual({
      signed: LEAVE,
      attachmentOnly: PART,
    });
  });
});

/** Each was tried with mlmmj-process 1.3.0 and a message of 252 bytes. */
describe('readSizeLimit', () => {
  const AROUND_THE_PREFIX = 16;
  it.each<[string, number]>([
    ['252\n', 252],
    ['251', 251],
    ['0\n', 0],
    ['abc\n', 0],
    ['\n', 0],
    ['\n300\n', 0],
    ['-5\n', -5],
    ['+300\n', 300],
    [' 300\r\n', 300],
    ['300k\n', 300],
    ['0x200\n', 0],
  ])('%j', async (maxmailsize, limit) => {
    expect(await withList({ maxmailsize }, (list) => readSizeLimit(list, files))).toBe(
      limit - AROUND_THE_PREFIX,
    );
  });

  it.each<[string, Control]>([
    ['no file', {}],
    ['an empty file', { maxmailsize: '' }],
    ['more than an int', { maxmailsize: '99999999999999999999999\n' }],
    ['a file that is too large', { maxmailsize: '1'.repeat(70_000) }],
  ])('is none with %s', async (_what, control) => {
    expect(await withList(control, (list) => readSizeLimit(list, files))).toBe(Infinity);
  });

  it('leaves room for what mlmmj adds before it looks', async () => {
    const control = {
      maxmailsize: '1000',
      customheaders: 'x'.repeat(100),
      prefix: 'yy',
      footer: 'z'.repeat(50),
    };
    expect(await withList(control, (list) => readSizeLimit(list, files))).toBe(
      1000 - 152 - AROUND_THE_PREFIX,
    );
  });
});

describe('readLanguage', () => {
  it.each<[Control, string]>([
    [{}, ''],
    [{ 'amime-language': 'de\n' }, 'de'],
    [{ 'amime-language': ' zh-Hant-TW \r\nsince May\n' }, 'zh-Hant-TW'],
    [{ 'amime-language': 'de">\n' }, ''],
    [{ 'amime-language': 'x'.repeat(65) }, ''],
    [{ 'amime-language': '' }, ''],
  ])('%j', async (control, language) => {
    expect(await withList(control, (list) => readLanguage(list, files))).toBe(language);
  });
});
