/**
 * Builds what runs on Node 20 and newer into dist/: `amime-receive.js` (pipe mode), `tools.js` (the commands that people type)
 * and the library; and of the commands, by Bun, the executable `mlmmj-amime-receive-tools` for hosts without Node. The native
 * program is made by scripts/native.mk. Needs nothing but `npm ci`.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { bundledPackages, licenseFile } from './bundled-packages.ts';
import { findBun } from './find-bun.ts';
import { selfContained } from './self-contained-types.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

/** The shared sources are compiled by AssemblyScript as well: what that has built in is put in where it is used. */
const SHARED: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  charset: 'utf8',
  inject: ['src/built-ins.ts'],
  define: { __VERSION__: JSON.stringify(version) },
  logLevel: 'warning',
};

/** Nothing has to be made global in a bundle. */
const withoutGlobals: Plugin = {
  name: 'without-globals',
  setup({ onLoad }) {
    onLoad({ filter: /\/portable\.ts$/ }, () => ({ contents: '' }));
  },
};

/** Pipe mode becomes the tools where it is called with one of their commands; it does not contain them. */
const toolsBeside: Plugin = {
  name: 'tools-beside',
  setup({ onResolve }) {
    onResolve({ filter: /\/tools\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './tools.js', external: true } : undefined,
    );
  },
};

/** Packages in CommonJS ask for Node's modules with it. */
const REQUIRE =
  "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);";

/** @returns what it was made of: paths below the project's directory */
async function buildProgram(entry: string, name: string): Promise<string[]> {
  const outfile = join('dist', name);
  const { metafile } = await build({
    ...SHARED,
    entryPoints: [entry],
    outfile,
    banner: { js: `#!/usr/bin/env node\n${REQUIRE}` },
    metafile: true,
    plugins: [withoutGlobals, toolsBeside],
  });
  chmodSync(join(root, outfile), 0o755);
  return Object.keys(metafile.inputs);
}

/** Two entries with what they share, and the types. */
async function buildLibrary(): Promise<void> {
  const directory = join(root, 'dist/lib');
  rmSync(directory, { recursive: true, force: true });
  await build({
    ...SHARED,
    entryPoints: ['src/index.ts', 'src/scanner.ts'],
    outdir: 'dist/lib',
    splitting: true,
    chunkNames: 'shared-[hash]',
    plugins: [withoutGlobals],
  });
  succeed(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json']);
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.d.ts')) continue;
    const path = join(directory, name);
    writeFileSync(path, selfContained(readFileSync(path, 'utf8')));
  }
}

/** Where Bun does not run, the tools are for Node alone. */
function buildToolsExecutable(): void {
  const outfile = 'dist/mlmmj-amime-receive-tools';
  const bun = findBun(root);
  if (bun === undefined) {
    console.log('Bun does not run here: mlmmj-amime-receive-tools needs Node.');
    writeFileSync(join(root, outfile), readFileSync(join(root, 'scripts/tools-on-node.sh')), { mode: 0o755 });
    return;
  }
  // A program that is running cannot be written to.
  succeed(bun, ['build', 'dist/tools.js', '--compile', `--outfile=${outfile}.new`, ...COMPILED]);
  renameSync(join(root, `${outfile}.new`), join(root, outfile));
}

// What cannot be switched off is the environment: BUN_OPTIONS, BUN_INSPECT_PRELOAD and BUN_BE_BUN make the executable
// load or do other things, as LD_PRELOAD would.
const COMPILED = [
  '--minify-syntax',
  '--minify-whitespace',
  '--no-compile-autoload-dotenv',
  '--no-compile-autoload-bunfig',
  '--no-compile-autoload-tsconfig',
  '--no-compile-autoload-package-json',
  // Garbage is collected early: a mail server has other processes that want memory.
  '--compile-exec-argv=--smol',
];

function succeed(program: string, args: readonly string[]): void {
  const { status } = spawnSync(program, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed`);
}

mkdirSync(join(root, 'dist'), { recursive: true });
await buildProgram('src/host/node-main.ts', 'amime-receive.js');
const packages = bundledPackages(root, await buildProgram('src/tools.ts', 'tools.js'));
writeFileSync(join(root, 'dist/tools-licenses.txt'), licenseFile(packages));
writeFileSync(
  join(root, 'dist/tools-packages.json'),
  JSON.stringify(packages.map(({ name, version }) => `${name}@${version}`)),
);
buildToolsExecutable();
await buildLibrary();
