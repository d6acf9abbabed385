import { CommandProblem } from '../commands/problem.ts';
import { ExitStatus } from '../errors.ts';

/** Why a preview cannot be made. */
export class PreviewProblem extends CommandProblem {
  override readonly name = 'PreviewProblem';

  static usage(message: string): PreviewProblem {
    return new PreviewProblem(ExitStatus.Usage, `${message} (see preview --help)`);
  }

  static unreadable(message: string): PreviewProblem {
    return new PreviewProblem(ExitStatus.NoInput, message);
  }

  static unwritable(message: string): PreviewProblem {
    return new PreviewProblem(ExitStatus.CannotCreate, message);
  }
}
