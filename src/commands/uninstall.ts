import { oneSpelling } from '../install/options.ts';
import { postfixConfigDirectory } from '../install/postconf.ts';
import { EXIT, InstallProblem } from '../install/problem.ts';
import { reportRemoval } from '../install/report.ts';
import { demandRoot } from '../install/root.ts';
import { uninstall } from '../install/uninstall.ts';
import { readOptions } from '../read-options.ts';
import { complain } from './complain.ts';
import { print } from './print.ts';

const USAGE = `Usage: mlmmj-amime-receive uninstall [--dry-run] [--postfix-config DIR]

Puts back what was there before "mlmmj-amime-receive install": files byte for byte where nobody changed them since,
else what was set and added, and nothing else. Users, lists and spools stay.
`;

/** `mlmmj-amime-receive uninstall`: returns the exit status. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    const options = parse(args);
    if (options.help) {
      await print(USAGE);
      return 0;
    }
    const dryRun = options['dry-run'] ?? false;
    if (!dryRun) demandRoot('uninstall');
    const config = oneSpelling(options['postfix-config']) ?? (await postfixConfigDirectory());
    await print(reportRemoval(await uninstall(config, dryRun), config, dryRun));
    return 0;
  } catch (error) {
    return complain('uninstall', error);
  }
}

function parse(args: readonly string[]) {
  try {
    return readOptions({
      args: [...args],
      options: {
        help: { type: 'boolean', short: 'h' },
        'dry-run': { type: 'boolean' },
        'postfix-config': { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new InstallProblem(EXIT.usage, `${(error as Error).message} (see uninstall --help)`);
  }
}
