import { dirname } from 'node:path';
import { CommandProblem } from '../commands/problem.ts';
import { ExitStatus } from '../errors.ts';
import { identifyProgram } from '../mail-server/program.ts';

/**
 * Our program among the places where it may be. What else has its name there is not put into use, and not passed over
 * without a word where ours is nowhere.
 *
 * @throws CommandProblem where it is not installed.
 */
export async function installedProgram(prefix: string | undefined): Promise<string> {
  let obstacle: string | undefined;
  for (const path of programPlaces(prefix)) {
    const { kind } = await identifyProgram(path);
    // Whoever is not root can only have a plan shown, and `make install` closes the program to them.
    if (kind === 'ours' || (kind === 'closed' && process.geteuid?.() !== 0)) return path;
    if (kind === 'missing') continue;
    const home = dirname(dirname(path));
    obstacle ??=
      kind === 'closed'
        ? `${path} may not be run, not by root either: is its file system mounted with noexec?`
        : kind === 'script'
          ? `${path} is the shell script of that name, not this program: mv ${path} ${path}.script, then make install PREFIX=${home}`
          : `${path} is not this program (it does not say so when asked for --version): move it away, then make install PREFIX=${home}`;
  }
  if (obstacle !== undefined) throw new CommandProblem(ExitStatus.Wrong, obstacle);
  const where = prefix === undefined ? '/usr/local/bin or /usr/bin' : `${prefix}/bin`;
  throw new CommandProblem(
    ExitStatus.Wrong,
    `mlmmj-amime-receive is not in ${where}: put it there first (make install)`,
  );
}

/** Where the program may be: below the prefix, else where everybody else, or Debian and iRedMail, put it. */
export function programPlaces(prefix: string | undefined): string[] {
  const places = prefix === undefined ? ['/usr/local', '/usr'] : [prefix.replace(/\/+$/, '')];
  return places.map((place) => `${place}/bin/mlmmj-amime-receive`);
}
