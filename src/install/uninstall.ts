import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyFile, type FileChange, fingerprint } from './file-change.ts';
import { takeBackInterrupted } from './install.ts';
import { type Installed, Journal, type JournalFile, type JournalValue } from './journal.ts';
import { listEntries, withoutEntry } from './main-cf.ts';
import { formatService, type Service } from './master-cf.ts';
import { InstallProblem } from './problem.ts';
import { withoutInclude } from './snippets.ts';
import { copyConfiguration, rewritten } from './stage.ts';
import { checkPostfix } from './verify.ts';

/** What was taken out, or in a dry run would be. */
export interface Removal {
  readonly files: readonly FileChange[];
  /** What was left as it is, because somebody changed it after it was installed. */
  readonly left: readonly string[];
  /** Whether anything was installed at all. */
  readonly found: boolean;
}

/**
 * Puts back what was there before the first installation: a file that nobody touched since, byte for byte; in a file
 * that somebody did, what we set or added and nothing else.
 *
 * @throws InstallProblem: then nothing has changed.
 */
export async function uninstall(config: string, dryRun: boolean): Promise<Removal> {
  const interrupted = dryRun ? false : takeBackInterrupted(config);
  const journal = new Journal(config);
  const installed = journal.installed();
  if (installed === undefined) return { files: [], left: [], found: interrupted };
  const { files, left } = await restoredFiles(config, journal, installed);
  if (dryRun) return { files, left, found: true };
  try {
    journal.begin(files);
    for (const file of files) applyFile(file);
    await checkPostfix(config);
    journal.complete(undefined);
  } catch (error) {
    journal.takeBack();
    const message = error instanceof Error ? error.message : String(error);
    const exit = error instanceof InstallProblem ? error.exit : 1;
    throw new InstallProblem(exit, `${message} (everything was put back as it was installed)`, {
      cause: error,
    });
  }
  return { files, left, found: true };
}

async function restoredFiles(
  config: string,
  journal: Journal,
  installed: Installed,
): Promise<{ files: FileChange[]; left: string[] }> {
  const files: FileChange[] = [];
  const left: string[] = [];
  const changed = installed.files.filter((file) => !isAsInstalled(file));
  for (const file of installed.files) {
    if (changed.includes(file)) continue;
    const { path, mode, uid, gid } = file;
    files.push({
      path,
      before: readIfThere(path),
      after: journal.original(file),
      mode,
      uid,
      gid,
      secret: false,
    });
  }
  const configuration = changed.filter((file) => /\/(main|master)\.cf$/.test(file.path));
  if (configuration.length > 0) files.push(...(await withoutOurs(config, configuration, installed, left)));
  for (const file of changed) {
    if (configuration.includes(file) || !existsSync(file.path)) continue;
    if (file.path === installed.include?.main) {
      const text = readFileSync(file.path, 'latin1');
      files.push(rewritten(file.path, Buffer.from(withoutInclude(text, installed.include.bank), 'latin1')));
    } else left.push(file.path);
  }
  const differs = (file: FileChange) => fingerprint(file.before) !== fingerprint(file.after);
  return { files: files.filter(differs), left };
}

function isAsInstalled(file: JournalFile): boolean {
  return !file.edited && fingerprint(readIfThere(file.path)) === file.after;
}

/** main.cf or master.cf with our values undone one by one, on a copy. */
async function withoutOurs(
  config: string,
  files: readonly JournalFile[],
  installed: Installed,
  left: string[],
): Promise<FileChange[]> {
  const stage = mkdtempSync(join(tmpdir(), 'mlmmj-amime-uninstall-'));
  try {
    const edit = copyConfiguration(config, stage);
    if (files.some((file) => file.path.endsWith('/main.cf'))) {
      const now = await edit((postconf) => postconf.parameters('explicit'));
      for (const setting of installed.settings) {
        for (const { name, value } of undoneSetting(setting, now, left)) {
          await edit((postconf) => postconf.set(name, value));
        }
      }
    }
    if (files.some((file) => file.path.endsWith('/master.cf'))) {
      const now = await edit((postconf) => postconf.services());
      for (const service of installed.services) {
        for (const { key, line } of undoneService(service, now, left)) {
          await edit((postconf) => postconf.setService(key, line));
        }
      }
    }
    return files.map((file) =>
      rewritten(
        file.path,
        readFileSync(join(stage, file.path.endsWith('/main.cf') ? 'main.cf' : 'master.cf')),
      ),
    );
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

function undoneSetting(setting: JournalValue, values: ReadonlyMap<string, string>, left: string[]) {
  const { name, before, after } = setting;
  const now = values.get(name);
  if (now === undefined) return [];
  if (now === after) return [{ name, value: before }];
  const had = listEntries(before ?? '');
  const ours = listEntries(after).filter((entry) => !had.includes(entry));
  if (!ours.some((entry) => listEntries(now).includes(entry)) || !isTable(ours)) {
    left.push(`main.cf: ${name} = ${now}`);
    return [];
  }
  const rest = ours.reduce(withoutEntry, now);
  return [{ name, value: rest === '' ? undefined : rest }];
}

function undoneService(service: JournalValue, services: ReadonlyMap<string, Service>, left: string[]) {
  const now = services.get(service.name);
  if (now === undefined) return [];
  if (formatService(now) === service.after) return [{ key: service.name, line: service.before }];
  left.push(`master.cf: ${service.name}`);
  return [];
}

/** Only in lists of tables and domains do single entries mean anything by themselves. */
function isTable(entries: readonly string[]): boolean {
  return entries.every((entry) => /[:.$]/.test(entry));
}

function readIfThere(path: string): Buffer | undefined {
  return existsSync(path) ? readFileSync(path) : undefined;
}
