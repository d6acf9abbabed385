import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ExitStatus, enhancedCode, exitStatus, FailureKind } from '../../src/errors.ts';
import { reasonText } from '../../src/insert/explain.ts';
import { Reason } from '../../src/insert/outcome.ts';
import { codeSpans, section, tableRows } from './markdown.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const readme = readFileSync(`${root}README.md`, 'utf8');
const manual = readFileSync(`${root}man/mlmmj-amime-receive.8`, 'utf8');

/** What only the LMTP service says is its own documents' business. */
const OF_THE_SERVICE = ['find-list.ts', 'address-index.ts'];

const directories = ['footer', 'host', 'insert', 'list', 'transport'].map((name) => `src/${name}`);
const source = ['src/amime-receive.ts', 'src/errors.ts', ...directories.flatMap(filesIn)]
  .map((path) => readFileSync(root + path, 'utf8'))
  .join('\n');

function filesIn(directory: string): string[] {
  return readdirSync(root + directory)
    .filter((name) => /\.(?:ts|c)$/.test(name) && !OF_THE_SERVICE.includes(name))
    .map((name) => `${directory}/${name}`);
}

/** What can be wrong with a delivery; the other kinds are for people. */
const KINDS = [FailureKind.NoSuchList, FailureKind.Temporary, FailureKind.Usage, FailureKind.NoInput];

/** Where something variable stands, the table has `…`. */
const ANYTHING = '…';

function lines(heading: string): string[] {
  return tableRows(section(readme, heading)).map(([line]) => codeSpans(line!)[0]!);
}

/** The texts of all the errors that a delivery can end with, as they stand in the source. */
function failures(): string[] {
  const shared = source.matchAll(
    /(?:temporary\(|FailureKind\.\w+,)\s*(?:'([^'\n]+)'|"([^"\n]+)"|`([^`\n]+)`)/g,
  );
  const host = source.matchAll(/\bfail\("([^"\n]+)"/g);
  return [...shared, ...host]
    .map(([, ...texts]) => texts.find((text) => text !== undefined)!)
    .map((text) => text.replace(/\$\{[^}]*\}|%[sduz]+/g, ANYTHING).replace(/…{2,}$/, ANYTHING))
    .filter((text) => /[a-z]/.test(text));
}

describe('the tables of the README', () => {
  it('have a line for each reason, and for no other', () => {
    const documented = lines('### Status 0');
    for (const reason of Object.values(Reason).filter((value) => typeof value === 'number')) {
      const text = reasonText(reason);
      expect(documented, text).toContain(`no footer: ${text.replace('%', 'TYPE')}`);
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
    const known = KINDS.map((kind) => [exitStatus(kind), enhancedCode(kind)] as const);
    expect(new Map([...documented].sort())).toEqual(new Map([[0, ''] as const, ...known].sort()));
  });
});

it('the manual page has each exit status', () => {
  const status = /^\.Sh EXIT STATUS$(.*?)^\.Sh /ms.exec(manual)![1]!;
  const documented = [...status.matchAll(/^\.It (.*)$/gm)].flatMap((match) =>
    match[1]!.split(' , ').map(Number),
  );
  const known = Object.values(ExitStatus).filter((value) => typeof value === 'number');
  expect(documented).toEqual(known.toSorted((a, b) => documented.indexOf(a) - documented.indexOf(b)));
});

it('the native host has the same statuses', () => {
  const host = readFileSync(new URL('../../src/host/host.h', import.meta.url), 'utf8');
  const named = [...host.matchAll(/\bSTATUS_([A-Z]+) = (\d+)/g)].map(([, name, value]) => [
    name,
    Number(value),
  ]);
  expect(Object.fromEntries(named)).toEqual({
    TEMPORARY: ExitStatus.Temporary,
    UNAVAILABLE: ExitStatus.Unavailable,
  });
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
