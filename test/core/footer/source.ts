import { readFileSync } from 'node:fs';

/** A file of src/core/footer. */
export function readSource(name: string): string {
  return readFileSync(new URL(`../../../src/core/footer/${name}`, import.meta.url), 'utf8');
}
