/** A command that people type: its help, and what it does. */
export interface Command {
  /** What `--help` prints. */
  readonly usage: string;
  /**
   * @param args what follows the command's name
   * @returns the exit status
   * @throws CommandProblem where it cannot go on, for a reason that somebody can mend
   */
  run(args: readonly string[]): Promise<number>;
}
