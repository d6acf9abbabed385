import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { withOptions } from '../../scripts/manual-options.ts';
import { allOptions } from '../../scripts/option-tables.ts';
import { lacks, program } from '../helpers/needs.ts';

const page = fileURLToPath(new URL('../../man/mlmmj-amime-receive.8', import.meta.url));
const linters = [
  {
    name: 'mandoc',
    argv: ['-Tlint', '-Wall', page],
    known: /outdated mandoc\.db|referenced manual not found/,
  },
  { name: 'groff', argv: ['-mdoc', '-ww', '-z', '-Tutf8', page], known: /^$/ },
];

describe('the manual page', () => {
  it('has the options of the option tables (else: npx tsx scripts/manual.ts)', async () => {
    const text = readFileSync(page, 'utf8');
    expect(withOptions(text, await allOptions())).toBe(text);
  });

  it('has a place for the options of each command', async () => {
    const text = readFileSync(page, 'utf8').replace('options of check:', 'options of chess:');
    const all = await allOptions();
    expect(() => withOptions(text, all)).toThrow('the manual page lacks .\\" options of check:');
  });

  it('marks up what mdoc(7) has macros for', () => {
    const option = {
      takes: 'directory',
      as: 'SPOOL',
      purpose: 'a SPOOL, as --all or -L in /var',
      default: '/a, else /b',
      manual: '.lists are there. Others not.',
    } as const;
    const [start, end] = [
      '.\\" options of x: written by scripts/manual.ts from its option table',
      '.\\" end of options',
    ];
    expect(
      withOptions(`${start}\nold\n${end}\n`, [{ name: 'x', purpose: '', options: { all: option } }]),
    ).toBe(
      [
        start,
        '.Bl -tag -width Ds',
        '.It Fl Fl all Ar spool',
        'A',
        '.Ar spool ,',
        'as',
        '.Fl Fl all',
        'or',
        '.Fl L',
        'in',
        '.Pa /var',
        '(default',
        '.Pa /a ,',
        'else',
        '.Pa /b ) .',
        '\\&.lists are there.',
        'Others not.',
        '.El',
        end,
        '',
      ].join('\n'),
    );
  });

  for (const { name, argv, known } of linters) {
    const missing = lacks(program(name));
    it.skipIf(missing)(`has nothing that ${name} complains about${missing}`, () => {
      const { stdout, stderr } = spawnSync(name, argv, { encoding: 'utf8' });
      const complaints = `${stdout}${stderr}`.split('\n').filter((line) => line !== '' && !known.test(line));
      expect(complaints).toEqual([]);
    });
  }

  it('says up to which size a message is kept in memory', () => {
    const host = readFileSync(new URL('../../src/host/spool.c', import.meta.url), 'utf8');
    const limit = Number(/^#define IN_MEMORY (\d+)$/m.exec(host)![1]);
    expect(readFileSync(page, 'utf8')).toContain(`A message of up to ${limit / 1024} KB is kept in memory`);
  });
});
