/**
 * Messages per second and CPU time per message: a process per message, as pipe(8) does it, against the LMTP service,
 * at the same concurrency, in turns.
 *
 *   npx tsx bench/serve.ts           into bench/README.md
 *   npx tsx bench/serve.ts quick     fewer messages, printed and not written
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTheWire } from '../test/serve/lmtp-client.ts';
import { type BenchList, contenders, executableFor, makeList } from './contenders.ts';
import { median } from './measure.ts';
import { MESSAGES } from './messages.ts';
import { table, writeSection } from './report.ts';
import { startService } from './running-service.ts';

const PIPE_LOAD = fileURLToPath(new URL('pipe-load.py', import.meta.url));
const LMTP_LOAD = fileURLToPath(new URL('lmtp-load.py', import.meta.url));
const quick = process.argv.includes('quick');
/**
 * Where the list is: mlmmj-receive waits for the disk with each message, whoever runs it, and this machine's disk is
 * twice as fast in one minute as in the next.
 */
const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
/** Postfix's default_destination_concurrency_limit. */
const AT_ONCE = 20;
/** Short turns, because the machine's own pace changes within seconds. */
const COUNT = 200;
const ROUNDS = quick ? 8 : 20;
/** The service is measured as it is under load: it takes it that long until all its code has been compiled. */
const WARM_UP = 20_000;
const PER_MESSAGE = ['the shell script', 'mlmmj-receive -P', 'executable'];

/** As the load programs print it: seconds, and how many messages failed. */
interface Load {
  readonly wall: number;
  readonly cpu: number;
  readonly failed: number;
}

interface Cost {
  /** Messages in a second of wall time. */
  readonly rate: number;
  /** Milliseconds of CPU time. */
  readonly cpu: number;
}

const tables: string[] = [];
for (const size of [2000, 100_000]) {
  const list = makeList(MEMORY);
  try {
    tables.push(await measure(size, list));
  } finally {
    list.remove();
  }
}
const markdown = tables.join('\n\n');
console.log(markdown);
if (!quick) writeSection('serve', markdown);

async function measure(size: number, list: BenchList): Promise<string> {
  const message = Buffer.concat([...MESSAGES['text with an attachment'](size)]);
  const [file, wire] = ['message', 'wire'].map((name) => join(dirname(list.directory), name)) as [
    string,
    string,
  ];
  writeFileSync(file, message);
  writeFileSync(wire, onTheWire(message));
  const programs = contenders(list).filter(({ name }) => PER_MESSAGE.includes(name));
  const service = await startService(
    [executableFor(list)],
    ['--lists', dirname(list.directory), '--layout', '%u', '--mlmmj-receive', '/usr/bin/mlmmj-receive', '-P'],
  );
  const costs = new Map<string, Cost[]>();
  const note = (name: string, cost: Cost) => costs.set(name, [...(costs.get(name) ?? []), cost]);
  /** What was measured must also have been done; then it is cleared away. */
  const run = (name: string, count: number, args: readonly string[]): Load => {
    const child = spawnSync('python3', args, { encoding: 'utf8' });
    const load = JSON.parse(child.stdout || '{"failed": "all"}') as Load;
    const stored = readdirSync(list.incoming);
    if (load.failed !== 0 || stored.length !== count) {
      throw new Error(`${name}: ${stored.length} of ${count} stored, ${load.failed} failed ${child.stderr}`);
    }
    for (const path of stored) rmSync(join(list.incoming, path));
    return load;
  };
  const deliver = (count: number) =>
    run('serve', count, [LMTP_LOAD, `${count}`, `${AT_ONCE}`, wire, `${service.port}`]);
  try {
    for (let done = 0; done < WARM_UP; done += COUNT) deliver(COUNT);
    for (let round = 0; round < ROUNDS; round++) {
      for (const { name, argv } of programs) {
        const { wall, cpu } = run(name, COUNT, [PIPE_LOAD, `${COUNT}`, `${AT_ONCE}`, file, ...argv]);
        note(name, { rate: COUNT / wall, cpu: (1000 * cpu) / COUNT });
      }
      const before = service.cpu();
      const { wall } = deliver(COUNT);
      note('serve', { rate: COUNT / wall, cpu: (1000 * (service.cpu() - before)) / COUNT });
    }
  } finally {
    await service.stop();
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
