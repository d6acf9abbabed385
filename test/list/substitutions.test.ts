import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asItIs, substitute } from '../../src/footer/substitute.ts';
import { NodeFiles } from '../../src/host/node-files.ts';
import { List } from '../../src/list/list.ts';
import { readSubstitutions } from '../../src/list/substitutions.ts';
import { CountingFiles } from '../helpers/counting-files.ts';
import { makeList } from '../helpers/list-directory.ts';

describe('addresses of the list', () => {
  const ALL = '$list$ $list+$ $domain$ $listaddr$ $listowner$ $listunsubaddr$';
  const filled = (addresses: string[], delimiter: string) => {
    const { values } = readSubstitutions(
      [ALL],
      new List('/nowhere', addresses, delimiter, null),
      new NodeFiles(),
    );
    return substitute(ALL, values, asItIs);
  };

  it('are the primary one’s, with the list’s own delimiter', () => {
    expect(filled(['news@example.org', 'old@example.net'], '--')).toBe(
      'news news-- example.org news@example.org news--owner@example.org news--unsubscribe@example.org',
    );
  });

  it('are the characters that their bytes are in UTF-8, else in windows-1252', () => {
    expect(filled(['gr\u00c3\u00bcn@example.org'], '+')).toContain('grün grün+ ');
    expect(filled(['gr\u00fcn@example.org'], '+')).toContain('grün grün+ ');
  });

  it.each([[[]], [['news']], [['@example.org']], [['news@']]])(
    'stay as written with addresses %j',
    (addresses) => {
      expect(filled(addresses, '+')).toBe(ALL);
    },
  );
});

describe('control files', () => {
  async function read(
    text: string,
    control: Record<string, string | Uint8Array>,
    prepare?: (control: string) => Promise<unknown>,
  ) {
    const made = await makeList(control);
    try {
      await prepare?.(join(made.directory, 'control'));
      const list = new List(made.directory, ['news@example.org'], '+', null);
      const files = new CountingFiles();
      const { values, troubles } = readSubstitutions([text], list, files);
      return { result: substitute(text, values, asItIs), trouble: troubles, asked: files.asked.length };
    } finally {
      await made.remove();
    }
  }

  it.each([
    ['whole, its last newline cut', '[$control motto$]', { motto: 'one\ntwo\n' }, '[one\ntwo]'],
    ['CRLF as newlines', '[$control motto$]', { motto: 'one\r\ntwo\r\n' }, '[one\ntwo]'],
    ['one newline only', '[$control motto$]', { motto: 'one\n\n' }, '[one\n]'],
    ['no newline at all', '[$control motto$]', { motto: 'one' }, '[one]'],
    ['empty', '[$control motto$]', { motto: '' }, '[]'],
    ['missing', '[$control motto$]', {}, '[$control motto$]'],
    ['all of mlmmj’s characters', '$control A.b-c_9$', { 'A.b-c_9': 'x' }, 'x'],
    ['windows-1252', '$control motto$', { motto: Uint8Array.of(0x80, 0xe9) }, '€é'],
    ['not searched again', '$control motto$', { motto: '$list$ $control motto$' }, '$list$ $control motto$'],
    ['twice', '$control motto$ $control motto$', { motto: 'x' }, 'x x'],
  ])('%s', async (_what, text, control, result) => {
    expect(await read(text, control as Record<string, string>)).toMatchObject({ result, trouble: [] });
  });

  it.each([
    '$control ../control/listaddress$',
    '$control .hidden$',
    '$control ..$',
    '$control /etc/passwd$',
    '$control a b$',
    '$control  motto$',
    '$control motto $',
    '$Control motto$',
    '$control mötto$',
    `$control ${'a'.repeat(256)}$`,
  ])('%j is not a name, and nothing is read', async (text) => {
    expect(await read(text, { '.hidden': 'x', motto: 'x' })).toEqual({ result: text, trouble: [], asked: 0 });
  });

  it.each([
    ['too large', { motto: 'x'.repeat(70_000) }, 'motto is larger than 64 KiB'],
    ['binary', { motto: Uint8Array.of(1, 0, 2) }, 'motto is not a text file'],
  ])('%s: stays, and is told', async (_what, control, trouble) => {
    expect(await read('$control motto$', control as Record<string, string>)).toMatchObject({
      result: '$control motto$',
      trouble: [trouble],
    });
  });

  it('a directory: stays, and is told', async () => {
    expect(await read('$control d$', {}, (control) => mkdir(join(control, 'd')))).toMatchObject({
      result: '$control d$',
      trouble: ['d cannot be read (EISDIR)'],
    });
  });

  it('at most 32 are read, each once', async () => {
    const text = Array.from({ length: 5000 }, (_, index) => `$control n${index % 100}$`).join('');
    expect(await read(text, {})).toEqual({
      result: text,
      trouble: ['more than 32 control files are quoted'],
      asked: 32,
    });
  });

  it('nothing is read, and nothing prepared, for texts without dollars', async () => {
    expect(await read('plain', {})).toEqual({ result: 'plain', trouble: [], asked: 0 });
  });
});
