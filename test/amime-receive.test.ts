/** The last resort: whatever goes wrong in the program itself, Postfix is told to try again. */
import { copyFile, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeSpool, type Program, post, ROOT, run, type Spool, standIn } from './helpers/programs.ts';

/**
 * The real entry and the real sources, in a copy in which one module is replaced by one that fails. Run by tsx, which
 * compiles and changes nothing else.
 */
async function brokenProgram(
  module: string,
  source: string,
): Promise<{ program: Program; directory: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'amime-broken-'));
  await cp(join(ROOT, 'src'), join(directory, 'src'), { recursive: true });
  await copyFile(join(ROOT, 'package.json'), join(directory, 'package.json'));
  if (module !== '') await writeFile(join(directory, 'src', module), source);
  const tsx = join(ROOT, 'node_modules/tsx/dist/cli.mjs');
  return {
    directory,
    program: { name: module, command: [process.execPath, tsx, join(directory, 'src/amime-receive.ts')] },
  };
}

let spool: Spool;
beforeAll(async () => {
  spool = await makeSpool({ footer_text: 'The footer' });
});
afterAll(() => spool.remove());

describe('a fault of our own ends in status 75 and a line', () => {
  const later = 'setTimeout(() => { FAULT }, 50);';
  const throws = "throw new Error('fault \\n in the code')";
  const rejects = "Promise.reject(new Error('fault \\n in the code'))";
  const hangs = 'export async function takeHead() { FAULT; await new Promise(() => undefined); }';
  const rows: [name: string, module: string, source: string, line: string][] = [
    [
      'a module that throws while it is loaded',
      'commands/receive.ts',
      `${throws};`,
      'internal error: fault in the code',
    ],
    ['a module that cannot be parsed', 'cli.ts', 'export const = ;', 'internal error: '],
    ['an import of what is not there', 'commands/receive.ts', "import './nowhere.ts';", 'internal error: '],
    [
      'an error thrown in an event',
      'transport/message-head.ts',
      hangs.replace('FAULT', later.replace('FAULT', throws)),
      'internal error: fault in the code',
    ],
    [
      'a rejection nobody handles',
      'transport/message-head.ts',
      hangs.replace('FAULT', later.replace('FAULT', rejects)),
      'internal error: fault in the code',
    ],
    [
      'an error thrown on the way',
      'transport/message-head.ts',
      `export async function takeHead() { ${throws}; }`,
      'internal error: fault in the code',
    ],
    [
      'something thrown that is no error',
      'transport/message-head.ts',
      "export async function takeHead() { throw 'words'; }",
      'internal error: words',
    ],
  ];
  test.each(rows)('%s', async (_, module, source, line) => {
    const { program, directory } = await brokenProgram(module, source);
    try {
      const args = ['-L', spool.directory, '--mlmmj-receive', standIn('stores')];
      const result = await run(program, args, { input: post() });
      expect(result).toMatchObject({ status: 75, stdout: '' });
      expect(result.stderr.startsWith(`4.3.0 ${line}`), result.stderr).toBe(true);
      expect(result.stderr.trimEnd()).not.toContain('\n');
      expect(await spool.stored()).toEqual([]);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
});

describe('a fault in the footer code costs the footer, not the mail', () => {
  const header = 'export class FooterInserter { ';
  const rows: [name: string, source: string][] = [
    ['when it is loaded', "throw new Error('fault');"],
    ['when it starts', `${header} constructor() { throw new Error('fault'); } }`],
    [
      'when it is given bytes',
      `${header} constructor(f, w, o) { this.o = o; } write(b) { this.o(b.slice(0, 5)); throw new Error('fault'); } }`,
    ],
    [
      'at the end',
      `${header} constructor(f, w, o) { this.o = o; } write(b) { this.o(b.slice(0, 5)); } end() { throw new Error('fault'); } }`,
    ],
  ];
  test.each(rows)('%s', async (_, source) => {
    const { program, directory } = await brokenProgram('footer/inserter.ts', source);
    const own = await makeSpool({ footer_text: 'The footer' });
    try {
      const args = ['-L', own.directory, '--mlmmj-receive', standIn('stores')];
      const result = await run(program, args, { input: post() });
      expect(result).toMatchObject({ status: 0, stderr: '' });
      expect(result.stdout).toMatch(/^no footer: .*\n$/);
      expect(await own.stored()).toEqual([post()]);
    } finally {
      await own.remove();
      await rm(directory, { recursive: true, force: true });
    }
  });

  test('in the middle of a large message, when part of it is out: it waits, and nothing is stored', async () => {
    const { program, directory } = await brokenProgram(
      'footer/inserter.ts',
      `${header} constructor(f, w, o) { this.o = o; this.n = 0; }
       write(b) { this.n += b.length; if (this.n > 2e6) throw new Error('fault'); this.o(b); } }`,
    );
    const own = await makeSpool({ footer_text: 'The footer' });
    try {
      const args = ['-L', own.directory, '--mlmmj-receive', standIn('stores')];
      const result = await run(program, args, { input: post(4_000_000) });
      expect(result).toMatchObject({ status: 75, stdout: '' });
      expect(result.stderr).toMatch(/^4\.3\.0 .*\n$/);
      expect(await own.stored()).toEqual([]);
    } finally {
      await own.remove();
      await rm(directory, { recursive: true, force: true });
    }
  });
});
