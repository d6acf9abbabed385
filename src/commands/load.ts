import type { Command } from './command.ts';

/** By the names in transport/commands.ts. Each import is written out, so that the bundler finds it. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  preview: () => import('./preview.ts'),
  install: () => import('./install.ts'),
  uninstall: () => import('./uninstall.ts'),
  check: () => import('./check.ts'),
  serve: () => import('./serve.ts'),
};

/** Only the file of a command that is called is loaded. */
export async function loadCommand(name: string): Promise<Command> {
  const load = COMMANDS[name];
  if (load === undefined) throw new Error(`there is no command ${name}`);
  return load();
}
