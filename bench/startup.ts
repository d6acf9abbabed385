/** What starting costs: an empty executable, and the same with each library that this program loads only when needed. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measureInTurns } from './measure.ts';
import { table } from './report.ts';

const IMPORTS = [
  '',
  'node:fs',
  'node:child_process',
  'htmlparser2',
  'iconv-lite',
  'html-to-text',
  'execa',
  'smtp-server',
];
const root = fileURLToPath(new URL('..', import.meta.url));

export function startupTable(): string {
  const bun = ['bun/bin/bun.exe', '@oven/bun-linux-x64/bin/bun', '@oven/bun-linux-aarch64/bin/bun']
    .map((path) => join(root, 'node_modules', path))
    .find((path) => existsSync(path) && spawnSync(path, ['--version']).status === 0);
  // Inside the project, so that the libraries are found.
  const directory = mkdtempSync(join(root, 'node_modules/.bench-'));
  try {
    return bun === undefined ? 'Bun is not there: not measured.' : measured(bun, directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function measured(bun: string, directory: string): string {
  const clean = join(directory, 'clean');
  mkdirSync(clean);
  const commands = IMPORTS.flatMap((name, i) => {
    const source = join(directory, `${i}.mjs`);
    writeFileSync(source, name === '' ? '' : `import * as x from '${name}'; if (x === 1) console.log(x);`);
    const built = join(directory, `program${i}`);
    spawnSync(
      bun,
      ['build', '--compile', '--bytecode', '--minify', '--format=cjs', source, '--outfile', built],
      { cwd: directory },
    );
    return existsSync(built) ? [[built], [process.execPath, source]] : [];
  });
  const results = measureInTurns({ input: '/dev/null', commands, rounds: 25, warmup: 3, clean });
  const base = results[0]?.wall ?? Number.NaN;
  const rows = IMPORTS.map((name, i) => {
    const [compiled, node] = [results[2 * i], results[2 * i + 1]];
    const cell = (wall: number | undefined) =>
      wall === undefined ? '?' : `${wall.toFixed(1)} ms (${(wall / base).toFixed(1)})`;
    return [name === '' ? 'an empty program' : `with ${name}`, cell(compiled?.wall), cell(node?.wall)];
  });
  return table(['', 'compiled by Bun', 'on Node'], rows);
}
