/** The package as npm packs it, installed from its tarball into an empty folder. */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBun } from '../../scripts/find-bun.ts';
import { codeBlocks } from '../documents/markdown.ts';
import { lacks } from '../helpers/needs.ts';
import { demandBuild, ROOT } from '../helpers/programs.ts';
import { demandLibrary } from './demand-library.ts';

const SCRIPT = `
import { completeFooters, FooterStream } from 'mlmmj-amime-receive';
import { scanMessage } from 'mlmmj-amime-receive/scanner';
const footers = await completeFooters({ html: '<p>The caf\\u00e9 list</p>' });
const stream = new FooterStream(footers);
stream.once('footer', (report) => console.log(report.summary));
stream.on('data', (bytes) => console.log(new TextDecoder().decode(bytes)));
stream.end('Subject: x\\n\\nHi\\n');
if ([...scanMessage(Buffer.from('Subject: x\\n\\nHi\\n'))].length === 0) throw new Error('no tokens');
`;

const TYPED = `
import { type FooterReport, FooterStream, FooterTransformStream, type PartReport } from 'mlmmj-amime-receive';
import { scanMessage, type Token } from 'mlmmj-amime-receive/scanner';
const stream = new FooterStream({ text: 'a', html: 'a' }, { signed: 'wrap' });
stream.on('footer', (report: FooterReport) => report.summary.length);
stream.on('part', (report: PartReport) => report.number);
stream.on('error', (error: Error) => error.message).on('data', (data: Buffer) => data.length);
stream.once('footer', ({ summary }) => summary.length).once('close', () => {});
export const transform = new FooterTransformStream({ text: 'a', html: 'a' });
export const ends = [...scanMessage(new Uint8Array(0))].map((token: Token) => token.end);
// @ts-expect-error there are two choices only
new FooterStream({ text: 'a', html: 'a' }, { signed: 'remove' });
`;

describe('the package', () => {
  let folder: string;
  let files: string[];
  let tarball: string;

  beforeAll(() => {
    demandBuild();
    demandLibrary();
    folder = mkdtempSync(join(tmpdir(), 'amime-package-'));
    const options = { cwd: ROOT, encoding: 'utf8' } as const;
    // The scripts would build the executable anew while other tests run it.
    const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
    const packed = JSON.parse(execFileSync('npm', pack, options)) as {
      filename: string;
      files: { path: string }[];
    }[];
    files = packed[0]!.files.map(({ path }) => path);
    writeFileSync(join(folder, 'package.json'), '{"type":"module","private":true}\n');
    tarball = join(folder, packed[0]!.filename);
    const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
    execFileSync('npm', ['install', ...flags, tarball], { cwd: folder, stdio: 'pipe' });
    writeFileSync(join(folder, 'script.mjs'), SCRIPT);
    writeFileSync(join(folder, 'typed.ts'), TYPED);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('contains what a user needs and nothing else', () => {
    const folders = new Set(files.map((path) => (path.includes('/') ? path.split('/')[0] : path)));
    expect([...folders].sort()).toEqual(
      [
        ...[
          'CHANGELOG.md',
          'LICENSE',
          'LICENSES',
          'NOTICE',
          'README.md',
          'amavis',
          'completions',
          'contrib',
          'dist',
          'docs',
        ],
        ...['examples', 'man', 'package.json', 'postfix', 'systemd'],
      ].filter((name) => existsSync(join(ROOT, name))),
    );
    expect(files.filter((path) => /\.ts$/.test(path) && !path.endsWith('.d.ts'))).toEqual([]);
    expect(files.filter((path) => /\btest\b|fixtures|dist\/mlmmj-amime-receive$/.test(path))).toEqual([]);
    expect(files).toContain('dist/amime-receive.js');
  });

  it('brings only the libraries that it uses', () => {
    const installed = readdirSync(join(folder, 'node_modules'));
    for (const name of ['execa', 'smtp-server', 'bun', 'mailparser']) expect(installed).not.toContain(name);
  });

  const output = 'footer added: text/plain';
  it('works on Node', () => {
    const said = execFileSync(process.execPath, ['script.mjs'], { cwd: folder, encoding: 'utf8' });
    expect(said).toContain('The caf=C3=A9 list');
    expect(said).toContain(output);
  });

  it.each(['README.md', 'docs/library.md'])('does what %s shows', (document) => {
    const blocks = codeBlocks(readFileSync(join(ROOT, document), 'utf8'));
    writeFileSync(join(folder, 'shown.mjs'), blocks.find(({ language }) => language === 'js')!.text);
    const input =
      'Subject: x\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nHi\n';
    const said = execFileSync(process.execPath, ['shown.mjs'], {
      cwd: folder,
      encoding: 'utf8',
      input,
      stdio: 'pipe',
    });
    expect(said).toBe(`${input}-- \nThe café list\n`);
  });

  it('works on Bun', () => {
    expect(execFileSync(findBun(ROOT)!, ['script.mjs'], { cwd: folder, encoding: 'utf8' })).toContain(output);
  });

  const deno = [process.env.AMIME_DENO ?? 'deno'].find(runs);
  const noDeno = lacks({
    what: 'deno in PATH, or its path in AMIME_DENO',
    packages: [],
    isMet: () => deno !== undefined,
  });
  it.skipIf(noDeno)(`works on Deno${noDeno}`, () => {
    const env = { ...process.env, DENO_DIR: join(folder, '.deno'), DENO_NO_UPDATE_CHECK: '1' };
    // No permission at all is needed for the library; reading is for loading it.
    const said = execFileSync(deno!, ['run', '--allow-read', '--cached-only', 'script.mjs'], {
      cwd: folder,
      encoding: 'utf8',
      env,
    });
    expect(said).toContain(output);
  });

  it('has the program', () => {
    const program = join(folder, 'node_modules/.bin/mlmmj-amime-receive');
    expect(execFileSync(program, ['--version'], { encoding: 'utf8' })).toMatch(/^mlmmj-amime-receive \d/);
  });

  it('shows what would become of a post, with npx in an empty folder', () => {
    const empty = mkdtempSync(join(tmpdir(), 'amime-npx-'));
    try {
      writeFileSync(join(empty, 'post.eml'), 'Subject: x\nContent-Type: text/plain\n\nHi\n');
      const npm = ['exec', '--offline', '--yes', '--cache', join(empty, 'cache'), `--package=${tarball}`];
      const command = ['mlmmj-amime-receive', 'preview', 'post.eml'];
      const said = execFileSync('npm', [...npm, '--', ...command], { cwd: empty, encoding: 'utf8' });
      expect(said).toContain('post.eml: footer added: text/plain\n');
      expect(existsSync(join(empty, 'node_modules'))).toBe(false);
    } finally {
      rmSync(empty, { recursive: true, force: true });
    }
  });

  it('has types that hold, without skipping those of the package', () => {
    const types = join(folder, 'node_modules/@types');
    cpSync(join(ROOT, 'node_modules/@types/node'), join(types, 'node'), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules/undici-types'), join(folder, 'node_modules/undici-types'));
    const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node'];
    const tsc = join(ROOT, 'node_modules/.bin/tsc');
    const compile = () => execFileSync(tsc, [...flags, 'typed.ts'], { cwd: folder, stdio: 'pipe' });
    expect(compile).not.toThrow();
    flags.push('--module', 'esnext', '--moduleResolution', 'bundler');
    expect(compile).not.toThrow();
  });

  it('does nothing when it is imported', () => {
    const script = `
      const before = [process.exitCode, process.eventNames().length, Object.keys(globalThis).length].join();
      await import('mlmmj-amime-receive'); await import('mlmmj-amime-receive/scanner');
      const after = [process.exitCode, process.eventNames().length, Object.keys(globalThis).length].join();
      console.log(before === after);`;
    const run = ['--input-type=module', '-e', script];
    expect(execFileSync(process.execPath, run, { cwd: folder, encoding: 'utf8' })).toBe('true\n');
  });
});

function runs(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
