import { ExitStatus } from '../errors.ts';
import { ListenError } from '../serve/listen.ts';
import { parseServeArgs, SERVE } from '../serve/options.ts';
import { runService } from '../serve/service.ts';
import { CommandProblem } from './problem.ts';

export const syntax = SERVE;

/** `mlmmj-amime-receive serve`: returns the exit status. @throws CommandProblem */
export async function run(args: readonly string[]): Promise<number> {
  const options = parseServeArgs(args);
  try {
    await runService(options);
    return ExitStatus.Ok;
  } catch (error) {
    if (error instanceof ListenError) throw new CommandProblem(ExitStatus.Usage, error.message);
    throw error;
  }
}
