import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { charsetModules, DATA_DIRECTORY } from '../../../scripts/generate-charsets.ts';

it.each([...charsetModules()])('%s is what scripts/generate-charsets.ts makes', (name, text) => {
  expect(readFileSync(new URL(name, DATA_DIRECTORY), 'utf8') === text).toBe(true);
});
