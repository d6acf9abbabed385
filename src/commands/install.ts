import { ExitStatus } from '../errors.ts';
import { install } from '../install/install.ts';
import { INSTALL, parseInstallArgs } from '../install/options.ts';
import { reportInstallation } from '../install/report.ts';
import { demandRoot } from '../install/root.ts';
import { print } from './print.ts';

export const syntax = INSTALL;

/** `mlmmj-amime-receive install`: returns the exit status. @throws CommandProblem */
export async function run(args: readonly string[]): Promise<number> {
  const options = parseInstallArgs(args);
  if (!options.dryRun) demandRoot('install');
  await print(reportInstallation(await install(options), options.dryRun));
  return ExitStatus.Ok;
}
