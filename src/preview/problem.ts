import { CommandProblem, EXIT } from '../commands/problem.ts';

/** Why a preview cannot be made. */
export class PreviewProblem extends CommandProblem {
  override readonly name = 'PreviewProblem';

  static usage(message: string): PreviewProblem {
    return new PreviewProblem(EXIT.usage, `${message} (see preview --help)`);
  }

  static unreadable(message: string): PreviewProblem {
    return new PreviewProblem(EXIT.noInput, message);
  }

  static unwritable(message: string): PreviewProblem {
    return new PreviewProblem(EXIT.cannotCreate, message);
  }
}
