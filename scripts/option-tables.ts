/** All that can be said to the program, as the completions and the manual page show it. */
import '../src/portable.ts';
import { loadCommand } from '../src/commands/load.ts';
import { PIPE_MODE_OPTIONS } from '../src/commands/pipe-mode-options.ts';
import type { OptionTable } from '../src/commands/syntax.ts';
import { commands } from '../src/transport/commands.ts';

export interface CommandOptions {
  /** '' is pipe mode. */
  readonly name: string;
  readonly purpose: string;
  readonly options: OptionTable;
}

export async function allOptions(): Promise<CommandOptions[]> {
  const all: CommandOptions[] = [{ name: '', purpose: '', options: PIPE_MODE_OPTIONS }];
  for (const { name, summary } of commands()) {
    const { syntax } = await loadCommand(name);
    all.push({ name, purpose: summary, options: syntax.options });
  }
  return all;
}
