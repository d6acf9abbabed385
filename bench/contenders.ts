/** Who is measured: the shell script that this program replaces, its pieces, and this program in its forms. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Contender {
  readonly name: string;
  /** Absolute path first. */
  readonly argv: readonly [string, ...string[]];
}

/** A mailing list to deliver into, in a temporary directory. */
export interface BenchList {
  readonly directory: string;
  /** Where mlmmj-receive puts what it takes. */
  readonly incoming: string;
  remove(): void;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const EXECUTABLE = join(root, 'dist/mlmmj-amime-receive');
const NODE_BUILD = join(root, 'dist/amime-receive.js');
const MLMMJ = '/usr/bin/mlmmj-receive';
const ALTERMIME = '/usr/bin/altermime';

/** @param where the directory to make it in */
export function makeList(where = tmpdir()): BenchList {
  const home = mkdtempSync(join(where, 'amime-bench-'));
  const directory = join(home, 'demo');
  writeList(directory, ['footer_text', 'footer_html']);
  return {
    directory,
    incoming: join(directory, 'incoming'),
    remove: () => rmSync(home, { recursive: true }),
  };
}

const FOOTERS = {
  footer_text: '_______________\nGrüße von der Liste: https://lists.example.org/demo\n',
  footer_html: '<hr><p>Grüße von der <a href="https://lists.example.org/demo">Liste</a></p>\n',
} as const;

function writeList(directory: string, footers: readonly (keyof typeof FOOTERS)[]): void {
  for (const name of [
    'archive',
    'bounce',
    'control',
    'incoming',
    'moderation',
    'queue',
    'requeue',
    'subscribers.d',
    'text',
  ]) {
    mkdirSync(join(directory, name), { recursive: true });
  }
  const control = (name: string, text: string) => writeFileSync(join(directory, 'control', name), text);
  control('listaddress', 'demo@example.org\n');
  control('delimiter', '+\n');
  for (const name of footers) control(name, FOOTERS[name]);
}

/** A list like the other, without a text footer: the text half is derived from the HTML. */
function makeHtmlList({ directory }: BenchList): string {
  const html = join(directory, '..', 'html');
  writeList(html, ['footer_html']);
  return html;
}

/** The built executable as it is now, beside the list: a build in between does not disturb the measuring. */
export function executableFor(list: BenchList): string {
  return copied(EXECUTABLE, list);
}

function copied(path: string, list: BenchList): string {
  const copy = join(list.directory, '..', basename(path));
  if (existsSync(path) && !existsSync(copy)) copyFileSync(path, copy);
  return copy;
}

/** Those that are installed and built; what is missing is said on standard error. */
export function contenders(list: BenchList): Contender[] {
  const script = writeScript(list);
  const executable = executableFor(list);
  const nodeBuild = copied(NODE_BUILD, list);
  const footers = [
    `--disclaimer=${list.directory}/control/footer_text`,
    `--disclaimer-html=${list.directory}/control/footer_html`,
  ];
  const all: (Contender & { needs: string[] })[] = [
    { name: 'the shell script', needs: [ALTERMIME, MLMMJ], argv: [script, '-L', list.directory, '-P'] },
    {
      name: 'altermime alone',
      needs: [ALTERMIME],
      argv: [ALTERMIME, '--input=-', ...ALTERMIME_OPTIONS, ...footers],
    },
    { name: 'mlmmj-receive -P', needs: [MLMMJ], argv: [MLMMJ, '-L', list.directory, '-P'] },
    { name: 'cat', needs: ['/bin/cat'], argv: ['/bin/cat'] },
    { name: 'executable', needs: [executable, MLMMJ], argv: [executable, '-L', list.directory, '-P'] },
    {
      name: 'executable, HTML footer alone',
      needs: [executable, MLMMJ],
      argv: [executable, '-L', makeHtmlList(list), '-P'],
    },
    {
      name: 'executable --dry-run',
      needs: [executable],
      argv: [executable, '-L', list.directory, '--dry-run'],
    },
    {
      name: 'on Node',
      needs: [nodeBuild, MLMMJ],
      argv: [process.execPath, nodeBuild, '-L', list.directory, '-P'],
    },
  ];
  return all.filter(({ name, needs }) => {
    const missing = needs.filter((path) => !existsSync(path));
    if (missing.length > 0) console.error(`left out: ${name} (${missing.join(', ')} not there)`);
    return missing.length === 0;
  });
}

const ALTERMIME_OPTIONS = ['--altersigned', '--log-syslog', '--htmltoo', '--force-for-bad-html'];

/** A shell script with the steps of the one being replaced: test the programs, find -L, test the files, build the pipe. */
function writeScript(list: BenchList): string {
  const path = join(list.directory, '..', 'script');
  const lines = [
    '#!/usr/bin/env bash',
    'export PATH="/usr/bin:/usr/local/bin:/bin:$PATH"',
    `[ -x ${MLMMJ} ] || exit 1`,
    'previous=',
    'for argument in "$@"; do',
    '  if [ "$previous" = -L ]; then directory="$argument"; break; fi',
    '  previous="$argument"',
    'done',
    'control="$directory/control"',
    '[ -d "$directory" ] && [ -d "$control" ] || exit 1',
    'cd "$directory"',
    'if [ -f "$control/footer_text" ] && [ -f "$control/footer_html" ]; then',
    `  altermime --input=- ${ALTERMIME_OPTIONS.join(' ')} \\`,
    '    --disclaimer="$control/footer_text" --disclaimer-html="$control/footer_html" |',
    `    ${MLMMJ} "$@"`,
    'else',
    `  ${MLMMJ} "$@"`,
    'fi',
    '',
  ];
  writeFileSync(path, lines.join('\n'));
  chmodSync(path, 0o755);
  return path;
}
