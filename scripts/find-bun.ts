import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The Bun that npm installed into this project; undefined where none of its binaries runs. Its package puts the binary in place with an install script; where npm
 * does not run those (`ignore-scripts`, npm's newer defaults), the binary still lies in the package for this platform.
 */
export function findBun(root: string): string | undefined {
  const placed = join(root, 'node_modules/bun/bin/bun.exe');
  if (runs(placed)) return placed;
  const scope = join(root, 'node_modules/@oven');
  for (const name of existsSync(scope) ? readdirSync(scope).sort() : []) {
    const binary = join(scope, name, 'bin/bun');
    // More than one may be installed (glibc and musl, with and without AVX2); only one that runs here is of use.
    if (runs(binary)) return binary;
  }
  return undefined;
}

function runs(binary: string): boolean {
  return existsSync(binary) && spawnSync(binary, ['--version'], { stdio: 'ignore' }).status === 0;
}
