/**
 * Writes src/install/embedded.ts from the files in postfix/, amavis/ and systemd/, so that the executable carries
 * them. The files are what people read and change; a test fails when the module is behind. Run: npx tsx
 * scripts/embed-snippets.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { EMBEDDED_FILES, embeddedModule } from './embedded-module.ts';

const root = new URL('..', import.meta.url).pathname;
const texts = EMBEDDED_FILES.map((file) => [file, readFileSync(root + file, 'utf8')] as const);
writeFileSync(`${root}src/install/embedded.ts`, embeddedModule(texts));
