import type { ExitStatus } from '../errors.ts';

/**
 * The entry of pipe mode on Node. Postfix bounces mail on most exit statuses, and on the 1 with which Node ends on an error of
 * ours; so the status says "try again" from the first line on, and only a delivery that is done changes it. Nothing but
 * a type is imported before that: an import that fails would exit 1 before any line here runs.
 */
const TEMPORARY: ExitStatus.Temporary = 75;

/** Baked in from package.json when the program is built; a program run from its sources says so. */
declare const __VERSION__: string | undefined;

process.exitCode = TEMPORARY;
const EARLY = ['uncaughtException', 'unhandledRejection', 'SIGTERM', 'SIGINT', 'SIGHUP'];
for (const event of EARLY) process.on(event, lastWords);

main(process.argv.slice(2)).then((status) => process.exit(status), lastWords);

async function main(args: readonly string[]): Promise<number> {
  await import('../portable.ts');
  const { runPipeMode } = await import('./node.ts');
  for (const event of EARLY) process.off(event, lastWords);
  const status = await runPipeMode(args, typeof __VERSION__ === 'string' ? __VERSION__ : 'from source');
  if (status !== null) return status;
  // What people type is another program, which ends this process when it is done.
  await import('../tools.ts');
  return new Promise(() => undefined);
}

/** What comes before there is a delivery, or what not even that could catch: an error, or the name of a signal. */
function lastWords(reason: unknown): never {
  const isSignal = typeof reason === 'string' && EARLY.includes(reason);
  const message = reason instanceof Error ? reason.message : String(reason);
  const words = isSignal ? `stopped by ${reason}` : `internal error: ${message}`;
  try {
    process.stderr.write(`4.3.0 ${words.replace(/[^!-~]+/g, ' ').slice(0, 300)}\n`);
  } finally {
    process.exit(TEMPORARY);
  }
}
