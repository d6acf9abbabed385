/** A list's settings of the program: what of them means nothing. */
import { readdirSync } from 'node:fs';
import { ATTACHMENT_ONLY_WORDS, SIGNED_MAIL_WORDS } from '../footer/options.ts';
import { textOfBytes } from '../host/byte-string.ts';
import type { Files } from '../host/files.ts';
import { firstLine, readControl } from '../list/control.ts';
import { htmlFooterFiles, textFooterFiles } from '../list/footer-files.ts';
import type { List } from '../list/list.ts';
import { readLanguage } from '../list/settings.ts';
import type { SettingsFacts } from './facts.ts';

/** Settings with a choice of words, the default first. */
const WORDS: readonly (readonly [name: string, words: readonly string[]])[] = [
  ['amime-signed', SIGNED_MAIL_WORDS],
  ['amime-attachment-only', ATTACHMENT_ONLY_WORDS],
];

const LANGUAGE = 'amime-language';

export function gatherSettings(directory: string, list: List, files: Files): SettingsFacts {
  const meaningless: SettingsFacts['meaningless'][number][] = [];
  for (const [name, words] of WORDS) {
    const value = valueIn(list, name, files);
    if (value !== undefined && !words.includes(value.toLowerCase()))
      meaningless.push({ name, value, countsAs: words[0]! });
  }
  const language = valueIn(list, LANGUAGE, files);
  if (language !== undefined && readLanguage(list, files) === '')
    meaningless.push({ name: LANGUAGE, value: language, countsAs: 'none' });
  return { meaningless, unread: unreadFiles(directory, list, files) };
}

function valueIn(list: List, name: string, files: Files): string | undefined {
  const { bytes } = readControl(list.directory, name, files);
  return bytes === null ? undefined : textOfBytes(firstLine(bytes));
}

function wholeText(list: List, name: string, files: Files): string {
  const { bytes } = readControl(list.directory, name, files);
  return bytes === null ? '' : Buffer.from(bytes).toString('latin1');
}

function unreadFiles(directory: string, list: List, files: Files): string[] {
  const known = [
    ...[...textFooterFiles(), ...htmlFooterFiles()].map(({ name }) => name),
    ...WORDS.map(([name]) => name),
    LANGUAGE,
  ];
  const ours = namesIn(`${directory}/control`).filter((name) => /^(?:amime[-_]|footer[-_])/.test(name));
  // A list's footer may quote any control file.
  const quoted = known.map((name) => wholeText(list, name, files)).join('\n');
  return ours.filter((name) => !known.includes(name) && !quoted.includes(`$control ${name}$`)).sort();
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
