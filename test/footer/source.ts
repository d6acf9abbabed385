import { readFileSync } from 'node:fs';

/** A file of src/footer. */
export function readSource(name: string): string {
  return readFileSync(new URL(`../../src/footer/${name}`, import.meta.url), 'utf8');
}
