import '../core/portable.ts';
import { PREVIEW_USAGE, parsePreviewArgs } from '../preview/options.ts';
import { writeWhole } from '../preview/out-file.ts';
import { preview } from '../preview/preview.ts';
import { PreviewProblem } from '../preview/problem.ts';

export const usage = PREVIEW_USAGE;

/** `mlmmj-amime-receive preview`: returns the exit status. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    const options = parsePreviewArgs(args);
    if (options !== undefined) return await preview(options);
    writeWhole('-', PREVIEW_USAGE);
    return 0;
  } catch (error) {
    // Whoever reads (a pager, head) has seen enough.
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return 0;
    if (!(error instanceof PreviewProblem)) throw error;
    process.stderr.write(`mlmmj-amime-receive preview: ${error.message}\n`);
    return error.exit;
  }
}
