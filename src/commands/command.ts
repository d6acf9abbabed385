import type { CommandSyntax } from './syntax.ts';

/** A command that people type: what can be said to it, and what it does. */
export interface Command {
  readonly syntax: CommandSyntax;
  /**
   * @param args what follows the command's name
   * @returns the exit status
   * @throws CommandProblem where it cannot go on, for a reason that somebody can mend
   */
  run(args: readonly string[]): Promise<number>;
}
