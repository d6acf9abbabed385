/** The same C with other compilers and C libraries, for other processors, and on the plainest of processors: the same bytes. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeList } from '../helpers/list-directory.ts';
import { lacks, program } from '../helpers/needs.ts';
import { demandBuild, post, ROOT } from '../helpers/programs.ts';

const EXECUTABLE = join(ROOT, 'dist/mlmmj-amime-receive');

let place: string;
let list: Awaited<ReturnType<typeof makeList>>;
let expected: Buffer;
beforeAll(async () => {
  demandBuild();
  place = mkdtempSync(join(tmpdir(), 'amime-compilers-'));
  list = await makeList({
    footer_text: 'Grüße\n',
    footer_html: '<p>Grüße</p>\n',
    listaddress: 'news@example.org\n',
  });
  expected = dryRun([EXECUTABLE]);
  expect(expected.toString()).toContain('Gr=C3=BC=C3=9Fe');
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

/** What comes out of a post. */
function dryRun([program, ...args]: readonly string[]): Buffer {
  const done = spawnSync(program!, [...args, '-L', list.directory, '--dry-run'], { input: post(20_000) });
  expect(done.stderr.toString()).toContain('footer added: text/plain');
  return done.stdout;
}

/** Unoptimized: it is the compiler's understanding of the C that is tried, and nobody wants to wait. */
function compile(compiler: string): string {
  const out = join(place, compiler);
  mkdirSync(out);
  const settings = [`CC=${compiler}`, `CORE=${join(ROOT, 'dist/native')}`, `OUT=${out}`];
  const made = spawnSync(
    'make',
    ['-s', '-C', join(ROOT, 'src/host'), ...settings, 'CFLAGS=-O1', 'CORE_CFLAGS=-O0'],
    {
      encoding: 'utf8',
    },
  );
  expect(made).toMatchObject({ status: 0, stderr: '' });
  return join(out, 'mlmmj-amime-receive');
}

describe.each([
  ['clang', 'clang', []],
  ['musl-gcc', 'musl-tools', []],
  ['aarch64-linux-gnu-gcc', 'gcc-aarch64-linux-gnu', ['qemu-aarch64']],
])('%s', (compiler, packages, emulator) => {
  const missing = lacks(program(compiler, packages), ...emulator.map((name) => program(name, 'qemu-user')));
  test.skipIf(missing)(`compiles it${missing}`, { timeout: 300_000 }, () => {
    const made = compile(compiler);
    expect(dryRun([...emulator, made]).equals(expected)).toBe(true);
    // Nothing has to be there where it is run.
    const headers = spawnSync('readelf', ['-l', made], { encoding: 'utf8' }).stdout;
    expect(headers).toContain('LOAD');
    if (compiler !== 'clang') expect(headers).not.toContain('INTERP');
  });
});

const X64 = { what: 'an x86-64 processor', packages: [], isMet: () => process.arch === 'x64' };
const noModels = lacks(program('qemu-x86_64', 'qemu-user'), X64);

test.skipIf(noModels).each(['kvm64', 'qemu64'])(`runs on the CPU model %s${noModels}`, (model) => {
  expect(dryRun(['qemu-x86_64', '-cpu', model, EXECUTABLE]).equals(expected)).toBe(true);
});
