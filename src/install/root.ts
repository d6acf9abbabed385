import { CommandProblem } from '../commands/problem.ts';
import { ExitStatus } from '../errors.ts';

/** @throws CommandProblem unless we are root: Postfix's files are root's, and postfix check insists. */
export function demandRoot(command: string): void {
  if (process.geteuid?.() === 0) return;
  throw new CommandProblem(
    ExitStatus.NoPermission,
    `only root can do that (sudo mlmmj-amime-receive ${command} …)`,
  );
}
