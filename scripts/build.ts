/**
 * Builds both programs into dist/: the executable `mlmmj-amime-receive` for this machine, and `amime-receive.js`
 * for Node 20 and newer. Needs nothing but `npm ci`.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findBun } from './find-bun.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const entry = 'src/amime-receive.ts';
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

function bun(binary: string, args: readonly string[]): void {
  const { status } = spawnSync(
    binary,
    ['build', entry, `--define=__VERSION__=${JSON.stringify(version)}`, ...args],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  if (status !== 0) throw new Error(`bun build failed (${args.join(' ')})`);
}

const binary = findBun(root);
mkdirSync(join(root, 'dist'), { recursive: true });

// What cannot be switched off is the environment: BUN_OPTIONS, BUN_INSPECT_PRELOAD and BUN_BE_BUN make the executable
// load or do other things, as LD_PRELOAD would. pipe(8) passes a fixed, short environment without any of them.
bun(binary, [
  '--compile',
  '--outfile=dist/mlmmj-amime-receive',
  // Start-up is most of what a small message costs: compiled ahead, and nothing is looked for where it is started.
  // In pieces, because what a message does not need then is not even unpacked.
  '--bytecode',
  '--format=esm',
  '--splitting',
  '--minify-syntax',
  '--minify-whitespace',
  '--no-compile-autoload-dotenv',
  '--no-compile-autoload-bunfig',
  '--no-compile-autoload-tsconfig',
  '--no-compile-autoload-package-json',
  // One message is over before compiling what it runs pays off; a large one still gets there.
  '--compile-jit-policy=20',
  // Garbage is collected early: a mail server has other processes that want memory, and it takes no more time.
  '--compile-exec-argv=--smol',
]);

bun(binary, [
  '--target=node',
  '--format=esm',
  '--outfile=dist/amime-receive.js',
  '--banner=#!/usr/bin/env node',
]);
chmodSync(join(root, 'dist/amime-receive.js'), 0o755);
