/** Amavisd's policy bank for lists, where somebody else wrote it: its settings, and how they differ from ours. Pure. */

/** The bank's settings as they are written, without comments and blanks. */
export interface BankSettings {
  readonly values: ReadonlyMap<string, string>;
  /** It takes in another bank, or more that is not written here. */
  readonly isWhole: boolean;
}

const BANK = /\$policy_bank\s*\{\s*['"]?MLMMJ['"]?\s*\}\s*=\s*\{/g;

/** Reads the bank MLMMJ in a configuration; undefined where there is none that can be read. */
export function bankSettings(config: string): BankSettings | undefined {
  const code = withoutComments(config);
  const start = [...code.matchAll(BANK)].at(-1);
  const entries = start && entriesFrom(code, start.index + start[0].length);
  if (entries === undefined) return undefined;
  const values = new Map<string, string>();
  let isWhole = true;
  for (const entry of entries) {
    const [, name, value] = /^['"]?(\w+)['"]?=>(.*)$/s.exec(entry) ?? [];
    if (name === undefined) isWhole = false;
    else values.set(name, plainValue(value!));
  }
  return { values, isWhole };
}

/** The port on this host that a bank gives mail back to; undefined where it names none, as then Amavisd's own way counts. */
export function reinjectionPortOf({ values }: BankSettings): number | undefined {
  const port = /^'smtp:\[127\.0\.0\.1\]:(\d+)'$/.exec(values.get('forward_method') ?? '')?.[1];
  return port === undefined ? undefined : Number(port);
}

/** Which way mail goes on is a host's own business, and whose key signs too, where anything says it. */
const NOT_COMPARED = ['forward_method'];
const DKIM_MAP = 'dkim_signature_options_bysender_maps';

/** @param signsAnyway whether the configuration has a map of signatures for all mail */
export function bankDifferences(theirs: BankSettings, ours: BankSettings, signsAnyway: boolean): string[] {
  const differences: string[] = [];
  for (const [name, value] of ours.values) {
    const their = theirs.values.get(name);
    if (NOT_COMPARED.includes(name) || their === value) continue;
    if (name === DKIM_MAP) {
      if (their === undefined && theirs.isWhole && !signsAnyway) differences.push(`no ${name}`);
    } else if (their !== undefined) differences.push(`${name} is ${their.slice(0, 40)} (ours: ${value})`);
    else if (theirs.isWhole) differences.push(`no ${name} (ours: ${value})`);
  }
  return differences;
}

/** Whether a configuration says for all mail whose signature it gets. */
export function signsForAll(config: string): boolean {
  return new RegExp(`@${DKIM_MAP}\\s*=`).test(withoutComments(config));
}

/** Text in quotes, or one character. */
const PIECE = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[\s\S]/g;

function withoutComments(config: string): string {
  // A sign for a comment is one at the beginning of a word: `$#list` and `m#…#` are Perl too.
  return config.replace(
    /('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")|(^|[\s;,{}()[\]])#.*$/gm,
    (_, text, before) => text ?? before,
  );
}

/** What stands between commas up to the brace that ends the bank, without blanks; undefined where none does. */
function entriesFrom(code: string, from: number): string[] | undefined {
  const entries: string[] = [];
  let entry = '';
  let depth = 0;
  for (const [piece] of code.slice(from).matchAll(PIECE)) {
    if (piece === '}' && depth === 0) return [...entries, entry].filter((text) => text !== '');
    if ('{[('.includes(piece)) depth++;
    if ('}])'.includes(piece)) depth--;
    if (piece === ',' && depth === 0) {
      entries.push(entry);
      entry = '';
    } else if (piece.trim() !== '') entry += piece;
  }
  return undefined;
}

/** Perl takes `"1"`, `'1'` and `1` for the same, and so do its configurations' authors. */
function plainValue(value: string): string {
  return value
    .replace(/"([^"'$@\\]*)"/g, "'$1'")
    .replace(/'(\d+)'/g, '$1')
    .replace(/,(?=[\])}])/g, '');
}
