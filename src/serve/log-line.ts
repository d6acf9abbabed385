/** Lines for the log: an event, then key=value. Pure; what stands in them may come from anybody. */

/** Characters of one value. */
const VALUE_LIMIT = 200;

/** One line with its newline. Values that are empty are left out. */
export function logLine(event: string, values: Readonly<Record<string, string | number>>): string {
  const words = [event];
  for (const [key, value] of Object.entries(values)) {
    if (value !== '') words.push(`${key}=${loggable(String(value))}`);
  }
  return `${words.join(' ')}\n`;
}

/** As it is where it is one plain word, else quoted, with everything but printable ASCII escaped as in JSON. */
function loggable(value: string): string {
  const short = value.length > VALUE_LIMIT ? `${value.slice(0, VALUE_LIMIT - 3)}...` : value;
  if (/^[!#-<>-[\]-~]+$/.test(short)) return short;
  return JSON.stringify(short).replace(/[^ -~]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
