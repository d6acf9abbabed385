// What all commands have in common: help, complaints, and how the process ends.

import { ExitStatus } from '../errors.ts';
import { systemCode } from '../host/system-error.ts';
import type { Command } from './command.ts';
import { helpText } from './help-text.ts';
import { loadCommand } from './load.ts';
import { print } from './print.ts';
import { problemOf } from './problem.ts';

/**
 * Runs a command, and says on standard error why it could not go on. Never rejects.
 *
 * @param args what follows the command's name
 * @returns the exit status
 */
export async function runCommand(name: string, args: readonly string[]): Promise<number> {
  try {
    const command = await loadCommand(name);
    return asksForHelp(args) ? await help(command) : await command.run(args);
  } catch (error) {
    // Whoever reads (a pager, head) has seen enough.
    if (systemCode(error) === 'EPIPE') return ExitStatus.Ok;
    const problem = problemOf(error);
    const message = problem?.message ?? `internal error: ${error instanceof Error ? error.message : error}`;
    process.stderr.write(`mlmmj-amime-receive ${name}: ${message}\n`);
    return problem?.exit ?? ExitStatus.Internal;
  }
}

async function help(command: Command): Promise<number> {
  await print(helpText(command.syntax));
  return ExitStatus.Ok;
}

/** An option's value never looks like this: a forgotten value must not swallow the next option. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  const options = end < 0 ? args : args.slice(0, end);
  return options.includes('--help') || options.includes('-h');
}
