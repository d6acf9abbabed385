/**
 * The entry of pipe mode on Node. Postfix bounces mail on most exit statuses, and on the 1 with which Node ends on an error of
 * ours; so the status says "try again" from the first line on, and only a delivery that is done changes it. Nothing is
 * imported before that: an import that fails would exit 1 before any line here runs.
 */
const TEMPORARY = 75;

/** Baked in from package.json when the program is built; a program run from its sources says so. */
declare const __VERSION__: string | undefined;

process.exitCode = TEMPORARY;
process.on('uncaughtException', lastWords);
process.on('unhandledRejection', lastWords);

main(process.argv.slice(2)).then((status) => process.exit(status), lastWords);

async function main(args: readonly string[]): Promise<number> {
  await import('../portable.ts');
  process.off('uncaughtException', lastWords);
  process.off('unhandledRejection', lastWords);
  const { runPipeMode } = await import('./node.ts');
  const status = await runPipeMode(args, typeof __VERSION__ === 'string' ? __VERSION__ : 'from source');
  if (status !== null) return status;
  // What people type is another program, which ends this process when it is done.
  await import('../tools.ts');
  return new Promise(() => undefined);
}

/** What not even the delivery could catch. */
function lastWords(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  try {
    process.stderr.write(`4.3.0 internal error: ${message.replace(/[^!-~]+/g, ' ').slice(0, 300)}\n`);
  } finally {
    process.exit(TEMPORARY);
  }
}
