import { ExitStatus } from '../errors.ts';
import { reportRemoval } from '../install/report.ts';
import { demandRoot } from '../install/root.ts';
import { uninstall } from '../install/uninstall.ts';
import { postfixConfigDirectory } from '../mail-server/postconf.ts';
import { print } from './print.ts';
import { oneSpelling, readArguments } from './read-arguments.ts';
import type { CommandSyntax } from './syntax.ts';

export const syntax = {
  name: 'uninstall',
  about: `Puts back what was there before "mlmmj-amime-receive install": files byte for byte where nobody
changed them since, else what was set and added, and nothing else. Users, lists and spools stay.
`,
  options: {
    'dry-run': { purpose: 'show the exact changes and make none' },
    'postfix-config': { takes: 'directory', purpose: "Postfix's configuration directory" },
  },
} as const satisfies CommandSyntax;

/** `mlmmj-amime-receive uninstall`: returns the exit status. @throws CommandProblem */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = readArguments(syntax, args);
  const dryRun = values['dry-run'] ?? false;
  if (!dryRun) demandRoot('uninstall');
  const config = oneSpelling(values['postfix-config']) ?? (await postfixConfigDirectory());
  await print(reportRemoval(await uninstall(config, dryRun), config, dryRun));
  return ExitStatus.Ok;
}
