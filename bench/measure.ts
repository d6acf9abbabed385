/** Whole processes measured from the outside: see measure.c for how. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

const home = mkdtempSync(join(tmpdir(), 'amime-measure-'));
const MEASURE = join(home, 'measure');
process.on('exit', () => rmSync(home, { recursive: true }));
execFileSync('cc', ['-O2', '-o', MEASURE, fileURLToPath(new URL('measure.c', import.meta.url))]);

/**
 * The commands in turns, one round after the other, so that whatever else the machine does hits all of them alike. One
 * summary for each: median times, greatest memory, worst status.
 */
export function measureInTurns(plan: Plan): Measured[] {
  const results: Measured[][] = plan.commands.map(() => []);
  for (let turn = 0; turn < plan.rounds + plan.warmup; turn++) {
    for (const [index, command] of plan.commands.entries()) {
      const measured = measureOnce(command, plan.input);
      for (const name of readdirSync(plan.clean)) rmSync(join(plan.clean, name));
      if (turn >= plan.warmup) results[index]?.push(measured);
    }
  }
  return results.map((rounds) => ({
    wall: median(rounds.map((round) => round.wall)),
    cpu: median(rounds.map((round) => round.cpu)),
    rss: Math.max(...rounds.map((round) => round.rss)),
    status: rounds.find((round) => round.status !== 0)?.status ?? 0,
  }));
}

function measureOnce(command: readonly string[], input: string): Measured {
  const file = openSync(input, 'r');
  const run = spawnSync(MEASURE, command, { stdio: [file, 'pipe', 'pipe'], encoding: 'utf8' });
  closeSync(file);
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout) as Measured;
}

/** One command that is fed a stream as fast as it takes it; `said` is what it wrote to standard error. */
export async function measureStream(
  argv: readonly string[],
  input: Iterable<Uint8Array>,
): Promise<Measured & { readonly said: string }> {
  const child = spawn(MEASURE, argv, { stdio: 'pipe' });
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
