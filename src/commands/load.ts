/** A command that people type. Its file is only loaded when it is called: pipe mode must not pay for it. */
export interface Command {
  /** @returns the exit status */
  run(args: readonly string[]): Promise<number>;
}

/** By the names of cli.ts's table. Each import is written out, so that the bundler finds it. */
const FILES: Readonly<Record<string, () => Promise<Command>>> = {
  preview: () => import('./preview.ts'),
  install: () => import('./install.ts'),
  uninstall: () => import('./uninstall.ts'),
  check: () => import('./check.ts'),
  serve: () => import('./serve.ts'),
};

export async function loadCommand(name: string): Promise<Command> {
  const load = FILES[name];
  if (load === undefined) throw new Error(`there is no command ${name}`);
  return load();
}
