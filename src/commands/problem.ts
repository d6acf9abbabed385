import { ExitStatus } from '../errors.ts';

/** Why a command cannot go on: `message` is one clear line that says what to do, `exit` the status to end with. */
export class CommandProblem extends Error {
  override readonly name: string = 'CommandProblem';
  readonly exit: number;

  constructor(exit: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exit = exit;
  }
}

/** What was foreseen, or what a system call of ours failed of, as a person can act on it; undefined for any other error. */
export function problemOf(error: unknown): CommandProblem | undefined {
  if (error instanceof CommandProblem) return error;
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  if (!(error instanceof Error) || code === undefined || path === undefined) return undefined;
  const isReading = /^(?:open|read|scandir|opendir|l?stat|readlink|realpath)/.test(syscall ?? '');
  const exit = isReading ? ExitStatus.NoInput : ExitStatus.CannotCreate;
  return new CommandProblem(exit, `${path} cannot be ${isReading ? 'read' : 'written'} (${code})`, {
    cause: error,
  });
}
