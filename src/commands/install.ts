import { install } from '../install/install.ts';
import { INSTALL_USAGE, parseInstallArgs } from '../install/options.ts';
import { InstallProblem } from '../install/problem.ts';
import { reportInstallation } from '../install/report.ts';
import { demandRoot } from '../install/root.ts';

/** `mlmmj-amime-receive install`: returns the exit status. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    const options = parseInstallArgs(args);
    if (options === undefined) {
      process.stdout.write(INSTALL_USAGE);
      return 0;
    }
    if (!options.dryRun) demandRoot('install');
    process.stdout.write(reportInstallation(await install(options), options.dryRun));
    return 0;
  } catch (error) {
    if (!(error instanceof InstallProblem)) throw error;
    process.stderr.write(`mlmmj-amime-receive install: ${error.message}\n`);
    return error.exit;
  }
}
