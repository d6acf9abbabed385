import { platform } from '../platform/current.ts';
import { PREVIEW_USAGE, parsePreviewArgs } from '../preview/options.ts';
import { preview } from '../preview/preview.ts';
import { PreviewProblem } from '../preview/problem.ts';

/** `mlmmj-amime-receive preview`: returns the exit status. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    const options = parsePreviewArgs(args);
    if (options !== undefined) return await preview(options);
    await platform.write(1, new TextEncoder().encode(PREVIEW_USAGE));
    return 0;
  } catch (error) {
    // Whoever reads (a pager, head) has seen enough.
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return 0;
    if (!(error instanceof PreviewProblem)) throw error;
    process.stderr.write(`mlmmj-amime-receive preview: ${error.message}\n`);
    return error.exit;
  }
}
