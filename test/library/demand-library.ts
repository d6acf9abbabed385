import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../helpers/programs.ts';

/** To be called before the library is imported as others import it. */
export function demandLibrary(): void {
  if (!existsSync(join(ROOT, 'dist/lib/index.js')))
    throw new Error('dist/lib is missing: run `npm run build` first');
}
