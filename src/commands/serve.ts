import { ListenError } from '../serve/listen.ts';
import { parseServeArguments, SERVE_USAGE } from '../serve/options.ts';
import { runService } from '../serve/service.ts';
import { STATUS } from '../status.ts';

/** `mlmmj-amime-receive serve`: returns the exit status. */
export async function run(args: readonly string[]): Promise<number> {
  const parsed = parseServeArguments(args);
  if (parsed.kind === 'help') {
    process.stdout.write(SERVE_USAGE);
    return 0;
  }
  const complain = (message: string) => process.stderr.write(`mlmmj-amime-receive serve: ${message}\n`);
  if (parsed.kind === 'wrong') {
    complain(`${parsed.message} (see serve --help)`);
    return STATUS.usage.exit;
  }
  try {
    return await runService(parsed.options);
  } catch (error) {
    if (!(error instanceof ListenError)) throw error;
    complain(error.message);
    return STATUS.usage.exit;
  }
}
