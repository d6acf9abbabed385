import { ListenError } from '../serve/listen.ts';
import { parseServeArguments, SERVE_USAGE } from '../serve/options.ts';
import { runService } from '../serve/service.ts';
import { CommandProblem, EXIT } from './problem.ts';

export const usage = SERVE_USAGE;

/** `mlmmj-amime-receive serve`: returns the exit status. @throws CommandProblem */
export async function run(args: readonly string[]): Promise<number> {
  const parsed = parseServeArguments(args);
  if (parsed.kind === 'wrong') throw new CommandProblem(EXIT.usage, `${parsed.message} (see serve --help)`);
  try {
    return parsed.kind === 'serve' ? await runService(parsed.options) : EXIT.ok;
  } catch (error) {
    if (error instanceof ListenError) throw new CommandProblem(EXIT.usage, error.message);
    throw error;
  }
}
