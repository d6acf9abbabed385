import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { REASONS } from '../../src/footer/explain.ts';
import { EXIT } from '../../src/install/problem.ts';
import { STATUS } from '../../src/status.ts';
import { codeSpans, section, tableRows } from './markdown.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const readme = readFileSync(`${root}README.md`, 'utf8');
const manual = readFileSync(`${root}man/mlmmj-amime-receive.8`, 'utf8');

const source = [
  'src/list',
  'src/transport',
  'src/footer',
  'src/commands/receive.ts',
  'src/cli.ts',
  'src/amime-receive.ts',
]
  .flatMap((path) =>
    path.endsWith('.ts') ? [path] : readdirSync(root + path).map((name) => `${path}/${name}`),
  )
  .map((path) => readFileSync(root + path, 'utf8'))
  .join('\n');

/** Where something variable stands, the table has `…`. */
const ANYTHING = '…';

function lines(heading: string): string[] {
  return tableRows(section(readme, heading)).map(([line]) => codeSpans(line!)[0]!);
}

/** The texts of all the errors that a delivery can end with, as they stand in the source. */
function failures(): string[] {
  const thrown = [...source.matchAll(/DeliveryError\(\s*'[\w-]+',\s*(?:'([^'\n]+)'|`([^`\n]+)`)/g)];
  const explained = /function howItFailed.*?^}/ms.exec(source)![0];
  const returned = [...explained.matchAll(/return (?:'([^'\n]+)'|`([^`\n]+)`)/g)];
  return [...thrown, ...returned].map(([, plain, template]) =>
    (plain ?? template!).replace(/\$\{[^}]*\}/g, ANYTHING),
  );
}

describe('the tables of the README', () => {
  it('have a line for each reason, and for no other', () => {
    const documented = lines('### Status 0');
    for (const reason of Object.values(REASONS)) {
      expect(documented, reason).toContain(`no footer: ${reason.replace('%', 'TYPE')}`);
    }
  });

  it('have a line for each failure', () => {
    const documented = lines('### Status 67 and 75').map((line) => line.replace(/^\d\.\d\.\d /, ''));
    for (const failure of failures()) {
      const told = documented.some((line) => matches(line, failure));
      expect(told, `"${failure}" is not in the README`).toBe(true);
    }
  });

  it('have no line that the program does not know', () => {
    const known = wordsOf(source);
    for (const line of [...lines('### Status 0'), ...lines('### Status 67 and 75')]) {
      for (const words of fixedWords(line)) {
        expect(known.includes(words), `"${words}" of "${line}" is not in the source`).toBe(true);
      }
    }
  });

  it('agree with the one table of statuses', () => {
    const rows = tableRows(section(readme, '### Exit status'));
    const documented = new Map(rows.map(([status, begins]) => [Number(status), codeSpans(begins!)[0] ?? '']));
    const known = Object.values(STATUS).map(({ exit, enhanced }) => [exit, enhanced] as const);
    expect(new Map([...documented].sort())).toEqual(new Map([[0, ''] as const, ...known].sort()));
  });
});

it('the manual page has each exit status', () => {
  const status = /^\.Sh EXIT STATUS$(.*?)^\.Sh /ms.exec(manual)![1]!;
  const documented = [...status.matchAll(/^\.It (.*)$/gm)].flatMap((match) =>
    match[1]!.split(' , ').map(Number),
  );
  const known = [...Object.values(STATUS).map(({ exit }) => exit), ...Object.values(EXIT)];
  expect(new Set(documented)).toEqual(new Set<number>(known));
  expect(documented).toHaveLength(new Set(documented).size);
});

/** Whether a line of the table stands for a text of the source; either may have variable places. */
function matches(line: string, text: string): boolean {
  return patternOf(line).test(text) || patternOf(text).test(line);
}

function patternOf(text: string): RegExp {
  return new RegExp(`^${text.split(ANYTHING).map(escaped).join('.*')}`);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** What is the program's own in a line: without the examples that stand for a list, a type, a file or a reason. */
function fixedWords(line: string): string[] {
  const example =
    /…|\bTYPE\b|\bnews\+\S+|\bfooter_\w+|\btext\/\w+|\bEACCES\b|\bSIGTERM\b|\b\d[\d.]*\b|\bKiB\b|[":(),]/g;
  return line
    .split(example)
    .map((words) => words.trim())
    .filter((words) => words !== '');
}

function wordsOf(text: string): string {
  return text.replace(/[":(),]/g, ' ').replace(/ +/g, ' ');
}
