import { chmodSync, chownSync, existsSync, mkdirSync, rmdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { CommandProblem } from '../commands/problem.ts';
import { ExitStatus } from '../errors.ts';
import { run } from '../mail-server/run.ts';
import type { Change } from './change.ts';

/** How each system makes an account that cannot log in, with a group of the same name. */
export function accountCommands(system: NodeJS.Platform, user: string, home: string): string[][] {
  switch (system) {
    case 'freebsd':
      return [
        ['pw', 'groupadd', user],
        ['pw', 'useradd', user, '-g', user, '-d', home, '-s', '/sbin/nologin'],
      ];
    case 'openbsd':
      return [
        ['groupadd', user],
        ['useradd', '-g', user, '-d', home, '-s', '/sbin/nologin', user],
      ];
    default:
      return [
        ['groupadd', '--system', user],
        [
          'useradd',
          '--system',
          '--gid',
          user,
          '--home-dir',
          home,
          '--shell',
          nologin(),
          '--no-create-home',
          user,
        ],
      ];
  }
}

function nologin(): string {
  return existsSync('/usr/sbin/nologin') ? '/usr/sbin/nologin' : '/sbin/nologin';
}

/**
 * Makes the account and the spool of a plan, if it has any.
 *
 * @returns how to take them back, in case something fails later.
 * @throws CommandProblem; nothing is left behind then.
 */
export async function createAccounts(changes: readonly Change[]): Promise<() => Promise<void>> {
  const undo: (() => Promise<void>)[] = [];
  const takeBack = async () => {
    for (const step of undo.reverse()) await step();
  };
  try {
    for (const change of changes) {
      if (change.kind === 'account') {
        for (const [program, ...args] of accountCommands(process.platform, change.user, change.home)) {
          await must(program!, args);
        }
        undo.push(() => removeAccount(change.user));
      }
      if (change.kind === 'spool') {
        const made = await createSpool(change.path, change.user);
        undo.push(async () => {
          for (const path of made) rmdirSync(path);
        });
      }
    }
  } catch (error) {
    await takeBack();
    throw error;
  }
  return takeBack;
}

/** The spool for its owner only, and what leads to it passable for all; returns what was made, innermost first. */
async function createSpool(path: string, user: string): Promise<string[]> {
  const missing: string[] = [];
  for (let at = path; !existsSync(at); at = dirname(at)) missing.push(at);
  for (const directory of missing.toReversed()) {
    mkdirSync(directory);
    chmodSync(directory, 0o755);
  }
  const [uid, gid] = await Promise.all([must('id', ['-u', user]), must('id', ['-g', user])]);
  chownSync(path, Number(uid), Number(gid));
  chmodSync(path, 0o700);
  return missing;
}

async function removeAccount(user: string): Promise<void> {
  await (process.platform === 'freebsd' ? run('pw', ['userdel', user]) : run('userdel', [user]));
}

async function must(program: string, args: readonly string[]): Promise<string> {
  const result = await run(program, args);
  if (result.exitCode === 0) return result.stdout;
  throw new CommandProblem(
    ExitStatus.Wrong,
    `${program} ${args.join(' ')}: ${result.stderr.trim().split('\n')[0]}`,
  );
}
