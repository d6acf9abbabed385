/**
 * mlmmj-amime-receive-tools: the commands that people type. mlmmj-amime-receive becomes this program when its first
 * argument is one of them, so they are called by that name.
 */
import './portable.ts';
import { print } from './commands/print.ts';
import { runCommand } from './commands/run-command.ts';
import { ExitStatus } from './errors.ts';
import { quoted } from './printable.ts';
import { isCommand, suggestionFor } from './transport/commands.ts';
import { helpText } from './transport/help-text.ts';
import { VERSION } from './version.ts';

main(process.argv.slice(2)).then((status) => process.exit(status));

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name !== undefined && isCommand(name)) return runCommand(name, args);
  switch (name) {
    case '--help':
    case '-h':
      await print(helpText());
      return ExitStatus.Ok;
    case '--version':
    case '-V':
      await print(`mlmmj-amime-receive ${VERSION}\n`);
      return ExitStatus.Ok;
  }
  process.stderr.write(`mlmmj-amime-receive: ${complaint(name)} (see --help)\n`);
  return ExitStatus.Usage;
}

function complaint(name: string | undefined): string {
  if (name === undefined) return 'no command was given';
  const suggestion = suggestionFor(name);
  const unknown = `unknown command ${quoted(name)}`;
  return suggestion === '' ? unknown : `${unknown}: did you mean ${suggestion}?`;
}
