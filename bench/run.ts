/**
 * How long a delivery takes, side by side with what this program replaces. All numbers of a row come from one run in
 * which the contenders take turns; what is kept is the ratio, because the milliseconds are this machine's.
 *
 *   npm run bench               everything, into bench/README.md
 *   npm run bench -- quick      small sizes only, printed and not written
 */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Contender, contenders, makeList } from './contenders.ts';
import { type Measured, measureInTurns, measureStream } from './measure.ts';
import { MESSAGES, type Pieces } from './messages.ts';
import { sizeName, table, writeSection } from './report.ts';

const SIZES = [
  { size: 2e3, rounds: 60 },
  { size: 100e3, rounds: 40 },
  { size: 5e6, rounds: 12 },
  { size: 25e6, rounds: 8 },
  { size: 100e6, rounds: 4 },
] as const;

/** What the program is to cost of the script's time at most. */
const AIMS: readonly {
  readonly kind: keyof typeof MESSAGES;
  readonly size: number;
  readonly contender: string;
  readonly cpu: number;
  readonly wall?: number;
}[] = [
  { kind: 'alternative with a PDF', size: 2e3, contender: 'executable', cpu: 0.55, wall: 0.7 },
  { kind: 'alternative with a PDF', size: 2e3, contender: 'executable, HTML footer alone', cpu: 0.8 },
  { kind: 'text with an attachment', size: 25e6, contender: 'executable', cpu: 0.7, wall: 1.0 },
  { kind: 'text only', size: 25e6, contender: 'executable', cpu: 0.6, wall: 0.9 },
  { kind: 'HTML in quoted-printable', size: 25e6, contender: 'executable', cpu: 0.9, wall: 1.1 },
  { kind: 'HTML in base64', size: 25e6, contender: 'executable', cpu: 1.5, wall: 1.8 },
];

interface Row {
  readonly kind: string;
  readonly size: number;
  readonly results: readonly Measured[];
}

const quick = process.argv.includes('quick');
const list = makeList();
try {
  const all = contenders(list);
  const rows = await measureAll(all);
  const markdown = [targets(all, rows), ...tables(all, rows)].join('\n\n');
  console.log(markdown);
  if (!quick) writeSection('speed', markdown);
} finally {
  list.remove();
}

async function measureAll(all: readonly Contender[]): Promise<Row[]> {
  const rows: Row[] = [];
  const file = join(list.directory, '..', 'message');
  for (const [kind, make] of Object.entries(MESSAGES)) {
    for (const { size, rounds } of quick ? SIZES.slice(0, 3) : SIZES) {
      writeMessage(file, make(size));
      await checkFooter(all, make(size), `${kind}, ${sizeName(size)}`);
      const commands = all.map((contender) => contender.argv);
      const results = measureInTurns({ input: file, commands, rounds, warmup: 2, clean: list.incoming });
      results.forEach(({ status }, i) => {
        if (status !== 0) console.error(`${all[i]?.name} ended with ${status} on ${kind}, ${sizeName(size)}`);
      });
      console.error(`measured: ${kind}, ${sizeName(size)}`);
      rows.push({ kind, size, results });
    }
  }
  rmSync(file);
  return rows;
}

/** A program that gave up is quick, too. */
async function checkFooter(all: readonly Contender[], message: Pieces, name: string): Promise<void> {
  const dryRun = all.find((contender) => contender.argv.includes('--dry-run'));
  if (dryRun === undefined) return;
  const { said } = await measureStream(dryRun.argv, message);
  if (!said.startsWith('footer added')) throw new Error(`${name}: ${said}`);
}

function writeMessage(path: string, pieces: Pieces): void {
  const file = openSync(path, 'w');
  for (const piece of pieces) writeSync(file, piece);
  closeSync(file);
}

function tables(all: readonly Contender[], rows: readonly Row[]): string[] {
  const head = (first: string) => [first, ...all.map((contender) => contender.name)];
  return Object.keys(MESSAGES).flatMap((kind) => {
    const mine = rows.filter((row) => row.kind === kind);
    const ratios = (of: (measured: Measured) => number) =>
      mine.map(({ size, results }) => {
        const base = of(results[0]!);
        return [
          sizeName(size),
          ...results.map((one, i) =>
            cell(one, i === 0 ? `${base.toFixed(1)} ms` : (of(one) / base).toFixed(2)),
          ),
        ];
      });
    const memory = mine.map(({ size, results }) => [
      sizeName(size),
      ...results.map((one) => cell(one, one.rss.toFixed(1))),
    ]);
    return [
      `### ${kind[0]?.toUpperCase()}${kind.slice(1)}`,
      table(
        head('wall time'),
        ratios((one) => one.wall),
      ),
      table(
        head('CPU time'),
        ratios((one) => one.cpu),
      ),
      table(head('peak MB'), memory),
    ];
  });
}

/** A time of something that failed is no time. */
function cell(measured: Measured, text: string): string {
  return measured.status === 0 ? text : `failed (${measured.status})`;
}

function targets(all: readonly Contender[], rows: readonly Row[]): string {
  const lines = AIMS.flatMap(({ kind, size, contender, cpu, wall }) => {
    const row = rows.find((one) => one.kind === kind && one.size === size);
    const ours = row?.results[all.findIndex(({ name }) => name === contender)];
    const script = row?.results[all.findIndex(({ name }) => name === 'the shell script')];
    if (ours === undefined || script === undefined) return [];
    return [
      [
        `${kind}, ${sizeName(size)}, ${contender}`,
        verdict(ours.cpu / script.cpu, cpu),
        wall === undefined ? '' : verdict(ours.wall / script.wall, wall),
      ],
    ];
  });
  return `### Of the script's time\n\n${table(['', 'CPU (aim)', 'wall (aim)'], lines)}`;
}

function verdict(ratio: number, aim: number): string {
  const text = `${ratio.toFixed(2)} (${aim})`;
  return ratio <= aim ? text : `**${text}**`;
}
