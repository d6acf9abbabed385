import { platform } from '../platform/current.ts';
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
    return await runService(parsed.options, platform);
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (error instanceof ListenError) complain(error.message);
    else if (code !== undefined && path !== undefined) complain(`${path} cannot be read (${code})`);
    else throw error;
    return STATUS.usage.exit;
  }
}
