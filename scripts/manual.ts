/**
 * Writes the options in man/ from the option tables of the commands. A test fails when the page is behind. Run: npx tsx
 * scripts/manual.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { withOptions } from './manual-options.ts';
import { allOptions } from './option-tables.ts';

const page = new URL('../man/mlmmj-amime-receive.8', import.meta.url);
writeFileSync(page, withOptions(readFileSync(page, 'utf8'), await allOptions()));
