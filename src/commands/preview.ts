import { PREVIEW_USAGE, parsePreviewArgs } from '../preview/options.ts';
import { preview } from '../preview/preview.ts';

export const usage = PREVIEW_USAGE;

/** `mlmmj-amime-receive preview`: returns the exit status. @throws PreviewProblem */
export async function run(args: readonly string[]): Promise<number> {
  return preview(parsePreviewArgs(args));
}
