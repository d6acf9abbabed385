/** Completions for three shells, made from help texts. Pure. */

const PROGRAM = 'mlmmj-amime-receive';

interface Option {
  /** With its dashes. */
  readonly name: string;
  readonly value: 'none' | 'file' | 'directory' | 'other';
  readonly choices: readonly string[];
  readonly purpose: string;
}

interface Command {
  /** '' is pipe mode. */
  readonly name: string;
  readonly purpose: string;
  readonly options: readonly Option[];
}

/** What a help text says in prose only. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  '--transport': ['hash', 'mysql', 'pgsql', 'ldap', 'none'],
  '--signed': ['skip', 'wrap'],
  '--attachment-only': ['part', 'skip'],
};

/** What needs no description in a help text. */
const OBVIOUS: Readonly<Record<string, string>> = {
  '--help': 'say what there is',
  '--version': 'say the version',
  '--dry-run': 'show the changes and make none',
  '--postfix-config': "Postfix's configuration directory",
};

/** @param help gives the help text of a command, or without one the program's own */
export function completionFiles(help: (...command: string[]) => string): Record<string, string> {
  const main = help();
  const listed = [...main.slice(main.indexOf('\nCommands')).matchAll(/^ {2}([a-z]+) +(.*)$/gm)];
  const commands = [
    { name: '', purpose: '', options: optionsOf(main) },
    ...listed.map(([, name, purpose]) => ({
      name: name!,
      purpose: purpose!,
      options: optionsOf(help(name!)),
    })),
  ];
  return {
    [`${PROGRAM}.bash`]: bash(commands),
    [`_${PROGRAM}`]: zsh(commands),
    [`${PROGRAM}.fish`]: fish(commands),
  };
}

/** Options stand at the beginning of a line, or behind another one. */
function optionsOf(text: string): Option[] {
  const options = new Map<string, Option>();
  for (const line of text.split('\n')) {
    if (!/^ {2}-/.test(line)) continue;
    const [head = '', purpose = ''] = split(line.trim());
    for (const [, name, value] of `${head} ${purpose}`.matchAll(
      /(?<![\w-])(--?[A-Za-z][a-z-]*)(?: ([A-Z][A-Z:/.,[\]]*))?/g,
    )) {
      if (options.has(name!)) continue;
      const own = head.startsWith(name!) || !purpose.includes(name!) ? purpose : afterOption(purpose, name!);
      options.set(name!, {
        name: name!,
        value: valueKind(value),
        choices: CHOICES[name!] ?? [],
        purpose: own.split(/[;(]/)[0]!.trim() || (OBVIOUS[name!] ?? ''),
      });
    }
  }
  // A command with few options only names them in its first line.
  for (const [, name, value] of text.split('\n')[0]!.matchAll(/\[(--[a-z-]+)(?: ([A-Z]+))?\]/g)) {
    if (!options.has(name!))
      options.set(name!, {
        name: name!,
        value: valueKind(value),
        choices: [],
        purpose: OBVIOUS[name!] ?? '',
      });
  }
  if (!options.has('--help')) {
    options.set('--help', { name: '--help', value: 'none', choices: [], purpose: OBVIOUS['--help']! });
  }
  return [...options.values()];
}

function split(line: string): [string, string] {
  const match = /^(-.*?)(?: {2,}| (?=[a-z]))(.*)$/.exec(line);
  return match ? [match[1]!, match[2]!] : [line, ''];
}

/** The words that follow an option which stands in another's description. */
function afterOption(purpose: string, name: string): string {
  return purpose.slice(purpose.indexOf(name) + name.length).replace(/^ [A-Z]+/, '');
}

function valueKind(value: string | undefined): Option['value'] {
  if (value === undefined) return 'none';
  if (/DIR$|^SPOOL$/.test(value)) return 'directory';
  return /^(?:FILE|PATH)$/.test(value) ? 'file' : 'other';
}

const NOTE = 'Written by scripts/completions.ts from the help texts: change those, then run it again.';

function bash(commands: readonly Command[]): string {
  const named = commands.filter(({ name }) => name !== '');
  const cases = commands.map(
    ({ name, options }) =>
      `    ${name || "''"}) options='${options.map((option) => option.name).join(' ')}' ;;`,
  );
  const all = commands.flatMap(({ options }) => options);
  const ofKind = (kind: Option['value']) =>
    unique(all.filter(({ value, choices }) => value === kind && choices.length === 0)).join('|');
  const choices = unique(all.filter((option) => option.choices.length > 0)).map(
    (name) => `    ${name}) COMPREPLY=($(compgen -W '${CHOICES[name]!.join(' ')}' -- "$word")); return ;;`,
  );
  return `# bash completion for ${PROGRAM}
# ${NOTE}

_mlmmj_amime_receive() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command='' options=''
  COMPREPLY=()
  [[ $COMP_CWORD -gt 1 && \${COMP_WORDS[1]} != -* ]] && command=\${COMP_WORDS[1]}
  case $before in
${choices.join('\n')}
    ${ofKind('directory')}) COMPREPLY=($(compgen -d -- "$word")); return ;;
    ${ofKind('file')}) COMPREPLY=($(compgen -f -- "$word")); return ;;
    ${ofKind('other')}) return ;;
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

const ZSH_ACTIONS: Readonly<Record<Option['value'], string>> = {
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

function unique(options: readonly Option[]): string[] {
  return [...new Set(options.map(({ name }) => name))];
}
