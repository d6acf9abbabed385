// mlmmj's list-text substitutions, as far as they make sense in a footer (README.listtexts, "Unformatted
// substitutions"). Two differences from mlmmj are deliberate: a value is never searched for substitutions again
// (mlmmj does, so a control file that names itself would never end), and `$$` stays as it is, because footers were not
// written as list texts and may well speak of money.
import { SUBSTITUTED_LIMIT } from './limits.ts';
import { TextBuilder } from './text-builder.ts';
import { isAsciiDigit, isAsciiLetter } from './unicode.ts';

/** Different control files that one footer may quote. Nobody needs as many; each costs a look at the disk. */
export const CONTROL_NAMES_LIMIT: i32 = 32;

/** What stands before NAME in `$control NAME$`, and so in the token of its value. */
export const CONTROL: string = 'control ';

const FILE_NAME_LIMIT: i32 = 255;

/** The longest thing that can stand between two dollars. */
const TOKEN_LIMIT: i32 = CONTROL.length + FILE_NAME_LIMIT;

/**
 * Puts in the values. A dollar that turns out to open nothing is left alone, and the next one may open something:
 * `costs $5, see $list$` works, as it does in mlmmj. Linear: each dollar is looked at at most twice.
 *
 * @param values what is put where for what stands between two dollars; tokens it does not have stay as they are
 * @param written how a value is written where it is put: as it is in text, escaped in HTML
 * @returns null where the result would be longer than `SUBSTITUTED_LIMIT` characters
 */
export function substitute(
  text: string,
  values: Map<string, string>,
  written: (value: string) => string,
): string | null {
  const result = new TextBuilder(text.length);
  const tokens = new Tokens(text);
  let done: i32 = 0;
  while (tokens.advance()) {
    const token = tokens.token;
    if (!values.has(token)) continue;
    result.addRange(text, done, tokens.start);
    result.addText(written(values.get(token)!));
    done = tokens.take();
    if (result.length > SUBSTITUTED_LIMIT) return null;
  }
  result.addRange(text, done, text.length);
  return result.length > SUBSTITUTED_LIMIT ? null : result.text();
}

/** How a value is written in text. */
export function asItIs(value: string): string {
  return value;
}

/**
 * The control files that the texts quote, each once, in the order of the texts. One more than `CONTROL_NAMES_LIMIT`
 * says that there are more; further ones are not looked for.
 */
export function controlNames(texts: string[]): string[] {
  const names: string[] = [];
  for (let i = 0; i < texts.length; i++) {
    if (!texts[i].includes('$control ')) continue;
    const tokens = new Tokens(texts[i]);
    while (names.length <= CONTROL_NAMES_LIMIT && tokens.advance()) {
      if (!isControlToken(tokens.token)) continue;
      const name = tokens.token.slice(CONTROL.length);
      if (!names.includes(name)) names.push(name);
      tokens.take();
    }
  }
  return names;
}

/**
 * What stands between two dollars and looks as if something were to be put in its place: a word, or `control` and a word.
 * Each as often as it stands there.
 */
export function substitutionsIn(text: string): string[] {
  const found: string[] = [];
  const tokens = new Tokens(text);
  while (tokens.advance()) {
    if (!isControlToken(tokens.token) && !isWord(tokens.token)) continue;
    found.push(tokens.token);
    tokens.take();
  }
  return found;
}

/** As mlmmj's are: `list+`, `listsubaddr`. A price (`$5$`) is none. */
function isWord(token: string): boolean {
  for (let i: i32 = 0; i < token.length; i++) {
    const code: i32 = token.charCodeAt(i);
    const isSign = i > 0 && (code === 0x2b || code === 0x2d || code === 0x5f || isAsciiDigit(code));
    if (!isSign && !isAsciiLetter(code)) return false;
  }
  return true;
}

/** mlmmj's rule for NAME; as it has no slash and no dot in front, it stays in the directory. */
function isControlToken(token: string): boolean {
  if (!token.startsWith(CONTROL) || token.length === CONTROL.length) return false;
  for (let i: i32 = CONTROL.length; i < token.length; i++) {
    const code: i32 = token.charCodeAt(i);
    const isDot = code === 0x2e && i > CONTROL.length;
    if (!isDot && code !== 0x5f && code !== 0x2d && !isAsciiLetter(code) && !isAsciiDigit(code)) return false;
  }
  return true;
}

/** A control file's value for its token. One newline at the end is the file's (README.listtexts); any further one is meant. */
export function controlValue(content: string): string {
  return content.endsWith('\n') ? content.slice(0, -1) : content;
}

/** What follows from the list's primary address. Nothing where it has none: then these stay as they were written. */
export function addressSubstitutions(address: string, delimiter: string): Map<string, string> {
  const values = new Map<string, string>();
  const at: i32 = address.lastIndexOf('@');
  if (at < 1 || at === address.length - 1) return values;
  const name = address.slice(0, at);
  const domain = address.slice(at + 1);
  values.set('list', name);
  values.set('list+', name + delimiter);
  values.set('domain', domain);
  // mlmmj's older spelling, deprecated there and still in many footers.
  values.set('listaddr', address);
  values.set('listowner', `${name}${delimiter}owner@${domain}`);
  values.set('listsubaddr', `${name}${delimiter}subscribe@${domain}`);
  values.set('listunsubaddr', `${name}${delimiter}unsubscribe@${domain}`);
  values.set('helpaddr', `${name}${delimiter}help@${domain}`);
  values.set('faqaddr', `${name}${delimiter}faq@${domain}`);
  return values;
}

/** Goes through what stands between two dollars; the closing one of what is not taken may open the next. */
class Tokens {
  /** Where the opening dollar stands; -1 before the first token. */
  start: i32 = -1;
  /** What stands between the dollars: one character at least, `TOKEN_LIMIT` at most. */
  token: string = '';
  private close: i32 = -1;

  constructor(private readonly text: string) {}

  advance(): boolean {
    let start: i32 = this.close < 0 ? this.text.indexOf('$') : this.close;
    while (start >= 0) {
      const close: i32 = this.text.indexOf('$', start + 1);
      if (close < 0) return false;
      if (close - start > 1 && close - start - 1 <= TOKEN_LIMIT) {
        this.start = start;
        this.close = close;
        this.token = this.text.slice(start + 1, close);
        return true;
      }
      start = close;
    }
    return false;
  }

  /** The closing dollar belongs to this token. @returns the offset after it */
  take(): i32 {
    const end = this.close + 1;
    this.close = this.text.indexOf('$', end);
    // Without another dollar there is no other token.
    if (this.close < 0) this.close = this.text.length;
    return end;
  }
}
