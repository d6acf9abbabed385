// What a list puts in for `$…$` in its footers.
import { decodeText } from '../footer/decode-text.ts';
import {
  addressSubstitutions,
  CONTROL,
  CONTROL_NAMES_LIMIT,
  controlNames,
  controlValue,
} from '../footer/substitute.ts';
import { ByteString, Files } from '../host/files.ts';
import { bytesOf } from '../mime/bytes.ts';
import { readControl } from './control.ts';
import { List } from './list.ts';

export class Substitutions {
  constructor(
    /** By what stands between the dollars. Tokens that are not in it stay as they were written. */
    readonly values: Map<string, string>,
    /** What is wrong with control files that are quoted; their tokens stay, as they do where the file is missing. */
    readonly troubles: string[],
  ) {}
}

/** The values for all that stands between dollars in these texts, the control files they quote included. */
export function readSubstitutions(texts: string[], list: List, files: Files): Substitutions {
  const troubles: string[] = [];
  if (!haveDollars(texts)) return new Substitutions(new Map<string, string>(), troubles);
  const address = list.addresses.length > 0 ? characters(list.addresses[0]) : '';
  const values = addressSubstitutions(address, characters(list.delimiter));
  const names = controlNames(texts);
  if (names.length > CONTROL_NAMES_LIMIT) {
    names.length = CONTROL_NAMES_LIMIT;
    troubles.push(`more than ${CONTROL_NAMES_LIMIT} control files are quoted`);
  }
  for (let i = 0; i < names.length; i++) readValue(names[i], list, files, values, troubles);
  return new Substitutions(values, troubles);
}

function readValue(
  name: string,
  list: List,
  files: Files,
  values: Map<string, string>,
  troubles: string[],
): void {
  const file = readControl(list.directory, name, files);
  const bytes = file.bytes;
  if (bytes === null) {
    if (file.trouble !== '') troubles.push(file.trouble);
    return;
  }
  const content = decodeText(bytes);
  if (content === null) troubles.push(`${name} is not a text file`);
  else values.set(CONTROL + name, controlValue(content));
}

function haveDollars(texts: string[]): boolean {
  for (let i = 0; i < texts.length; i++) if (texts[i].includes('$')) return true;
  return false;
}

/** What the bytes say: mlmmj knows no charsets, and whoever wrote the file meant one. */
function characters(text: ByteString): string {
  const decoded = decodeText(bytesOf(text));
  return decoded === null ? '' : decoded;
}
