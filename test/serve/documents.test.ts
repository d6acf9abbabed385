/** docs/serve.md says what the service does say. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Metrics } from '../../src/serve/metrics.ts';
import { ROOT } from '../helpers/programs.ts';

const page = readFileSync(join(ROOT, 'docs/serve.md'), 'utf8');
const service = readFileSync(join(ROOT, 'src/serve/service.ts'), 'utf8');

test('names every number that is served, and no other', () => {
  const gauges = { running: () => 0, waiting: () => 0, connections: () => 0 };
  const served = [...new Metrics().text(gauges).matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1]);
  const documented = [...page.matchAll(/^\| `(mlmmj_amime_[a-z_]+)/gm)].map((match) => match[1]);
  expect(documented.sort()).toEqual(served.sort());
});

test('names every event and key of the log', () => {
  for (const [, event] of service.matchAll(/\blog\('([a-z]+)'/g)) expect(page).toContain(`\`${event}\``);
  for (const event of ['delivered', 'deferred', 'refused', 'lost']) {
    expect(service).toContain(`'${event}'`);
    expect(page).toContain(`\`${event}\``);
  }
  for (const key of [
    'session',
    'queue',
    'list',
    'recipient',
    'message-id',
    'size',
    'reply',
    'footer',
    'reason',
    'detail',
    'ms',
  ]) {
    expect(page).toContain(`\`${key}\``);
  }
});
