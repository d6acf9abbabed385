import { PREVIEW, parsePreviewArgs } from '../preview/options.ts';
import { preview } from '../preview/preview.ts';

export const syntax = PREVIEW;

/** `mlmmj-amime-receive preview`: returns the exit status. @throws PreviewProblem */
export async function run(args: readonly string[]): Promise<number> {
  return preview(parsePreviewArgs(args));
}
