/**
 * What can be said to a command, as data: the arguments are read by it (read-arguments.ts), and the help text
 * (help-text.ts), the completions and the options in the manual page (scripts/) are made from it.
 */

/** What a value is: how it is checked, and with what a shell completes it. */
export type ValueKind = 'file' | 'directory' | 'word' | 'number' | 'port';

export interface Option {
  /** Without it the option takes no value. */
  readonly takes?: ValueKind;
  /** What stands for the value in the help text, where it is not what `PLACEHOLDERS` has for its kind. */
  readonly as?: string;
  /** The only values there are. */
  readonly choices?: readonly string[];
  /** The value may be left out: what is meant then, and what an argument looks like that is one. */
  readonly optionalValue?: { readonly without: string; readonly looksLike: RegExp };
  readonly isNeeded?: true;
  readonly isRepeatable?: true;
  /** One clause without a full stop: all that a completion shows. */
  readonly purpose: string;
  /** What the help text and the manual page say after it. */
  readonly also?: string;
  /** What is meant without the option, as it is shown. */
  readonly default?: string | number;
  /** Whole sentences, for the manual page alone. */
  readonly manual?: string;
  /** The heading that it stands below in the help text. */
  readonly group?: string;
}

/** By their names without dashes, in the order in which they are shown; a name of one letter is a short option. */
export type OptionTable = Readonly<Record<string, Option>>;

export interface CommandSyntax {
  readonly name: string;
  /** What comes after the options, as the help text shows it; without it there is nothing. */
  readonly operands?: string;
  /** What the help text says before the options, in lines. */
  readonly about: string;
  readonly options: OptionTable;
  /** What it says after them. */
  readonly closing?: string;
}

/** Every command has it, and it is answered before a command reads its arguments. */
export const HELP: OptionTable = { help: { purpose: 'say what there is' } };

const PLACEHOLDERS: Readonly<Record<ValueKind, string>> = {
  file: 'FILE',
  directory: 'DIR',
  word: 'WORD',
  number: 'N',
  port: 'PORT',
};

/** An option with its dashes. */
export function spelled(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}

/** What stands for an option's value; '' where it takes none. */
export function placeholder({ takes, as }: Option): string {
  return takes === undefined ? '' : (as ?? PLACEHOLDERS[takes]);
}
