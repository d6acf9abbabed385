/** The options in the manual page, made from the option tables: between two comments for each command. Pure. */
import { optionSentence, wrapped } from '../src/commands/help-text.ts';
import { type Option, type OptionTable, placeholder } from '../src/commands/syntax.ts';
import type { CommandOptions } from './option-tables.ts';

/** Lines of the page's source, which people read as well. */
const WIDTH = 80;

/** @throws Error where the page has no place for a command's options */
export function withOptions(page: string, all: readonly CommandOptions[]): string {
  return all.reduce((text, { name, options }) => {
    const [start, end] = markers(name === '' ? 'pipe mode' : name);
    const from = text.indexOf(start);
    const to = text.indexOf(end, from);
    if (from < 0 || to < 0) throw new Error(`the manual page lacks ${start.trim()} … ${end.trim()}`);
    return text.slice(0, from + start.length) + list(options) + text.slice(to);
  }, page);
}

function markers(name: string): [string, string] {
  return [
    `.\\" options of ${name}: written by scripts/manual.ts from its option table\n`,
    `.\\" end of options\n`,
  ];
}

function list(options: OptionTable): string {
  return `.Bl -tag -width Ds\n${Object.entries(options).map(entry).join('')}.El\n`;
}

function entry([name, option]: [string, Option]): string {
  const flag = name.length === 1 ? `Fl ${name}` : `Fl Fl ${name}`;
  const said = optionSentence(option);
  const sentences = [`${said.charAt(0).toUpperCase()}${said.slice(1)}.`];
  if (option.manual !== undefined) sentences.push(...option.manual.split(/(?<=[.?!]) (?=[A-Z])/));
  return `.It ${[flag, argument(option)].join(' ').trim()}\n${sentences.map((sentence) => markedUp(sentence, option)).join('')}`;
}

function argument(option: Option): string {
  if (option.choices !== undefined) return `Cm ${option.choices.join(' | ')}`;
  const value = placeholder(option).toLowerCase();
  if (value === '') return '';
  return option.optionalValue === undefined ? `Ar ${value}` : `Op Ar ${value}`;
}

/** A sentence, with what mdoc(7) has a macro for on lines of their own. */
function markedUp(sentence: string, option: Option): string {
  const lines: string[] = [];
  let words: string[] = [];
  const flush = () => {
    if (words.length > 0) lines.push(...wrapped(words.join(' '), WIDTH).map(asText));
    words = [];
  };
  for (const word of sentence.split(' ')) {
    const [, bare = '', punctuation = ''] = /^(.*?)([.,;:)]*)$/.exec(word)!;
    const macro = macroFor(bare, option);
    if (macro === undefined) {
      words.push(word);
      continue;
    }
    flush();
    lines.push(['.', macro, ...[...punctuation].map((sign) => ` ${sign}`)].join(''));
  }
  flush();
  return lines.map((line) => `${line}\n`).join('');
}

/** For an option, a path, a choice, or what stands for the value; undefined for all other words. */
function macroFor(word: string, option: Option): string | undefined {
  if (/^--[a-z][a-z-]*$/.test(word)) return `Fl Fl ${word.slice(2)}`;
  if (/^-[A-Za-z]$/.test(word)) return `Fl ${word.slice(1)}`;
  if (/^\/[\w./-]*$/.test(word)) return `Pa ${word}`;
  if (option.choices?.includes(word)) return `Cm ${word}`;
  return word !== '' && word === placeholder(option) ? `Ar ${word.toLowerCase()}` : undefined;
}

/** A line that begins with one of these would be taken for a macro. */
function asText(line: string): string {
  return /^[.']/.test(line) ? `\\&${line}` : line;
}
