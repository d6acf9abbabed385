import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Account } from './account.ts';
import type { PrivateDirectory } from './private-directory.ts';

/** A running `mlmmj-amime-receive serve`. */
export interface ListService {
  log(): string;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/**
 * Starts the service as the lists' owner, in a network namespace where one is named, and waits until it listens. Its
 * log is a file in the private directory, by which it is known and stopped in the end.
 */
export async function startListService(
  home: PrivateDirectory,
  name: string,
  executable: string,
  owner: Account,
  args: readonly string[],
  namespace?: string,
): Promise<ListService> {
  const path = join(home.path, `${name}.log`);
  const log = openSync(path, 'a');
  const before = readFileSync(path, 'utf8').length;
  const become = ['/usr/bin/setpriv', `--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups'];
  const enter = namespace === undefined ? [] : ['/usr/sbin/ip', 'netns', 'exec', namespace];
  const [file, ...rest] = [...enter, ...become, executable, 'serve', ...args];
  const child = spawn(file!, rest, { stdio: ['ignore', log, log], cwd: '/' });
  const ended = once(child, 'exit');
  home.record(name, child.pid);
  while (!readFileSync(path, 'utf8').slice(before).includes('listening on=')) {
    if (child.exitCode !== null) throw new Error(`${name} has ended: ${readFileSync(path, 'utf8')}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    log: () => readFileSync(path, 'utf8'),
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      await ended;
    },
  };
}
