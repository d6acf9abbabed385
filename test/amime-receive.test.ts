/** The last resort on Node: whatever goes wrong in the program itself, Postfix is told to try again. */
import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeSpool, type Program, post, ROOT, run, type Spool, standIn } from './helpers/programs.ts';

/** The modules one by one as JavaScript, so that one of them can be replaced. */
let modules: string;

async function compileModules(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'amime-modules-'));
  const settings = {
    extends: join(ROOT, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      outDir: directory,
      rootDir: join(ROOT, 'src'),
      typeRoots: [join(ROOT, 'node_modules/@types')],
    },
    include: [join(ROOT, 'src')],
  };
  const project = join(directory, 'tsconfig.json');
  await writeFile(project, JSON.stringify(settings));
  execFileSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', project], { stdio: 'inherit' });
  await writeFile(join(directory, 'package.json'), '{ "type": "module" }');
  return directory;
}

/** The real entry and the real modules, in a copy in which one module is replaced by one that fails. */
async function brokenProgram(
  module: string,
  source: string,
): Promise<{ program: Program; directory: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'amime-broken-'));
  await cp(modules, directory, { recursive: true });
  await writeFile(join(directory, module.replace(/\.ts$/, '.js')), source);
  const entry = join(directory, 'host/node-main.js');
  return { directory, program: { name: module, command: [process.execPath, entry] } };
}

let spool: Spool;
beforeAll(async () => {
  modules = await compileModules();
  spool = await makeSpool({ footer_text: 'The footer' });
});
afterAll(async () => {
  await spool.remove();
  await rm(modules, { recursive: true });
});

describe('a fault of our own ends in status 75 and a line', () => {
  const later = 'setTimeout(() => { FAULT }, 50);';
  const throws = "throw new Error('fault \\n in the code')";
  const rejects = "Promise.reject(new Error('fault \\n in the code'))";
  const spooling = (body: string) =>
    `export const directoriesFor = () => []; export class OutgoingFile {}
     export async function spool() { ${body} }
     export const errorCode = () => '';`;
  const hangs = (fault: string) =>
    spooling(`${later.replace('FAULT', fault)} await new Promise(() => undefined);`);
  const rows: [name: string, module: string, source: string, line: string][] = [
    [
      'a module that throws while it is loaded',
      'host/node.ts',
      `${throws};`,
      'internal error: fault in the code',
    ],
    ['a module that cannot be parsed', 'amime-receive.ts', 'export const = ;', 'internal error: '],
    ['an import of what is not there', 'host/node.ts', "import './nowhere.ts';", 'internal error: '],
    ['an error thrown in an event', 'host/node-spool.ts', hangs(throws), 'internal error: fault in the code'],
    [
      'a rejection nobody handles',
      'host/node-spool.ts',
      hangs(rejects),
      'internal error: Error: fault in the code',
    ],
    [
      'an error thrown on the way',
      'host/node-spool.ts',
      spooling(throws),
      'internal error: fault in the code',
    ],
    [
      'something thrown that is no error',
      'host/node-spool.ts',
      spooling("throw 'words';"),
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

describe('a fault in planning costs the footer, not the mail', () => {
  const header = 'export class Planner { ';
  const rows: [name: string, source: string][] = [
    ['when it starts', `${header} constructor() { throw new Error('fault'); } }`],
    ['on the way', `${header} step() { throw new Error('fault'); } }`],
    ['when it has a plan', `${header} step() { return false; } get plan() { throw new Error('fault'); } }`],
  ];
  test.each(rows)('%s', async (_, source) => {
    const { program, directory } = await brokenProgram('insert/planner.ts', source);
    const own = await makeSpool({ footer_text: 'The footer' });
    try {
      for (const message of [post(), post(4_000_000)]) {
        const args = ['-L', own.directory, '--mlmmj-receive', standIn('stores')];
        const result = await run(program, args, { input: message });
        expect(result).toMatchObject({ status: 0, stderr: '' });
        expect(result.stdout).toBe('no footer: internal error (fault)\n');
        expect((await own.stored()).map((bytes) => bytes.equals(message))).toEqual([true]);
      }
    } finally {
      await own.remove();
      await rm(directory, { recursive: true, force: true });
    }
  });
});
