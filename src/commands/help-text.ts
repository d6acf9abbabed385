/** What `--help` prints. Pure. */
import { type CommandSyntax, HELP, type Option, type OptionTable, placeholder, spelled } from './syntax.ts';

/** Columns: a line of this length is still read at one glance, and stands in a terminal beside another. */
export const HELP_WIDTH = 100;
const GROUP = 'Options';

export function helpText({ name, operands, about, options, closing }: CommandSyntax): string {
  const needed = Object.entries(options).filter(([, { isNeeded }]) => isNeeded);
  const synopsis = [name, ...needed.map(([option, form]) => head(option, form)), '[options]', operands ?? ''];
  const blocks = [
    `Usage: mlmmj-amime-receive ${synopsis.join(' ').trim()}\n`,
    about,
    optionGroups({ ...options, ...HELP }),
  ];
  if (closing !== undefined) blocks.push(closing);
  return blocks.map((block) => `${block.trimEnd()}\n`).join('\n');
}

/** The options in their groups, each below its heading. */
export function optionGroups(options: OptionTable): string {
  const groups = new Map<string, [string, Option][]>();
  for (const [name, option] of Object.entries(options)) {
    const group = option.group ?? GROUP;
    groups.set(group, [...(groups.get(group) ?? []), [name, option]]);
  }
  return [...groups].map(([group, members]) => `${group}:\n${optionLines(members)}`).join('\n');
}

/** The options below one heading: names on the left, and what they are for in a column of its own. */
function optionLines(options: readonly (readonly [string, Option])[]): string {
  const heads = options.map(([name, option]) => head(name, option));
  const column = 2 + Math.max(...heads.map(({ length }) => length)) + 2;
  const indent = ' '.repeat(column);
  const entries = options.map(([, option], at) => {
    const lines = wrapped(optionSentence(option), HELP_WIDTH - column);
    return `${`  ${heads[at]}`.padEnd(column)}${lines.join(`\n${indent}`)}\n`;
  });
  return entries.join('');
}

/** What an option is for, what else is to be said, and what is meant without it; no full stop. */
export function optionSentence(option: Option): string {
  const said = option.also === undefined ? option.purpose : `${option.purpose}; ${option.also}`;
  return option.default === undefined ? said : `${said} (default ${option.default})`;
}

function head(name: string, option: Option): string {
  const value = placeholder(option);
  if (value === '') return spelled(name);
  return `${spelled(name)} ${option.optionalValue === undefined ? value : `[${value}]`}`;
}

/** Lines of at most so many columns, broken at blanks. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
