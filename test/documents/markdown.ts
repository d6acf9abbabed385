/** What the tests need to read out of our Markdown. */

export interface CodeBlock {
  readonly language: string;
  /** The name in an HTML comment on the line above it, if there is one. */
  readonly name: string | undefined;
  readonly text: string;
}

export function codeBlocks(markdown: string): CodeBlock[] {
  const pattern = /(?:^<!-- ([\w-]+) -->\n)?^```(\w*)\n(.*?)^```$/gms;
  return [...markdown.matchAll(pattern)].map(([, name, language, text]) => ({
    language: language!,
    name,
    text: text!,
  }));
}

/** The text from a heading up to the next one of the same or a higher rank. */
export function section(markdown: string, heading: string): string {
  const lines = markdown.split('\n');
  const start = lines.indexOf(heading);
  if (start < 0) throw new Error(`there is no heading "${heading}"`);
  const rank = heading.indexOf(' ');
  const length = lines.slice(start + 1).findIndex((line) => {
    const hashes = /^(#+) /.exec(line)?.[1];
    return hashes !== undefined && hashes.length <= rank;
  });
  return lines.slice(start, length < 0 ? undefined : start + 1 + length).join('\n');
}

/** The cells of all tables' rows, without their heads. */
export function tableRows(markdown: string): string[][] {
  const rows: string[][] = [];
  let inBody = false;
  for (const line of markdown.split('\n')) {
    if (/^\|(?: -+ \|)+$/.test(line)) inBody = true;
    else if (!line.startsWith('|')) inBody = false;
    else if (inBody) {
      rows.push(
        line
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim()),
      );
    }
  }
  return rows;
}

/** What stands between backticks. */
export function codeSpans(markdown: string): string[] {
  return [...markdown.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);
}
