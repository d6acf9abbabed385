/** Completions for three shells, made from the option tables. Pure. */
import { HELP, spelled, type Option as TableOption } from '../src/commands/syntax.ts';
import type { CommandOptions } from './option-tables.ts';

const PROGRAM = 'mlmmj-amime-receive';

/** How a shell completes what follows an option: not at all, with a path, or with anything. */
type Completed = 'none' | 'file' | 'directory' | 'other';

interface Option {
  /** With its dashes. */
  readonly name: string;
  readonly value: Completed;
  readonly choices: readonly string[];
  readonly purpose: string;
}

interface Command {
  /** '' is pipe mode. */
  readonly name: string;
  readonly purpose: string;
  readonly options: readonly Option[];
}

export function completionFiles(all: readonly CommandOptions[]): Record<string, string> {
  const commands = all.map(({ name, purpose, options }) => ({
    name,
    purpose,
    options: Object.entries<TableOption>({ ...options, ...HELP }).map(asCompleted),
  }));
  return {
    [`${PROGRAM}.bash`]: bash(commands),
    [`_${PROGRAM}`]: zsh(commands),
    [`${PROGRAM}.fish`]: fish(commands),
  };
}

function asCompleted([name, option]: readonly [string, TableOption]): Option {
  const { choices = [], purpose } = option;
  return { name: spelled(name), value: completedAs(option), choices, purpose };
}

/** What follows an option that may stand alone can be anything else as well. */
function completedAs({ takes, optionalValue }: TableOption): Completed {
  if (takes === undefined || optionalValue !== undefined) return 'none';
  return takes === 'file' || takes === 'directory' ? takes : 'other';
}

const NOTE =
  'Written by scripts/completions.ts from the option tables of the commands: change those, then run it again.';

function bash(commands: readonly Command[]): string {
  const named = commands.filter(({ name }) => name !== '');
  const cases = commands.map(
    ({ name, options }) =>
      `    ${name || "''"}) options='${options.map((option) => option.name).join(' ')}' ;;`,
  );
  const values = commands.flatMap(({ name: command, options }) =>
    options.map((option) => ({ ...option, at: `${command}:${option.name}` })),
  );
  const completedAs = (kind: Completed) =>
    values
      .filter(({ value, choices }) => value === kind && choices.length === 0)
      .map(({ at }) => at)
      .join('|');
  const choices = values
    .filter((option) => option.choices.length > 0)
    .map(
      (option) =>
        `    ${option.at}) COMPREPLY=($(compgen -W '${option.choices.join(' ')}' -- "$word")); return ;;`,
    );
  return `# bash completion for ${PROGRAM}
# ${NOTE}

_mlmmj_amime_receive() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command='' options=''
  COMPREPLY=()
  [[ $COMP_CWORD -gt 1 && \${COMP_WORDS[1]} != -* ]] && command=\${COMP_WORDS[1]}
  case $command:$before in
${choices.join('\n')}
    ${completedAs('directory')}) COMPREPLY=($(compgen -d -- "$word")); return ;;
    ${completedAs('file')}) COMPREPLY=($(compgen -f -- "$word")); return ;;
    ${completedAs('other')}) return ;;
  esac
  case $command in
${cases.join('\n')}
  esac
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  elif [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W '${named.map(({ name }) => name).join(' ')}' -- "$word"))
  else
    COMPREPLY=($(compgen -f -- "$word"))
  fi
}

complete -o filenames -F _mlmmj_amime_receive ${PROGRAM}
`;
}

function zsh(commands: readonly Command[]): string {
  const named = commands.filter(({ name }) => name !== '');
  const quote = (text: string) => text.replaceAll("'", "'\\''").replace(/[[\]:]/g, '\\$&');
  const spec = ({ name, value, choices, purpose }: Option) => {
    const action = choices.length > 0 ? `:value:(${choices.join(' ')})` : ZSH_ACTIONS[value];
    return `'${name}[${quote(purpose)}]${action}'`;
  };
  const specs = (options: readonly Option[]) =>
    options.map((option) => `        ${spec(option)} \\`).join('\n');
  return `#compdef ${PROGRAM}
# ${NOTE}

_${PROGRAM}() {
  local -a commands
  commands=(
${named.map(({ name, purpose }) => `    '${name}:${quote(purpose)}'`).join('\n')}
  )
  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
    _describe command commands
    return
  fi
  case $words[2] in
${named
  .map(
    ({ name, options }) => `    ${name})
      _arguments \\
${specs(options)}
        '1:command:' '*:file:_files'
      ;;`,
  )
  .join('\n')}
    *)
      _arguments \\
${specs(commands[0]!.options)}
        '*::'
      ;;
  esac
}

_${PROGRAM} "$@"
`;
}

const ZSH_ACTIONS: Readonly<Record<Completed, string>> = {
  none: '',
  file: ':file:_files',
  directory: ':directory:_files -/',
  other: ':value: ',
};

function fish(commands: readonly Command[]): string {
  const quote = (text: string) => `'${text.replace(/['\\]/g, '\\$&')}'`;
  const names = commands.map(({ name }) => name).filter((name) => name !== '');
  const lines = commands.flatMap(({ name, purpose, options }) => {
    const none = `__fish_use_subcommand`;
    const inside = name === '' ? none : `__fish_seen_subcommand_from ${name}`;
    const own = name === '' ? [] : [`-n ${none} -f -a ${name} -d ${quote(purpose)}`];
    return [...own, ...options.map((option) => `-n '${inside}' ${fishOption(option, quote)}`)];
  });
  return `# fish completion for ${PROGRAM}: ${names.join(', ')}
# ${NOTE}

${lines.map((line) => `complete -c ${PROGRAM} ${line}`).join('\n')}
`;
}

function fishOption({ name, value, choices, purpose }: Option, quote: (text: string) => string): string {
  const flag = name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`;
  const argument =
    choices.length > 0
      ? ` -x -a ${quote(choices.join(' '))}`
      : { none: '', file: ' -r -F', directory: " -x -a '(__fish_complete_directories)'", other: ' -x' }[
          value
        ];
  return `${flag}${argument} -d ${quote(purpose)}`;
}
