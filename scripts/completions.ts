/**
 * Writes completions/ from the option tables of the commands. A test fails when the files are behind. Run: npx tsx
 * scripts/completions.ts
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { completionFiles } from './completion-files.ts';
import { allOptions } from './option-tables.ts';

const root = new URL('..', import.meta.url).pathname;

mkdirSync(`${root}completions`, { recursive: true });
for (const [name, text] of Object.entries(completionFiles(await allOptions())))
  writeFileSync(`${root}completions/${name}`, text);
