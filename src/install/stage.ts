import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { CommandProblem } from '../commands/problem.ts';
import { ExitStatus } from '../errors.ts';
import { lastLine } from '../mail-server/postconf.ts';
import { run } from '../mail-server/run.ts';
import type { Change } from './change.ts';
import { type Edit, onCopy, resolve } from './configuration-copy.ts';
import { type FileChange, ownership } from './file-change.ts';

const NEW_FILE = { mode: 0o644, uid: 0, gid: 0 };

/** Says whether a copy of the configuration is in order, by a CommandProblem where it is not. */
type Verify = (stage: string, changes: readonly Change[], warningsBefore: readonly string[]) => Promise<void>;

/**
 * Makes the changes on a copy, with Postfix's own postconf and postmap, and says what each file would become. The
 * host is not touched: what a dry run shows and what an installation writes are the same bytes.
 *
 * @param verify is asked of the copy once the changes are made.
 * @throws CommandProblem where postconf or postmap refuses, or `verify` does.
 */
export function stageChanges(
  config: string,
  changes: readonly Change[],
  verify?: Verify,
): Promise<FileChange[]> {
  return onCopy(config, async (stage, edit) => {
    const warnings = verify === undefined ? [] : await edit((postconf) => postconf.warnings());
    const configuration = await stageConfiguration(config, stage, changes, edit);
    if (verify !== undefined) await edit(() => verify(stage, changes, warnings));
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
  });
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

function readIfThere(path: string): Buffer | undefined {
  return existsSync(path) ? readFileSync(path) : undefined;
}
