/** The hand-made messages, with those whose outcome the plan changes, or that are new with it. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DEFAULT_WISHES, type Expectation } from '../../helpers/expectation.ts';
import { type Fixture, fixtures as inherited } from '../../helpers/fixtures.ts';

const FOLDER = fileURLToPath(new URL('../fixtures/messages/', import.meta.url));

export function fixtures(): Fixture[] {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.json'),
  );
  const known = inherited();
  const added = files.sort().map((file) => {
    const name = file.replace(/\.json$/, '');
    const expectation = JSON.parse(readFileSync(FOLDER + file, 'utf8')) as Expectation;
    const bytes =
      known.find((fixture) => fixture.name === name)?.bytes ?? readFileSync(`${FOLDER}${name}.eml`);
    return { name, bytes, expectation, wishes: { ...DEFAULT_WISHES, ...expectation.wishes } };
  });
  const names = new Set(added.map(({ name }) => name));
  return [...known.filter(({ name }) => !names.has(name)), ...added];
}
