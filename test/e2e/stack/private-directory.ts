import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const TAKE_DOWN = new URL('take-down.sh', import.meta.url).pathname;

/** The one directory in which everything of a run lives; its daemons end with the run, however the run ends. */
export interface PrivateDirectory {
  readonly path: string;
  /** Makes a directory below it, readable by all, and returns its path. */
  make(name: string): string;
  /** Records a daemon's process id, so that it is stopped in the end. */
  record(name: string, pid: number | undefined): void;
  takeDown(): void;
}

export function makePrivateDirectory(): PrivateDirectory {
  const path = mkdtempSync(join(tmpdir(), 'mlmmj-amime-e2e-'));
  // Postfix, Amavisd, MariaDB and mlmmj run as four different users and all pass through here.
  chmodSync(path, 0o755);
  mkdirSync(join(path, 'pids'));
  spawn('/bin/sh', [TAKE_DOWN, path, String(process.pid)], { detached: true, stdio: 'ignore' }).unref();
  return openPrivateDirectory(path);
}

/** The same directory, in a process that did not make it. */
export function openPrivateDirectory(path: string): PrivateDirectory {
  return {
    path,
    make(name) {
      const directory = join(path, name);
      mkdirSync(directory, { recursive: true });
      return directory;
    },
    record(name, pid) {
      if (pid === undefined) throw new Error(`${name} could not be started`);
      writeFileSync(join(path, 'pids', name), `${pid}\n`);
    },
    takeDown() {
      spawnSync('/bin/sh', [TAKE_DOWN, path], { stdio: ['ignore', 'ignore', 'inherit'] });
    },
  };
}
