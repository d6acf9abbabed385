/**
 * `make demo`: puts the sample post through the program with the sample list, and shows what came out and why.
 * Where mlmmj-receive is installed, the real one gets the post; nothing is sent (`-P`).
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Change, compareLines } from './compare-lines.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** On a machine without a C compiler there is only the program for Node. */
const program = existsSync(join(root, 'dist/mlmmj-amime-receive'))
  ? ['dist/mlmmj-amime-receive']
  : ['node', 'dist/amime-receive.js'];
const post = readFileSync(join(root, 'demo/post.eml'));
const mlmmjReceive = ['/usr/local/bin/mlmmj-receive', '/usr/bin/mlmmj-receive'].find((path) =>
  existsSync(path),
);

const spool = mkdtempSync(join(tmpdir(), 'amime-demo-'));
try {
  const list = join(spool, 'news');
  cpSync(join(root, 'demo/list'), list, { recursive: true });
  for (const name of ['incoming', 'queue', 'archive']) mkdirSync(join(list, name));

  const mode = mlmmjReceive === undefined ? '--dry-run' : '-P';
  const [file = '', ...first] = program;
  const { status, stdout, stderr } = spawnSync(file, [...first, '-L', list, mode], {
    cwd: root,
    input: post,
  });
  if (status !== 0) throw new Error(`status ${status}: ${stderr}`);
  const outgoing = mlmmjReceive === undefined ? stdout : onlyFile(join(list, 'incoming'));
  const line = (mlmmjReceive === undefined ? stderr : stdout).toString().trim();

  show('The list and its footers (demo/list/control)');
  for (const name of ['listaddress', 'footer_text', 'footer_html']) {
    console.log(
      `${name}:\n${readFileSync(join(list, 'control', name), 'utf8')
        .replace(/^/gm, '  ')
        .trimEnd()}`,
    );
  }
  show('What was run');
  console.log(`${program.join(' ')} -L LIST ${mode} < demo/post.eml`);
  console.log(
    mlmmjReceive === undefined
      ? 'mlmmj-receive is not installed here (Debian package mlmmj), so this is a dry run: the post as it would be handed over.'
      : `${mlmmjReceive} took the post and stored it; -P keeps it from being sent.`,
  );
  show('What Postfix would write into its log');
  console.log(`status=sent (delivered via mlmmj service (${line}))`);
  show('What came out (+ is new, - is gone; the rest is as it came in, byte for byte)');
  for (const change of compareLines(post.toString('utf8'), outgoing.toString('utf8')))
    console.log(marked(change));
  show('What a reader of the HTML sees at its end');
  console.log(htmlPart(outgoing.toString('latin1')));
} finally {
  rmSync(spool, { recursive: true, force: true });
}

function show(title: string): void {
  console.log(`\n=== ${title}`);
}

function marked({ kind, line }: Change): string {
  const text = `${{ same: ' ', added: '+', removed: '-' }[kind]} ${line}`;
  if (kind === 'same' || !process.stdout.isTTY) return text;
  return kind === 'added' ? `\u001b[32m${text}\u001b[0m` : `\u001b[31m${text}\u001b[0m`;
}

function onlyFile(directory: string): Buffer {
  const [name, ...others] = readdirSync(directory);
  if (name === undefined || others.length > 0)
    throw new Error('mlmmj-receive did not store exactly one file');
  return readFileSync(join(directory, name));
}

/** The base64 text/html part of the sample, decoded. */
function htmlPart(message: string): string {
  const match = /Content-Type: text\/html.*?\n\n(.*?)\n--inner/s.exec(message);
  return Buffer.from(match?.[1] ?? '', 'base64')
    .toString('utf8')
    .trimEnd();
}
