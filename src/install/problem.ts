import { CommandProblem, problemOf } from '../commands/problem.ts';
import { ExitStatus } from '../errors.ts';

/** Every failure after the first change says what became of that change, too. */
export function takenBack(error: unknown, what: string): CommandProblem {
  const problem = problemOf(error);
  const message = problem?.message ?? (error instanceof Error ? error.message : String(error));
  return new CommandProblem(problem?.exit ?? ExitStatus.Wrong, `${message} (${what})`, { cause: error });
}
