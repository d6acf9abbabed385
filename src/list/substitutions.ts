/**
 * mlmmj's list-text substitutions, as far as they make sense in a footer (README.listtexts, "Unformatted
 * substitutions"). Two differences from mlmmj are deliberate: a value is never searched for substitutions again
 * (mlmmj does, so a control file that names itself would never end), and `$$` stays as it is, because
 * footers were not written as list texts and may well speak of money.
 */
import type { Platform } from '../platform/platform.ts';
import { ControlFileError, readControl } from './control.ts';
import { decodeText } from './decode-text.ts';
import type { MailingList } from './list.ts';

/** Characters. What a footer may grow to: four times what its file may hold. */
export const SUBSTITUTED_LIMIT = 256 * 1024;

/** Different control files that one footer may quote. Nobody needs as many; each costs a look at the disk. */
const CONTROL_NAMES_LIMIT = 32;

/** The longest thing that can stand between two dollars: `control ` and a file name. */
const TOKEN_LIMIT = 'control '.length + 255;

/** What stands between the dollars, and what is put there instead. Tokens it does not have stay untouched. */
export type Substitutions = ReadonlyMap<string, string>;

/**
 * Puts in the values. A dollar that turns out to open nothing is left alone, and the next one may open
 * something: `costs $5, see $list$` works, as it does in mlmmj. Linear: each dollar is looked at at most twice.
 *
 * @param written how a value is written where it is put (identity in text, escaped in HTML)
 * @returns undefined where the result would be longer than `SUBSTITUTED_LIMIT` characters
 */
export function substitute(
  text: string,
  values: Substitutions,
  written: (value: string) => string = (value) => value,
): string | undefined {
  const isKnown = (token: string) => values.has(token);
  let result = '';
  let done = 0;
  for (let found = nextToken(text, 0, isKnown); found !== undefined; found = nextToken(text, done, isKnown)) {
    result += text.slice(done, found.start) + written(values.get(found.token) ?? '');
    done = found.end;
    if (result.length > SUBSTITUTED_LIMIT) return undefined;
  }
  result += text.slice(done);
  return result.length > SUBSTITUTED_LIMIT ? undefined : result;
}

/**
 * The values for all that stands between dollars in these texts, the control files they quote included.
 * `trouble` names those that are there and cannot be used; their tokens stay, as they do where the file is missing.
 */
export async function readSubstitutions(
  texts: readonly string[],
  list: MailingList,
  platform: Platform,
): Promise<{ values: Substitutions; trouble: string[] }> {
  const trouble: string[] = [];
  if (!texts.join('').includes('$')) return { values: new Map(), trouble };
  const values = addressSubstitutions(list);

  const names = new Set<string>();
  for (const text of texts) for (const name of controlNames(text)) names.add(name);
  if (names.size === 0) return { values, trouble };
  if (names.size > CONTROL_NAMES_LIMIT)
    trouble.push(`more than ${CONTROL_NAMES_LIMIT} control files are quoted`);
  await Promise.all(
    [...names].slice(0, CONTROL_NAMES_LIMIT).map(async (name) => {
      try {
        const bytes = await readControl(list.directory, name, platform);
        if (bytes === undefined) return;
        const content = decodeText(bytes);
        if (content === undefined) throw new ControlFileError(`${name} is not a text file`);
        // One newline at the end is the file's, not the value's (README.listtexts); any further one is meant.
        values.set(`control ${name}`, content.endsWith('\n') ? content.slice(0, -1) : content);
      } catch (error) {
        if (!(error instanceof ControlFileError)) throw error;
        trouble.push(error.message);
      }
    }),
  );
  return { values, trouble };
}

/** What follows from the list's primary address. Nothing where it has none: then these stay as they were written. */
export function addressSubstitutions(
  list: Pick<MailingList, 'addresses' | 'delimiter'>,
): Map<string, string> {
  const address = list.addresses[0] ?? '';
  const at = address.indexOf('@');
  if (at < 1 || at === address.length - 1) return new Map();
  const name = address.slice(0, at);
  const domain = address.slice(at + 1);
  const command = (word: string) => `${name}${list.delimiter}${word}@${domain}`;
  return new Map([
    ['list', name],
    ['list+', name + list.delimiter],
    ['domain', domain],
    // mlmmj's older spelling, deprecated there and still in many footers.
    ['listaddr', address],
    ['listowner', command('owner')],
    ['listsubaddr', command('subscribe')],
    ['listunsubaddr', command('unsubscribe')],
    ['helpaddr', command('help')],
    ['faqaddr', command('faq')],
  ]);
}

/** mlmmj's rule for the NAME in `$control NAME$`; as it has no slash and no dot in front, it stays in the directory. */
const CONTROL_TOKEN = /^control ([\w-][\w.-]*)$/;

function controlNames(text: string): string[] {
  const names: string[] = [];
  if (!text.includes('$control ')) return names;
  const isControl = (token: string) => CONTROL_TOKEN.test(token);
  let found = nextToken(text, 0, isControl);
  for (; found !== undefined; found = nextToken(text, found.end, isControl)) {
    names.push(found.token.slice('control '.length));
  }
  return names;
}

/** Finds the first `$token$` from an offset on; the closing dollar of one that is not known may open the next. */
function nextToken(
  text: string,
  from: number,
  isKnown: (token: string) => boolean,
): { start: number; end: number; token: string } | undefined {
  let start = text.indexOf('$', from);
  while (start >= 0) {
    const close = text.indexOf('$', start + 1);
    if (close < 0) return undefined;
    const token = close - start - 1 > TOKEN_LIMIT ? '' : text.slice(start + 1, close);
    if (token !== '' && isKnown(token)) return { start, end: close + 1, token };
    start = close;
  }
  return undefined;
}
