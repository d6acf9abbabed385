/**
 * Writes what the footer code knows of Unicode and of HTML's character references, so that the native program needs
 * no library for it. A test fails when a file is out of date. Run: npx tsx scripts/footer-tables.ts
 */
import { writeFileSync } from 'node:fs';
import { namedReferencesModule } from './named-references.ts';
import { unicodeRangesModule } from './unicode-ranges.ts';

const directory = new URL('../src/footer/', import.meta.url).pathname;
writeFileSync(`${directory}unicode-ranges.ts`, unicodeRangesModule());
writeFileSync(`${directory}named-references.ts`, namedReferencesModule());
