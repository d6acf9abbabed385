/**
 * 100,000 messages of mixed kinds through the service at full speed; see test/serve/soak.ts.
 *
 *   npm run soak -- [messages]
 */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { soak } from '../test/serve/soak.ts';

const count = Number(process.argv[2] ?? 100_000);
// A copy: it takes a quarter of an hour, and a build in between must not disturb it.
const home = mkdtempSync(join(tmpdir(), 'amime-soak-'));
const executable = join(home, 'mlmmj-amime-receive');
copyFileSync(new URL('../dist/mlmmj-amime-receive', import.meta.url), executable);
const report = await soak({ name: 'the executable', command: [executable] }, count, (done, megabytes) => {
  if (done % 5000 === 0 || done === 1000)
    console.log(`${done} messages, ${megabytes.toFixed(1)} MB resident`);
});
rmSync(home, { recursive: true });
const { sent, acknowledged, stored, seconds, resident, descriptors, differences } = report;
console.log(
  `${sent} messages in ${seconds.toFixed(0)} s; ${acknowledged} deliveries acknowledged, ${stored} stored`,
);
console.log(
  `resident MB: ${resident.first.toFixed(1)} after the first 1,000, ${resident.most.toFixed(1)} at most,`,
);
console.log(
  `  ${resident.last.toFixed(1)} at rest at the end (${(resident.last / resident.first).toFixed(2)} times the first)`,
);
console.log(`descriptors: ${descriptors.first} after the first 1,000, ${descriptors.last} at the end`);
for (const difference of differences.slice(0, 20)) console.log(difference);
const grown = resident.last > 1.1 * resident.first;
if (grown) console.log('the memory has grown by more than a tenth');
process.exitCode = differences.length > 0 || stored !== acknowledged || grown ? 1 : 0;
