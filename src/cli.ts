/**
 * What the command line means: argv in, one typed command out. Pure.
 *
 * Pipe mode is a drop-in for a shell script that handed its arguments on to mlmmj-receive, so they are read the way
 * mlmmj-receive reads them (getopt, option string `hPVL:s:e:F`) and handed on as they came, in their order.
 */

/** Deliver the message on standard input. */
export interface ReceiveCall {
  readonly kind: 'receive';
  readonly listDirectory: string;
  /** `-s`, if given; the last one counts, as with getopt. May be empty. */
  readonly sender: string | undefined;
  /** `-e`, if given; the last one counts. Empty for the list's plain address. */
  readonly extension: string | undefined;
  /** mlmmj-receive's own options, verbatim and in order. A `--` behind the last one is left out. */
  readonly receiveArguments: readonly string[];
  /** `--mlmmj-receive`: an absolute path. */
  readonly mlmmjReceive: string | undefined;
  readonly dryRun: boolean;
  readonly deadlineSeconds: number;
}

export type Call =
  | ReceiveCall
  | { readonly kind: 'command'; readonly name: string; readonly args: readonly string[] }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  /** `typed`: surely by a person, who is told with status 64. All else could be a mail system, which is told to wait. */
  | { readonly kind: 'wrong'; readonly message: string; readonly typed: boolean };

/**
 * The commands that people type, and what each is for. A command is a module `src/commands/<name>.ts` that exports
 * `run(args): Promise<exit status>`, and has its line in `src/commands/load.ts`.
 */
export const COMMANDS: Readonly<Record<string, string>> = {
  preview: 'show what would become of a message, and why',
  install: 'put the snippets into Postfix and Amavisd',
  uninstall: 'take them out again',
  check: 'say what is right with an installation and what is not',
  serve: 'take mail over LMTP, for mlmmj in a container or on other hosts',
};

/**
 * Postfix ends a pipe command after `command_time_limit` (1000 seconds) and then *bounces* the message, even one
 * that was stored meanwhile. So we give up earlier, with a status that keeps it in the queue.
 */
export const DEFAULT_DEADLINE_SECONDS = 900;
const POSTFIX_TIME_LIMIT_SECONDS = 1000;

const WITH_VALUE = 'Lse';
const FLAGS = 'FP';

/** What our own options collect while the arguments are read. */
interface Own {
  mlmmjReceive: string | undefined;
  dryRun: boolean;
  deadlineSeconds: number;
}

export function parseArguments(argv: readonly string[]): Call {
  const first = argv[0];
  if (first !== undefined && !first.startsWith('-')) return commandCall(first, argv);
  const values: Record<string, string> = {};
  const receiveArguments: string[] = [];
  const own: Own = { mlmmjReceive: undefined, dryRun: false, deadlineSeconds: DEFAULT_DEADLINE_SECONDS };
  let question: 'help' | 'version' | undefined;

  for (let at = 0; at < argv.length; at++) {
    const argument = argv[at]!;
    if (argument === '--') {
      const operand = argv[at + 1];
      // It ends here as well without it, and what is added for mlmmj-receive must not come to stand behind it.
      if (operand !== undefined) return wrong(`unknown argument ${quote(operand)}`);
    } else if (argument.startsWith('--')) {
      const [name, attached] = splitLong(argument);
      if (name === '--help') question ??= 'help';
      else if (name === '--version') question ??= 'version';
      else {
        const needsValue = name === '--mlmmj-receive' || name === '--deadline';
        const value = needsValue ? (attached ?? argv[++at]) : attached;
        const trouble = setOwn(own, name, value);
        if (trouble !== undefined) return wrong(trouble);
      }
    } else if (argument.startsWith('-') && argument.length > 1) {
      receiveArguments.push(argument);
      for (let letterAt = 1; letterAt < argument.length; letterAt++) {
        const letter = argument[letterAt]!;
        if (letter === 'h') question ??= 'help';
        else if (letter === 'V') question ??= 'version';
        else if (WITH_VALUE.includes(letter)) {
          const attached = argument.slice(letterAt + 1);
          const value = attached === '' ? argv[++at] : attached;
          if (value === undefined) return wrong(`-${letter} needs a value`);
          if (attached === '') receiveArguments.push(value);
          values[letter] = value;
          break;
        } else if (!FLAGS.includes(letter)) return wrong(`unknown option ${quote(`-${letter}`)}`);
      }
    } else return wrong(`unknown argument ${quote(argument)}`);
  }

  if (question !== undefined) {
    // Beside -L this stands in a mail system's configuration: answering and exiting 0 would lose every message.
    if (values.L !== undefined) return wrong(`asked for its ${question}, it would lose the message`);
    return { kind: question };
  }
  if (!values.L) return wrong('no list directory was given (-L)');
  return {
    kind: 'receive',
    listDirectory: values.L,
    sender: values.s,
    extension: values.e,
    receiveArguments,
    ...own,
  };
}

/** Sets one of our own options; returns what is wrong with it. */
function setOwn(own: Own, name: string, value: string | undefined): string | undefined {
  switch (name) {
    case '--dry-run':
      if (value !== undefined) return '--dry-run takes no value';
      own.dryRun = true;
      return undefined;
    case '--mlmmj-receive':
      if (!value?.startsWith('/')) return '--mlmmj-receive needs an absolute path';
      own.mlmmjReceive = value;
      return undefined;
    case '--deadline': {
      const seconds = /^[0-9]{1,6}$/.test(value ?? '') ? Number(value) : 0;
      if (seconds < 1 || seconds >= POSTFIX_TIME_LIMIT_SECONDS) {
        return `--deadline needs a number of seconds from 1 to ${POSTFIX_TIME_LIMIT_SECONDS - 1}`;
      }
      own.deadlineSeconds = seconds;
      return undefined;
    }
    default:
      return `unknown argument ${quote(value === undefined ? name : `${name}=${value}`)}`;
  }
}

function splitLong(argument: string): [name: string, value: string | undefined] {
  const equals = argument.indexOf('=');
  return equals < 0 ? [argument, undefined] : [argument.slice(0, equals), argument.slice(equals + 1)];
}

function commandCall(name: string, argv: readonly string[]): Call {
  if (Object.hasOwn(COMMANDS, name)) return { kind: 'command', name, args: argv.slice(1) };
  // An empty or stray word before -L is a macro in master.cf that expanded to something unforeseen, not a person.
  const typed = name !== '' && !argv.some((argument) => /^-[FP]*L/.test(argument));
  return { kind: 'wrong', message: `unknown command ${quote(name)}`, typed };
}

function wrong(message: string): Call {
  return { kind: 'wrong', message, typed: false };
}

/** An argument as it may be shown in a log line: it may have come with the mail. */
function quote(argument: string): string {
  const printable = argument.replace(/[^ -~]/g, '?');
  return `"${printable.length > 60 ? `${printable.slice(0, 57)}...` : printable}"`;
}

/** The help text. Its examples are run through the parser by a test. */
export function helpText(): string {
  const commands = Object.entries(COMMANDS).map(([name, purpose]) => `  ${name.padEnd(11)}${purpose}`);
  return `mlmmj-amime-receive puts a mailing list's footers into every post and hands it to mlmmj-receive.

In Postfix's master.cf, in place of mlmmj-receive:
  mlmmj unix - n n - - pipe flags=DORhu user=mlmmj null_sender=
    argv=/usr/bin/mlmmj-amime-receive -L /var/vmail/mlmmj/\${nexthop}

By hand, to see what would go out (nothing is delivered):
  mlmmj-amime-receive -L /var/vmail/mlmmj/example.com/list --dry-run < post.eml

mlmmj-receive's own options, handed on to it:
  -L DIR     the list's directory (needed)
  -s SENDER  the envelope sender; -e EXTENSION  the recipient's extension
  -F         do not work in the background; -P  store the post, do not process it

Options of its own:
  --dry-run             write the outgoing message to standard output instead
  --mlmmj-receive PATH  default: /usr/local/bin/mlmmj-receive, else /usr/bin/mlmmj-receive
  --deadline SECONDS    give up in time for Postfix to keep the message (default ${DEFAULT_DEADLINE_SECONDS})
  --help, --version

Commands (each has --help):
${commands.join('\n')}

A list's footers are control/footer_text and control/footer_html in its directory.
`;
}
