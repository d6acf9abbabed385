import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { CommandProblem } from '../commands/problem.ts';
import { ExitStatus } from '../errors.ts';
import { lastLine } from '../mail-server/postconf.ts';
import { run } from '../mail-server/run.ts';
import type { Change } from './change.ts';
import { type FileChange, ownership } from './file-change.ts';
import { PostconfEditor } from './postconf-editor.ts';

/** Does one step on a copy of the configuration. */
type Edit = <Result>(step: (postconf: PostconfEditor) => Promise<Result>) => Promise<Result>;

const NEW_FILE = { mode: 0o644, uid: 0, gid: 0 };

/**
 * Makes the changes on a copy, with Postfix's own postconf and postmap, and says what each file would become. The
 * host is not touched: what a dry run shows and what an installation writes are the same bytes.
 *
 * @throws CommandProblem where postconf or postmap refuses.
 */
export async function stageChanges(config: string, changes: readonly Change[]): Promise<FileChange[]> {
  const stage = mkdtempSync(join(tmpdir(), 'mlmmj-amime-install-'));
  try {
    const edit = copyConfiguration(config, stage);
    const configuration = await stageConfiguration(config, stage, changes, edit);
    const files: FileChange[] = [];
    for (const change of changes) {
      if (change.kind !== 'file') continue;
      const path = resolve(change.path);
      const after = Buffer.from(change.after, 'latin1');
      const own = ownership(path, change.secret ? await secretFile() : NEW_FILE);
      files.push({ path, before: readIfThere(path), after, ...own, secret: change.secret });
      if (change.index !== undefined)
        files.push(...(await stageIndex(stage, path, after, change.index, edit)));
    }
    // What names a table comes after it: a run that is killed in between must not leave Postfix without one.
    return [...files, ...configuration].filter(
      (file) =>
        file.isStale ||
        file.before === undefined ||
        file.after === undefined ||
        !file.before.equals(file.after),
    );
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

async function stageConfiguration(
  config: string,
  stage: string,
  changes: readonly Change[],
  edit: Edit,
): Promise<FileChange[]> {
  // One at a time: postconf puts several new settings in no particular order, and the next run would differ.
  for (const change of changes) {
    if (change.kind === 'setting') await edit((postconf) => postconf.set(change.name, change.after));
    if (change.kind === 'service') await edit((postconf) => postconf.setService(change.key, change.after));
  }
  const changed = new Map([
    ['master.cf', 'service'],
    ['main.cf', 'setting'],
  ]);
  return [...changed]
    .filter(([, kind]) => changes.some((change) => change.kind === kind))
    .map(([name]) => rewritten(`${config}/${name}`, readFileSync(`${stage}/${name}`)));
}

/**
 * Copies main.cf and master.cf, and gives a way to work on the copies. Before each step they are made to look an hour
 * old: Postfix reads a file that changed within the last second again and again until it has settled.
 */
export function copyConfiguration(config: string, stage: string): Edit {
  const names = ['main.cf', 'master.cf'];
  for (const name of names) {
    const text = readFileSync(`${config}/${name}`);
    // postconf -e glues its line to a last one that does not end.
    const end = text.length === 0 || text.at(-1) === 0x0a ? '' : '\n';
    writeFileSync(`${stage}/${name}`, Buffer.concat([text, Buffer.from(end)]));
  }
  const postconf = new PostconfEditor(stage);
  return (step) => {
    const anHourAgo = Date.now() / 1000 - 3600;
    for (const name of names) utimesSync(`${stage}/${name}`, anHourAgo, anHourAgo);
    return step(postconf);
  };
}

/** An existing file with another content and the owner and mode that it has. */
export function rewritten(path: string, after: Buffer): FileChange {
  const real = resolve(path);
  return { path: real, before: readIfThere(real), after, ...ownership(real, NEW_FILE), secret: false };
}

/** The index that postmap(1) makes of a table: whatever files it leaves beside the text. */
async function stageIndex(
  stage: string,
  path: string,
  text: Buffer,
  table: string,
  edit: Edit,
): Promise<FileChange[]> {
  const name = basename(path);
  const type = table.slice(0, table.indexOf(':'));
  writeFileSync(`${stage}/${name}`, text);
  const made = await edit(() => run('postmap', ['-c', stage, `${type}:${stage}/${name}`]));
  if (made.exitCode !== 0)
    throw new CommandProblem(ExitStatus.Wrong, `postmap ${table}: ${lastLine(made.stderr)}`);
  return readdirSync(stage)
    .filter((file) => file.startsWith(`${name}.`))
    .map((file) => ({
      ...rewritten(`${dirname(path)}/${file}`, readFileSync(`${stage}/${file}`)),
      isStale: true,
    }));
}

/** The file that postmap(1) makes of a table; Postfix compares its age with the table's. */
export function indexOf(path: string, type: string): string {
  const suffix = { hash: 'db', btree: 'db', dbm: 'pag', sdbm: 'pag' }[type] ?? type;
  return `${path}.${suffix}`;
}

/** A file with a password: root's, readable by Postfix's group. */
async function secretFile(): Promise<{ mode: number; uid: number; gid: number }> {
  const owner = (await run('postconf', ['-h', 'mail_owner'])).stdout.trim() || 'postfix';
  const group = Number((await run('id', ['-g', owner])).stdout);
  return { mode: 0o640, uid: 0, gid: Number.isNaN(group) ? 0 : group };
}

/** A configuration file that is a link is changed where it points to, so that the link stays. */
export function resolve(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}

function readIfThere(path: string): Buffer | undefined {
  return existsSync(path) ? readFileSync(path) : undefined;
}
