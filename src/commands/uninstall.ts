import { reportRemoval } from '../install/report.ts';
import { demandRoot } from '../install/root.ts';
import { uninstall } from '../install/uninstall.ts';
import { postfixConfigDirectory } from '../mail-server/postconf.ts';
import { oneSpelling, readOptions } from '../read-options.ts';
import { print } from './print.ts';
import { CommandProblem, EXIT } from './problem.ts';

export const usage = `Usage: mlmmj-amime-receive uninstall [--dry-run] [--postfix-config DIR]

Puts back what was there before "mlmmj-amime-receive install": files byte for byte where nobody changed them since,
else what was set and added, and nothing else. Users, lists and spools stay.
`;

/** `mlmmj-amime-receive uninstall`: returns the exit status. @throws CommandProblem */
export async function run(args: readonly string[]): Promise<number> {
  const options = parse(args);
  const dryRun = options['dry-run'] ?? false;
  if (!dryRun) demandRoot('uninstall');
  const config = oneSpelling(options['postfix-config']) ?? (await postfixConfigDirectory());
  await print(reportRemoval(await uninstall(config, dryRun), config, dryRun));
  return EXIT.ok;
}

function parse(args: readonly string[]) {
  try {
    return readOptions({
      args: [...args],
      options: {
        'dry-run': { type: 'boolean' },
        'postfix-config': { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new CommandProblem(EXIT.usage, `${(error as Error).message} (see uninstall --help)`);
  }
}
