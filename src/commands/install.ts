import { install } from '../install/install.ts';
import { INSTALL_USAGE, parseInstallArgs } from '../install/options.ts';
import { reportInstallation } from '../install/report.ts';
import { demandRoot } from '../install/root.ts';
import { complain } from './complain.ts';
import { print } from './print.ts';

/** `mlmmj-amime-receive install`: returns the exit status. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    const options = parseInstallArgs(args);
    if (options === undefined) {
      await print(INSTALL_USAGE);
      return 0;
    }
    if (!options.dryRun) demandRoot('install');
    await print(reportInstallation(await install(options), options.dryRun));
    return 0;
  } catch (error) {
    return complain('install', error);
  }
}
