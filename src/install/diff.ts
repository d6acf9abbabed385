const CONTEXT = 3;

type Line = { readonly mark: ' ' | '-' | '+'; readonly text: string };

/** The difference of two texts in the unified format of diff(1); empty where there is none. */
export function unifiedDiff(path: string, before: string | undefined, after: string | undefined): string {
  const lines = compare(split(before), split(after));
  if (lines.every((line) => line.mark === ' ')) return '';
  const head = `--- ${before === undefined ? '/dev/null' : path}\n+++ ${after === undefined ? '/dev/null' : path}\n`;
  return head + hunks(lines).join('');
}

function split(text: string | undefined): string[] {
  if (text === undefined || text === '') return [];
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Longest common subsequence, after the common head and tail: configuration files are short and change little. */
function compare(before: readonly string[], after: readonly string[]): Line[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  const room = Math.min(before.length, after.length) - head;
  while (tail < room && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const old = before.slice(head, before.length - tail);
  const fresh = after.slice(head, after.length - tail);
  const same = (text: string): Line => ({ mark: ' ', text });
  return [
    ...before.slice(0, head).map(same),
    ...compareMiddle(old, fresh),
    ...before.slice(before.length - tail).map(same),
  ];
}

function compareMiddle(old: readonly string[], fresh: readonly string[]): Line[] {
  const width = fresh.length + 1;
  const common = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = fresh.length - 1; j >= 0; j--) {
      const at = i * width + j;
      common[at] =
        old[i] === fresh[j] ? common[at + width + 1]! + 1 : Math.max(common[at + width]!, common[at + 1]!);
    }
  }
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < fresh.length) {
    if (i < old.length && j < fresh.length && old[i] === fresh[j]) {
      lines.push({ mark: ' ', text: old[i]! });
      i++;
      j++;
    } else if (
      j >= fresh.length ||
      (i < old.length && common[(i + 1) * width + j]! >= common[i * width + j + 1]!)
    ) {
      lines.push({ mark: '-', text: old[i++]! });
    } else lines.push({ mark: '+', text: fresh[j++]! });
  }
  return lines;
}

function hunks(lines: readonly Line[]): string[] {
  const shown = lines.map((_, at) =>
    lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some((line) => line.mark !== ' '),
  );
  const result: string[] = [];
  let oldLine = 1;
  let newLine = 1;
  for (let at = 0; at < lines.length; ) {
    if (!shown[at]) {
      oldLine++;
      newLine++;
      at++;
      continue;
    }
    let end = at;
    while (end < lines.length && shown[end]) end++;
    const hunk = lines.slice(at, end);
    const olds = hunk.filter((line) => line.mark !== '+').length;
    const news = hunk.filter((line) => line.mark !== '-').length;
    result.push(
      `@@ -${range(oldLine, olds)} +${range(newLine, news)} @@\n${hunk.map((line) => `${line.mark}${line.text}\n`).join('')}`,
    );
    oldLine += olds;
    newLine += news;
    at = end;
  }
  return result;
}

/** In an empty range the number is that of the line before it, as diff(1) has it. */
function range(start: number, count: number): string {
  return count === 1 ? `${start}` : `${count === 0 ? start - 1 : start},${count}`;
}
