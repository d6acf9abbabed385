/**
 * What a message's size and shape cost in memory and time. Each shape is made as a stream and fed to the executable
 * (`--dry-run`), once at a quarter of the size and once at full size: the memory must stay, the CPU time may grow
 * fourfold.
 *
 *   npx tsx bench/memory.ts [MB]      size of the large messages, 1000 where it is not given
 */
import { existsSync } from 'node:fs';
import { executableFor, makeList } from './contenders.ts';
import { type Measured, measureStream } from './measure.ts';
import { COUNTED, type Maker, SHAPES, SMALL } from './messages.ts';
import { sizeName, table, writeSection } from './report.ts';

/** What any message may take in all. */
const LIMIT_MB = 8;

const argument = process.argv[2];
const large = Number(argument ?? 1000) * 1e6;
const list = makeList();
try {
  const executable = executableFor(list);
  if (!existsSync(executable)) throw new Error('build the executable first: make build');
  const argv = [executable, '-L', list.directory, '--dry-run'];
  const small = await measureStream(argv, SMALL);
  const rows: string[][] = [
    ['a message of 1 KB', small.rss.toFixed(1), '', (small.cpu / 1000).toFixed(3), ''],
  ];
  for (const [name, make] of Object.entries(SHAPES)) {
    rows.push(await row(`${name}, ${sizeName(large)}`, argv, make, large, small));
  }
  for (const [name, { count, make }] of Object.entries(COUNTED)) {
    rows.push(await row(`${count.toLocaleString('en')} ${name}`, argv, make, count, small));
  }
  const markdown = table(['', 'peak MB', 'more than for 1 KB', 'CPU s', 'CPU against a quarter of it'], rows);
  console.log(markdown);
  if (argument === undefined) writeSection('memory', markdown);
} finally {
  list.remove();
}

async function row(
  name: string,
  argv: readonly string[],
  make: Maker,
  size: number,
  small: Measured,
): Promise<string[]> {
  const quarter = await measureStream(argv, make(size / 4));
  const whole = await measureStream(argv, make(size));
  // What was given up is quick and small, and no measure of anything.
  const said = whole.said.startsWith('footer added')
    ? ''
    : ` (**${whole.said || `status ${whole.status}`}**)`;
  console.error(`measured: ${name}${said}`);
  return [
    name + said,
    whole.rss > LIMIT_MB ? `**${whole.rss.toFixed(1)}**` : whole.rss.toFixed(1),
    (whole.rss - small.rss).toFixed(1),
    (whole.cpu / 1000).toFixed(2),
    ((whole.cpu - small.cpu) / Math.max(1, quarter.cpu - small.cpu)).toFixed(1),
  ];
}
