/** Whole processes measured from the outside: see measure.py for how. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Milliseconds and MB. */
export interface Measured {
  readonly wall: number;
  readonly cpu: number;
  readonly rss: number;
  /** Exit status; negative for a signal. */
  readonly status: number;
}

export interface Plan {
  readonly input: string;
  readonly commands: readonly (readonly string[])[];
  readonly rounds: number;
  readonly warmup: number;
  /** A directory that is emptied after each run, outside the measured time. */
  readonly clean: string;
}

const SCRIPT = fileURLToPath(new URL('measure.py', import.meta.url));

/** The commands in turns; one summary for each: median times, greatest memory, worst status. */
export function measureInTurns(plan: Plan): Measured[] {
  const run = spawnSync('python3', [SCRIPT], {
    input: JSON.stringify(plan),
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return (JSON.parse(run.stdout) as Measured[][]).map((rounds) => ({
    wall: median(rounds.map((round) => round.wall)),
    cpu: median(rounds.map((round) => round.cpu)),
    rss: Math.max(...rounds.map((round) => round.rss)),
    status: rounds.find((round) => round.status !== 0)?.status ?? 0,
  }));
}

/** One command that is fed a stream as fast as it takes it; `said` is what it wrote to standard error. */
export async function measureStream(
  argv: readonly string[],
  input: Iterable<Uint8Array>,
): Promise<Measured & { readonly said: string }> {
  const child = spawn('python3', [SCRIPT, '--one', ...argv], { stdio: 'pipe' });
  const [answer, said]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (bytes: Buffer) => answer.push(bytes));
  child.stderr.on('data', (bytes: Buffer) => said.push(bytes));
  // A program that stops reading early is seen by its status.
  child.stdin.on('error', () => {});
  const closed = once(child, 'close');
  for (const piece of input) {
    if (!child.stdin.writable) break;
    if (!child.stdin.write(piece)) await Promise.race([once(child.stdin, 'drain'), closed]);
  }
  child.stdin.end();
  await closed;
  const measured = JSON.parse(Buffer.concat(answer).toString()) as Measured;
  return { ...measured, said: Buffer.concat(said).toString().trim() };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
