/** Exit statuses of the commands that people type (sysexits.h). Postfix never sees them. */
export const EXIT = {
  ok: 0,
  wrong: 1,
  usage: 64,
  noInput: 66,
  unavailable: 69,
  cannotCreate: 73,
  noPermission: 77,
} as const;

/** Why it cannot go on: `message` is one clear line that says what to do. Nothing has been changed. */
export class InstallProblem extends Error {
  override readonly name = 'InstallProblem';
  readonly exit: number;

  constructor(exit: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exit = exit;
  }
}

/** What was foreseen, or what a system call of ours failed of, as a person can act on it; undefined for any other error. */
export function problemOf(error: unknown): InstallProblem | undefined {
  if (error instanceof InstallProblem) return error;
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  if (!(error instanceof Error) || code === undefined || path === undefined) return undefined;
  const isReading = /^(?:open|read|scandir|opendir|l?stat|readlink|realpath)/.test(syscall ?? '');
  const exit = isReading ? EXIT.noInput : EXIT.cannotCreate;
  return new InstallProblem(exit, `${path} cannot be ${isReading ? 'read' : 'written'} (${code})`, {
    cause: error,
  });
}

/** Every failure after the first change says what became of that change, too. */
export function takenBack(error: unknown, what: string): InstallProblem {
  const problem = problemOf(error);
  const message = problem?.message ?? (error instanceof Error ? error.message : String(error));
  return new InstallProblem(problem?.exit ?? EXIT.wrong, `${message} (${what})`, { cause: error });
}
