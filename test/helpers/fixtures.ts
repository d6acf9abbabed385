/** The hand-made messages with what should become of each. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DEFAULT_WISHES, type Expectation, type PlacementWishes } from './expectation.ts';

export interface Fixture {
  /** `family/name`, with the wishes where a message has more than one expectation. */
  readonly name: string;
  readonly bytes: Buffer;
  readonly expectation: Expectation;
  readonly wishes: PlacementWishes;
}

const FOLDER = fileURLToPath(new URL('../fixtures/messages/', import.meta.url));

export function fixtures(): Fixture[] {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.eml'),
  );
  return files.sort().flatMap((file) => {
    const sidecar = JSON.parse(readFileSync(FOLDER + file.replace(/\.eml$/, '.json'), 'utf8')) as
      | Expectation
      | Expectation[];
    const bytes = readFileSync(FOLDER + file);
    return [sidecar].flat().map((expectation) => {
      const wishes = { ...DEFAULT_WISHES, ...expectation.wishes };
      const suffix =
        expectation.wishes === undefined ? '' : ` ${Object.entries(expectation.wishes).join(' ')}`;
      return { name: file.replace(/\.eml$/, '') + suffix, bytes, expectation, wishes };
    });
  });
}

/** The same message with CRLF, as LMTP brings it; undefined where it has carriage returns of its own. */
export function withCrlf(bytes: Buffer): Buffer | undefined {
  if (bytes.includes('\r')) return undefined;
  return Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
}
