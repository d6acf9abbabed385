import { execa } from 'execa';
import { CommandProblem } from '../commands/problem.ts';
import { ExitStatus } from '../errors.ts';

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Postfix's, Amavisd's and the system's commands lie in sbin, which a person's PATH often lacks. */
const SBIN = '/usr/local/sbin:/usr/sbin:/sbin';

/**
 * Runs a program to its end. Not failing is the caller's to judge.
 *
 * @throws CommandProblem where it is not there or cannot be started.
 */
export async function run(program: string, args: readonly string[], input?: string): Promise<Ran> {
  const path = `${process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin'}:${SBIN}`;
  const result = await execa(program, args, {
    reject: false,
    env: { PATH: path, LC_ALL: 'C' },
    stdin: input === undefined ? 'ignore' : 'pipe',
    ...(input === undefined ? {} : { input }),
  });
  if (result.code === 'ENOENT') {
    const what = program.startsWith('post') ? 'Postfix is not installed' : `${program} is not installed`;
    throw new CommandProblem(ExitStatus.Unavailable, `${what} (no ${program} in ${path})`);
  }
  if (result.exitCode === undefined) {
    throw new CommandProblem(
      ExitStatus.Wrong,
      `${program}: ${result.shortMessage ?? 'did not end properly'}`,
    );
  }
  return { exitCode: result.exitCode, stdout: result.stdout, stderr: result.stderr };
}
