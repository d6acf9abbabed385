/**
 * What the command line means. Pipe mode is a drop-in for a shell script that handed its arguments on to mlmmj-receive, so
 * they are read the way mlmmj-receive reads them (getopt, option string `hPVL:s:e:F`) and handed on as they came, in
 * their order.
 */
import { ByteString } from '../host/files.ts';
import { quoted } from '../printable.ts';
import { isCommand, suggestionFor } from './commands.ts';

export enum CallKind {
  /** Deliver the message on standard input. */
  Receive,
  /** Run the command that is the first argument. */
  Command,
  Help,
  Version,
  Wrong,
}

/**
 * Postfix ends a pipe command after `command_time_limit` (1000 seconds) and then *bounces* the message, even one
 * that was stored meanwhile. So we give up earlier, with a status that keeps it in the queue.
 */
export const DEFAULT_DEADLINE_SECONDS: i32 = 900;
export const POSTFIX_TIME_LIMIT_SECONDS: i32 = 1000;

/** How a message is to be delivered. */
export class ReceiveCall {
  listDirectory: ByteString = '';
  /** `-s`, if given; the last one counts, as with getopt. May be empty. */
  sender: ByteString | null = null;
  /** `-e`, if given; the last one counts. Empty for the list's plain address. */
  extension: ByteString | null = null;
  /** `-P`: mlmmj-receive stores the post and starts nothing. */
  isStoredOnly: boolean = false;
  /** mlmmj-receive's own options, verbatim and in order. A `--` after the last one is left out. */
  readonly receiveArguments: ByteString[] = [];
  /** `--mlmmj-receive`: an absolute path, or ''. */
  mlmmjReceive: ByteString = '';
  isDryRun: boolean = false;
  deadlineSeconds: i32 = DEFAULT_DEADLINE_SECONDS;
}

export class Call {
  constructor(
    readonly kind: CallKind,
    /** For CallKind.Receive. */
    readonly receive: ReceiveCall | null,
    /** What is wrong, for CallKind.Wrong. */
    readonly message: string,
    /** Surely made by a person, who is told with status 64. All else could be a mail system, which is told to wait. */
    readonly isTyped: boolean,
  ) {}
}

/**
 * @param args without the program's name
 * @param isTerminal whether standard input is one: no mail system's is, and no message comes from it
 */
export function parseArguments(args: ByteString[], isTerminal: boolean): Call {
  if (args.length === 0 && isTerminal) return wrong('no arguments were given', true);
  if (args.length > 0 && !args[0].startsWith('-')) return commandCall(args, isTerminal);
  const parser = new Parser(args);
  const message = parser.parse();
  if (message !== '') return wrong(message, isTerminal);
  if (parser.question !== null)
    return new Call(parser.question === 'help' ? CallKind.Help : CallKind.Version, null, '', false);
  return new Call(CallKind.Receive, parser.call, '', false);
}

class Parser {
  readonly call: ReceiveCall = new ReceiveCall();
  /** `help` or `version`, where it was asked for. */
  question: string | null = null;
  private at: i32 = 0;
  private hasList: boolean = false;

  constructor(private readonly args: ByteString[]) {}

  /** @returns what is wrong, or '' */
  parse(): string {
    for (; this.at < this.args.length; this.at++) {
      const message = this.take(this.args[this.at]);
      if (message !== '') return message;
    }
    const question = this.question;
    if (question !== null) {
      // Beside -L this stands in a mail system's configuration: answering and exiting 0 would lose every message.
      return this.hasList ? `asked for its ${question}, it would lose the message` : '';
    }
    return this.call.listDirectory === '' ? 'no list directory was given (-L)' : '';
  }

  private take(argument: ByteString): string {
    if (argument === '--') {
      // It ends here as well without it, and what is added for mlmmj-receive must not come to stand after it.
      return this.at + 1 < this.args.length ? `unknown argument ${quoted(this.args[this.at + 1])}` : '';
    }
    if (argument.startsWith('--')) return this.takeOwn(argument);
    if (argument.startsWith('-') && argument.length > 1) return this.takeBundle(argument);
    return `unknown argument ${quoted(argument)}`;
  }

  /** One of our own options, which are long ones. */
  private takeOwn(argument: ByteString): string {
    const equals = argument.indexOf('=');
    const name = equals < 0 ? argument : argument.substring(0, equals);
    let value: ByteString | null = null;
    if (equals >= 0) value = argument.substring(equals + 1);
    switch (name) {
      case '--help':
        return this.ask('help');
      case '--version':
        return this.ask('version');
      case '--dry-run':
        this.call.isDryRun = true;
        return value === null ? '' : '--dry-run takes no value';
      case '--mlmmj-receive':
        return this.takeMlmmjReceive(value !== null ? value : this.nextArgument());
      case '--deadline':
        return this.takeDeadline(value !== null ? value : this.nextArgument());
      default:
        return `unknown argument ${quoted(argument)}`;
    }
  }

  private takeMlmmjReceive(path: ByteString | null): string {
    if (path === null || !path.startsWith('/')) return '--mlmmj-receive needs an absolute path';
    this.call.mlmmjReceive = path;
    return '';
  }

  private takeDeadline(value: ByteString | null): string {
    const seconds = value === null ? -1 : wholeNumber(value);
    if (seconds < 1 || seconds >= POSTFIX_TIME_LIMIT_SECONDS) {
      return `--deadline needs a number of seconds from 1 to ${POSTFIX_TIME_LIMIT_SECONDS - 1}`;
    }
    this.call.deadlineSeconds = seconds;
    return '';
  }

  /** Short options, which are mlmmj-receive's, and may stand in one argument. */
  private takeBundle(argument: ByteString): string {
    this.call.receiveArguments.push(argument);
    for (let i = 1; i < argument.length; i++) {
      const letter = argument.charAt(i);
      switch (letter) {
        case 'h':
          this.ask('help');
          break;
        case 'V':
          this.ask('version');
          break;
        case 'F':
          break;
        case 'P':
          this.call.isStoredOnly = true;
          break;
        case 'L':
        case 's':
        case 'e':
          return this.takeValue(letter, argument.substring(i + 1));
        default:
          return `unknown option ${quoted(`-${letter}`)}`;
      }
    }
    return '';
  }

  /** @param attached what follows the letter in its argument; where nothing does, the next argument is its value */
  private takeValue(letter: string, attached: ByteString): string {
    const value: ByteString | null = attached !== '' ? attached : this.nextArgument();
    if (value === null) return `-${letter} needs a value`;
    if (attached === '') this.call.receiveArguments.push(value);
    if (letter === 's') this.call.sender = value;
    else if (letter === 'e') this.call.extension = value;
    else {
      this.call.listDirectory = value;
      this.hasList = true;
    }
    return '';
  }

  private nextArgument(): ByteString | null {
    this.at++;
    return this.at < this.args.length ? this.args[this.at] : null;
  }

  private ask(question: string): string {
    if (this.question === null) this.question = question;
    return '';
  }
}

function commandCall(args: ByteString[], isTerminal: boolean): Call {
  const name = args[0];
  if (isCommand(name)) return new Call(CallKind.Command, null, '', false);
  const message = `unknown command ${quoted(name)}`;
  // An empty or stray word before -L is a macro in master.cf that expanded to something unforeseen, not a person.
  const isTyped = isTerminal || (name !== '' && !hasListOption(args));
  const suggestion = isTyped ? suggestionFor(name) : '';
  return wrong(suggestion === '' ? message : `${message}: did you mean ${suggestion}?`, isTyped);
}

function hasListOption(args: ByteString[]): boolean {
  for (let i = 0; i < args.length; i++) {
    let at = 1;
    while (at < args[i].length && (args[i].charAt(at) === 'F' || args[i].charAt(at) === 'P')) at++;
    if (args[i].startsWith('-') && args[i].charAt(at) === 'L') return true;
  }
  return false;
}

function wrong(message: string, isTyped: boolean): Call {
  return new Call(CallKind.Wrong, null, message, isTyped);
}

/** One to six digits; -1 for everything else. */
function wholeNumber(text: ByteString): i32 {
  if (text.length < 1 || text.length > 6) return -1;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = 10 * value + digit;
  }
  return value;
}
