/** The service as it is built, started for a measurement, and what it has cost so far. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

export interface RunningService {
  readonly port: number;
  /** Seconds of CPU time, with all children that have ended. */
  cpu(): number;
  /** Resident memory in MB. */
  resident(): number;
  log(): string;
  stop(): Promise<void>;
}

const TICKS = Number(spawnSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }).stdout) || 100;

export async function startService(
  command: readonly [string, ...string[]],
  args: readonly string[],
): Promise<RunningService> {
  const [file, ...first] = command;
  const child: ChildProcess = spawn(file, [...first, 'serve', '--listen', '127.0.0.1:0', ...args], {
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  let last = '';
  let port = 0;
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error(`the service has ended: ${last}`)));
    child.stderr!.on('data', (piece: Buffer) => {
      last = piece.toString();
      port ||= Number(/listening on=\S*:([0-9]+)/.exec(last)?.[1] ?? 0);
      if (port > 0) resolve();
    });
  });
  return {
    port,
    cpu() {
      const stat = readFileSync(`/proc/${child.pid}/stat`, 'latin1');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS;
    },
    resident() {
      const status = readFileSync(`/proc/${child.pid}/status`, 'latin1');
      return Number(/VmRSS:\s+([0-9]+)/.exec(status)?.[1]) / 1024;
    },
    log: () => last,
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
