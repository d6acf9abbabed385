/** The entries of a main.cf list: separated by commas and blanks, `{…}` kept together. */
export function listEntries(value: string): string[] {
  const entries: string[] = [];
  let entry = '';
  let depth = 0;
  for (const character of value) {
    if (character === '{') depth++;
    if (character === '}') depth--;
    if (depth === 0 && /[\s,]/.test(character)) {
      if (entry !== '') entries.push(entry);
      entry = '';
    } else entry += character;
  }
  if (entry !== '') entries.push(entry);
  return entries;
}

/**
 * A list with one more entry at its end, or before the first one that `before` fits; the list as it was where it
 * names the entry already. Whether Postfix asks a table itself or through proxymap(8) makes no difference here.
 * `expanded` is the same list with `$name` resolved.
 */
export function withEntry(
  value: string,
  entry: string,
  expanded = value,
  before?: (other: string) => boolean,
): string {
  const names = [...listEntries(value), ...listEntries(expanded)].map(withoutProxy);
  if (names.includes(withoutProxy(entry))) return value;
  if (before !== undefined) {
    const entries = listEntries(value);
    const at = entries.findIndex(before);
    if (at >= 0) return entries.toSpliced(at, 0, entry).join(', ');
  }
  return value.trim() === '' ? entry : `${value.trim().replace(/,$/, '')}, ${entry}`;
}

/** A list without an entry; used to take back what was added when the rest has changed meanwhile. */
export function withoutEntry(value: string, entry: string): string {
  return listEntries(value)
    .filter((name) => name !== entry)
    .join(', ');
}

function withoutProxy(table: string): string {
  return table.replace(/^proxy:/, '');
}

/** The parameters that `postconf`, `postconf -n` or `postconf -x` print, one `name = value` a line. */
export function parseParameters(printed: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const line of printed.split('\n')) {
    const equals = line.indexOf('=');
    if (equals > 0) parameters.set(line.slice(0, equals).trim(), line.slice(equals + 1).trim());
  }
  return parameters;
}

/** A main.cf time (`1000s`, `20m`, a bare number in seconds) in seconds; undefined where it is none. */
export function seconds(value: string): number | undefined {
  const match = /^(\d+)([smhdw]?)$/.exec(value.trim());
  if (!match) return undefined;
  const unit = { '': 1, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }[
    match[2] as '' | 's' | 'm' | 'h' | 'd' | 'w'
  ];
  return Number(match[1]) * unit;
}
