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
