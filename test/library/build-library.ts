import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../helpers/programs.ts';

/** Compiles the library into dist/lib, as `npm run build:lib` does. It takes a second. */
export function buildLibrary(): void {
  execFileSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', 'tsconfig.build.json'], {
    cwd: ROOT,
    stdio: 'pipe',
  });
}
