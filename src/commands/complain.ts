import { problemOf } from '../install/problem.ts';

/**
 * Says on standard error why `check`, `install` or `uninstall` cannot go on; returns the exit status.
 *
 * @throws the error itself where nobody foresaw it
 */
export function complain(command: string, error: unknown): number {
  const problem = problemOf(error);
  if (problem === undefined) throw error;
  process.stderr.write(`mlmmj-amime-receive ${command}: ${problem.message}\n`);
  return problem.exit;
}
