// Text from outside (a message, the command line, a directory) as it may stand in a line for the operator: printable ASCII, cut.

/** Every character but a blank and printable ASCII becomes `?`. */
export function printable(text: string, limit: i32): string {
  return cut(replaced(text.substring(0, limit + 1), 0x20), limit);
}

/** The same, and no blanks and double quotes: it stays one word, also between quotes. */
export function printableWord(text: string, limit: i32): string {
  return cut(replaced(text.substring(0, limit + 1), 0x21).replaceAll('"', '?'), limit);
}

/** In double quotes. */
export function quoted(text: string): string {
  return `"${printable(text, 60)}"`;
}

/** One line: each run of blanks, line ends and unprintable characters becomes one blank, and none stands at the ends. */
export function printableLine(text: string, limit: i32): string {
  let line = '';
  let start = -1;
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : 0;
    const shows = code > 0x20 && code < 0x7f;
    if (shows && start < 0) start = i;
    if (shows || start < 0) continue;
    line += (line === '' ? '' : ' ') + text.substring(start, i);
    start = -1;
    if (line.length > limit) break;
  }
  return cut(line, limit);
}

function replaced(text: string, lowest: i32): string {
  let result = '';
  let done = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= lowest && code < 0x7f) continue;
    result += `${text.substring(done, i)}?`;
    done = i + 1;
  }
  return result + text.substring(done);
}

function cut(text: string, limit: i32): string {
  return text.length > limit ? `${text.substring(0, limit - 3)}...` : text;
}
