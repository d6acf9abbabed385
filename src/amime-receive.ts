/**
 * The entry. Postfix bounces mail on most exit statuses, and on the 1 with which a runtime ends on an error of ours;
 * so the status says "try again" from the first line on, and only a delivery that is done changes it. Nothing is
 * imported before that: an import that fails would exit 1 before any line here runs.
 */
import type { Call } from './cli.ts';

const TEMPORARY = 75;
const USAGE = 64;
const INTERRUPTION = 'Interruption';

process.exitCode = TEMPORARY;

/** Rejects when the process has to end early; whoever has something to clean up listens to it. */
let interrupt: (error: Error) => void = lastWords;
const interrupted = new Promise<never>((_, reject) => {
  interrupt = reject;
});
interrupted.catch(() => undefined);

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.on(signal, () => interrupt(stoppedBy(signal)));
}
// A pipe whose reader has gone raises this besides failing with EPIPE, and whoever wrote can tell better what it
// means. So they get a moment to do so.
process.on('SIGPIPE', () => setTimeout(() => interrupt(stoppedBy('SIGPIPE')), 500));
// Whoever started us may have it ignored, which a program inherits, and the system then forgets how children end: what
// was stored would look as if it had failed, and be sent again and again.
process.on('SIGCHLD', () => undefined);
process.on('uncaughtException', (error) => interrupt(error));
process.on('unhandledRejection', (error) =>
  interrupt(error instanceof Error ? error : new Error(String(error))),
);

main(process.argv.slice(2)).then((status) => process.exit(status), lastWords);

async function main(argv: readonly string[]): Promise<number> {
  const { parseArguments } = await import('./cli.ts');
  const call = parseArguments(argv);
  if (call.kind === 'receive') {
    const [{ receive }, { platform }] = await Promise.all([
      import('./commands/receive.ts'),
      import('./platform/current.ts'),
    ]);
    return receive(call, platform, interrupted);
  }
  return Promise.race([answer(call), interrupted]);
}

async function answer(call: Exclude<Call, { kind: 'receive' }>): Promise<number> {
  const [{ helpText }, { VERSION }, { platform }] = await Promise.all([
    import('./cli.ts'),
    import('./version.ts'),
    import('./platform/current.ts'),
  ]);
  const say = (fd: 1 | 2, text: string) => platform.write(fd, new TextEncoder().encode(text));
  switch (call.kind) {
    case 'help':
      await say(1, helpText());
      return 0;
    case 'version':
      await say(1, `mlmmj-amime-receive ${VERSION}\n`);
      return 0;
    case 'wrong':
      if (call.typed) {
        await say(2, `mlmmj-amime-receive: ${call.message} (see --help)\n`);
        return USAGE;
      }
      await say(2, `4.3.0 ${call.message}\n`);
      return TEMPORARY;
    case 'command':
      return (await (await import('./commands/load.ts')).loadCommand(call.name)).run(call.args);
  }
}

/** The name tells it from an error of ours. */
function stoppedBy(signal: string): Error {
  return Object.assign(new Error(`stopped by ${signal}`), { name: INTERRUPTION });
}

/** What not even the delivery could catch. */
function lastWords(error: unknown): never {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const text = name === INTERRUPTION ? message : `internal error: ${message}`;
  try {
    process.stderr.write(`4.3.0 ${text.replace(/[^!-~]+/g, ' ').slice(0, 300)}\n`);
  } finally {
    process.exit(TEMPORARY);
  }
}
