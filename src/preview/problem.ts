import { exitStatus, FailureKind } from '../core/errors.ts';

/** EX_CANTCREAT of sysexits.h: a file that a person wanted written cannot be. */
const CANNOT_CREATE = 73;

/** Why a preview cannot be made: `message` is one clear line, `exit` the status to end with. */
export class PreviewProblem extends Error {
  override readonly name = 'PreviewProblem';
  readonly exit: number;

  private constructor(exit: number, message: string) {
    super(message);
    this.exit = exit;
  }

  static usage(message: string): PreviewProblem {
    return new PreviewProblem(exitStatus(FailureKind.Usage), `${message} (see preview --help)`);
  }

  static unreadable(message: string): PreviewProblem {
    return new PreviewProblem(exitStatus(FailureKind.NoInput), message);
  }

  static unwritable(message: string): PreviewProblem {
    return new PreviewProblem(CANNOT_CREATE, message);
  }
}
