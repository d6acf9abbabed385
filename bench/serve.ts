/**
 * Messages per second and CPU time per message: a process per message, as pipe(8) does it, against the LMTP service,
 * at the same concurrency, in turns.
 *
 *   npx tsx bench/serve.ts           into bench/README.md
 *   npx tsx bench/serve.ts quick     fewer messages, printed and not written
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contenders, executableFor, makeList } from './contenders.ts';
import { LmtpClient, onTheWire } from './lmtp-client.ts';
import { median } from './measure.ts';
import { MESSAGES } from './messages.ts';
import { table, writeSection } from './report.ts';
import { startService } from './running-service.ts';

const LOOP = fileURLToPath(new URL('loop.py', import.meta.url));
const quick = process.argv.includes('quick');
const AT_ONCE = 4;
/**
 * Short turns, because the machine's own pace changes within seconds; and the service is measured as it is under load,
 * which it is after a thousand messages.
 */
const COUNT = 100;
const [WARM_UP, ROUNDS] = quick ? [3, 8] : [10, 40];
const PER_MESSAGE = ['the shell script', 'mlmmj-receive -P', 'executable'];

interface Cost {
  /** Messages in a second of wall time. */
  readonly rate: number;
  /** Milliseconds of CPU time. */
  readonly cpu: number;
}

const list = makeList();
try {
  const markdown = [await measure(2000), await measure(100_000)].join('\n\n');
  console.log(markdown);
  if (!quick) writeSection('serve', markdown);
} finally {
  list.remove();
}

async function measure(size: number): Promise<string> {
  const message = Buffer.concat([...MESSAGES['text with an attachment'](size)]);
  const file = join(dirname(list.directory), 'message');
  writeFileSync(file, message);
  const programs = contenders(list).filter(({ name }) => PER_MESSAGE.includes(name));
  const executable = executableFor(list);
  const service = await startService(
    [executable],
    ['--lists', dirname(list.directory), '--layout', '%u', '--mlmmj-receive', '/usr/bin/mlmmj-receive', '-P'],
  );
  const costs = new Map<string, Cost[]>();
  const note = (name: string, cost: Cost) => costs.set(name, [...(costs.get(name) ?? []), cost]);
  try {
    for (let round = 0; round < WARM_UP + ROUNDS; round++) {
      for (const { name, argv } of programs) {
        const run = spawnSync('python3', [LOOP, String(COUNT), String(AT_ONCE), file, ...argv], {
          encoding: 'utf8',
        });
        const { wall, cpu, failed } = JSON.parse(run.stdout) as { wall: number; cpu: number; failed: number };
        check(name, failed);
        if (round >= WARM_UP) note(name, { rate: COUNT / wall, cpu: (1000 * cpu) / COUNT });
      }
      const before = service.cpu();
      const begun = performance.now();
      await deliverAll(service.port, onTheWire(message));
      const seconds = (performance.now() - begun) / 1000;
      check('serve', 0);
      if (round >= WARM_UP)
        note('serve', { rate: COUNT / seconds, cpu: (1000 * (service.cpu() - before)) / COUNT });
    }
  } finally {
    await service.stop();
    rmSync(file);
  }
  const all = (name: string, what: keyof Cost) => (costs.get(name) ?? []).map((cost) => cost[what]);
  const of = (name: string, what: keyof Cost) => median(all(name, what));
  /** Of what ran in the same turn. */
  const ratio = (name: string, to: string, what: keyof Cost) =>
    median(all(name, what).map((value, turn) => value / all(to, what)[turn]!)).toFixed(2);
  const rows = [...costs.keys()].map((name) => [
    name,
    of(name, 'rate').toFixed(0),
    ratio(name, 'the shell script', 'rate'),
    of(name, 'cpu').toFixed(2),
    ratio(name, 'mlmmj-receive -P', 'cpu'),
  ]);
  const title = `### ${size / 1000} KB, ${AT_ONCE} at a time`;
  return `${title}\n\n${table(['', 'messages/s', 'against the script', 'CPU ms', 'against mlmmj-receive'], rows)}`;
}

async function deliverAll(port: number, wire: Buffer): Promise<void> {
  let left = COUNT;
  const work = async () => {
    const client = await LmtpClient.connect(port);
    while (left-- > 0) {
      const reply = await client.deliver('poster@example.com', 'demo@example.org', wire);
      if (!reply.startsWith('250 2.1.5 footer added')) throw new Error(reply);
    }
    client.close();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** What was measured must also have been done; then it is cleared away. */
function check(name: string, failed: number): void {
  const stored = readdirSync(list.incoming);
  if (failed > 0 || stored.length !== COUNT) {
    throw new Error(`${name}: ${stored.length} of ${COUNT} stored, ${failed} failed`);
  }
  for (const path of stored) rmSync(join(list.incoming, path));
}
