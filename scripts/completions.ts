/**
 * Writes completions/ from what the program's commands say of themselves with --help. A test fails when the files are
 * behind. Run after a build: npx tsx scripts/completions.ts
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { completionFiles } from './completion-files.ts';

const root = new URL('..', import.meta.url).pathname;
const help = (...args: string[]) =>
  spawnSync(`${root}dist/mlmmj-amime-receive`, [...args, '--help'], { encoding: 'utf8' }).stdout;

mkdirSync(`${root}completions`, { recursive: true });
for (const [name, text] of Object.entries(completionFiles(help)))
  writeFileSync(`${root}completions/${name}`, text);
