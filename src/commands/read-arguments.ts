import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ExitStatus } from '../errors.ts';
import { quoted } from '../printable.ts';
import { CommandProblem } from './problem.ts';
import { type CommandSyntax, type Option, type OptionTable, spelled } from './syntax.ts';

/** What an option's value is to the program; an option without one is true where it was given. */
type Value<Form extends Option> = Form extends { isRepeatable: true }
  ? readonly string[]
  : Form extends { choices: readonly (infer Choice)[] }
    ? Choice
    : Form extends { takes: 'number' | 'port' }
      ? number
      : Form extends { takes: string }
        ? string
        : true;

export type Values<Table extends OptionTable> = {
  readonly [Name in keyof Table]: Table[Name] extends { isNeeded: true }
    ? Value<Table[Name]>
    : Value<Table[Name]> | undefined;
};

/**
 * The arguments of a command that people type, split as node:util's parseArgs splits them and judged by the command's
 * syntax. What is wrong with them is said here, in the words of pipe mode: the runtimes each have their own, with advice
 * that does not fit.
 *
 * @throws CommandProblem
 */
export function readArguments<Syntax extends CommandSyntax>(
  syntax: Syntax,
  args: readonly string[],
): { values: Values<Syntax['options']>; operands: string[] } {
  const table: OptionTable = syntax.options;
  const values: Record<string, string | number | true | string[]> = {};
  const operands: string[] = [];
  const wrong = (message: string): never => {
    throw wrongCall(syntax, message);
  };
  for (const token of tokensOf(table, args)) {
    if (token.kind === 'positional') {
      if (syntax.operands === undefined) wrong(`unknown argument ${quoted(token.value)}`);
      operands.push(token.value);
    }
    if (token.kind !== 'option') continue;
    const { name, rawName } = token;
    const option = Object.hasOwn(table, name) ? table[name] : undefined;
    if (option === undefined || rawName !== spelled(name)) return wrong(`unknown option ${quoted(rawName)}`);
    const complaint = complaintAbout(option, token);
    if (complaint !== '') wrong(`${rawName}${complaint}`);
    // The last one would win without a word, and somebody meant the first.
    if (values[name] !== undefined && !option.isRepeatable) wrong(`${rawName} was given twice`);
    if (option.isRepeatable) values[name] = [...((values[name] as string[]) ?? []), token.value!];
    else if (option.takes === 'number' || option.takes === 'port') values[name] = Number(token.value);
    else values[name] = token.value ?? true;
  }
  for (const [name, { isNeeded, purpose }] of Object.entries(table)) {
    if (isNeeded && values[name] === undefined) wrong(`${spelled(name)} is needed: ${purpose}`);
  }
  return { values: values as Values<Syntax['options']>, operands };
}

/** A call that a command does not understand, or that contradicts itself. */
export function wrongCall({ name }: CommandSyntax, message: string): CommandProblem {
  return new CommandProblem(ExitStatus.Usage, `${message} (see ${name} --help)`);
}

/** A path in one spelling: it stands in main.cf, where `/etc/postfix//table` would be another table. */
export function oneSpelling(path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(path);
}

function tokensOf(table: OptionTable, args: readonly string[]) {
  const options = Object.entries(table).map(([name, { takes }]) => {
    const short = name.length === 1 ? { short: name } : {};
    return [name, { type: takes === undefined ? 'boolean' : 'string', ...short }] as const;
  });
  const config = { strict: false, allowPositionals: true, tokens: true } as const;
  return parseArgs({ ...config, args: withValues(table, args), options: Object.fromEntries(options) }).tokens;
}

/** The arguments with a value for each option that may have one and has none: parseArgs knows no such options. */
function withValues(table: OptionTable, args: readonly string[]): string[] {
  const end = args.indexOf('--');
  return args.flatMap((argument, at) => {
    if (end >= 0 && at > end) return [argument];
    const name = argument.startsWith('--') ? argument.slice(2) : '';
    const optional = Object.hasOwn(table, name) ? table[name]!.optionalValue : undefined;
    if (optional === undefined || optional.looksLike.test(args[at + 1] ?? '')) return [argument];
    return [`${argument}=${optional.without}`];
  });
}

/** What follows the option's name in a complaint; '' where there is none. */
function complaintAbout(option: Option, { value, inlineValue }: OptionToken): string {
  if (option.takes === undefined) return value === undefined ? '' : ' takes no value';
  // What looks like the next option is one: a forgotten value must not swallow it.
  const isNextOption = !inlineValue && value !== undefined && /^-./.test(value);
  const isMissing = value === undefined || (value === '' && option.optionalValue === undefined);
  if (isMissing || isNextOption) return ' needs a value';
  if (option.choices !== undefined && !option.choices.includes(value)) {
    return ` ${value}: one of ${option.choices.join(', ')} is meant`;
  }
  if (option.takes === 'port' && !(/^\d+$/.test(value) && Number(value) > 0 && Number(value) < 65_536)) {
    return ` ${value}: that is no port`;
  }
  // A word where a number belongs would switch a limit off.
  if (option.takes === 'number' && !(/^\d{1,6}$/.test(value) && Number(value) > 0)) {
    return ' needs a number from 1 to 999999';
  }
  return '';
}

interface OptionToken {
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}
