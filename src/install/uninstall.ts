import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isBankName } from '../mail-server/amavis.ts';
import { listEntries, withoutEntry } from '../mail-server/main-cf.ts';
import { formatService, type Service } from '../mail-server/master-cf.ts';
import { CONFIGURATION, configurationOf, onCopy, resolve } from './configuration-copy.ts';
import { applyFile, type FileChange, fingerprint } from './file-change.ts';
import { takeBackInterrupted } from './install.ts';
import { type Installed, Journal, type JournalFile, type JournalValue } from './journal.ts';
import { takenBack } from './problem.ts';
import { demandRoot } from './root.ts';
import { withoutInclude } from './snippets.ts';
import { rewritten } from './stage.ts';
import { checkPostfix } from './verify.ts';

/** What was taken out, or in a dry run would be. */
export interface Removal {
  readonly files: readonly FileChange[];
  /** What was left as it is, because somebody changed it after it was installed. */
  readonly left: readonly string[];
  /** What was left because main.cf or master.cf has it for something else too. */
  readonly inUse: readonly string[];
  /** Whether anything was installed at all. */
  readonly found: boolean;
  /** Whose configuration is among these files, and has to be read anew. */
  readonly touches: { readonly postfix: boolean; readonly amavis: boolean };
}

const UNTOUCHED = { postfix: false, amavis: false };

/**
 * Puts back what was there before the first installation: a file that nobody touched since, byte for byte; in a file
 * that somebody did, what we set or added and nothing else.
 *
 * @throws CommandProblem: then nothing has changed.
 */
export async function uninstall(config: string, dryRun: boolean): Promise<Removal> {
  const interrupted = dryRun ? false : takeBackInterrupted(config);
  const journal = new Journal(config);
  if (journal.isClosed()) demandRoot('uninstall --dry-run');
  const installed = journal.installed();
  if (installed === undefined) {
    return { files: [], left: [], inUse: [], found: interrupted, touches: UNTOUCHED };
  }
  const removal = await restoredFiles(config, journal, installed);
  const { files } = removal;
  if (dryRun) return { ...removal, found: true };
  await checkRestored(config, files);
  journal.begin(files);
  try {
    for (const file of files) applyFile(file);
  } catch (error) {
    journal.takeBack();
    throw takenBack(error, 'everything was put back as it was installed');
  }
  journal.complete(undefined);
  return { ...removal, found: true };
}

/** Asks Postfix about what it is going to read, before it is there. */
async function checkRestored(config: string, files: readonly FileChange[]): Promise<void> {
  const restored = CONFIGURATION.flatMap((name) => {
    const path = resolve(join(config, name));
    return files.filter((file) => file.path === path).map(({ after }) => ({ name, after }));
  });
  if (restored.length === 0) return;
  await onCopy(config, async (stage, edit) => {
    for (const { name, after } of restored) writeFileSync(join(stage, name), after!);
    await edit(() => checkPostfix(stage));
  });
}

async function restoredFiles(
  config: string,
  journal: Journal,
  installed: Installed,
): Promise<Omit<Removal, 'found'>> {
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
  // What has our lines is found by its name of today: a link may have been made, or replaced, since.
  const isRestored = (path: string) => files.some((file) => file.path === resolve(path));
  const values = { 'main.cf': installed.settings, 'master.cf': installed.services };
  const configuration = CONFIGURATION.filter(
    (name) => values[name].length > 0 && !isRestored(join(config, name)),
  );
  if (configuration.length > 0) files.push(...(await withoutOurs(config, configuration, installed, left)));
  const { include } = installed;
  if (include !== undefined && !isRestored(include.main) && existsSync(include.main)) {
    const text = readFileSync(include.main, 'latin1');
    files.push(rewritten(include.main, Buffer.from(withoutInclude(text, include.bank), 'latin1')));
  }
  for (const { path } of changed) if (!isRestored(path) && existsSync(path)) left.push(path);
  const kept = stillNamed(config, files);
  const differs = (file: FileChange) => fingerprint(file.before) !== fingerprint(file.after);
  const restored = files
    .filter((file) => differs(file) && !kept.includes(file))
    .sort(byDependence(config, include?.main));
  return {
    files: restored,
    left,
    inUse: kept.map(({ path }) => path),
    touches: touched(
      config,
      include?.main,
      restored.map(({ path }) => path),
    ),
  };
}

function touched(
  config: string,
  amavisMain: string | undefined,
  paths: readonly string[],
): Removal['touches'] {
  const isAmavis = (path: string) =>
    isBankName(path) || (amavisMain !== undefined && path === resolve(amavisMain));
  return {
    postfix:
      paths.some((path) => path.startsWith(`${resolve(config)}/`)) || paths.some(configurationOf(config)),
    amavis: paths.some(isAmavis),
  };
}

/** What names a file goes before it, so that nothing is missing at any moment. */
function byDependence(config: string, including: string | undefined) {
  const first = [
    ...CONFIGURATION.map((name) => join(config, name)),
    ...(including === undefined ? [] : [including]),
  ];
  const paths = first.map(resolve);
  const rank = ({ path }: FileChange) => (paths.includes(path) ? paths.indexOf(path) : paths.length);
  return (a: FileChange, b: FileChange) => rank(a) - rank(b);
}

/** Tables of ours that somebody uses elsewhere, and their indexes: without them Postfix would put all mail off. */
function stillNamed(config: string, files: readonly FileChange[]): FileChange[] {
  const lines = CONFIGURATION.flatMap((name) => {
    const path = resolve(join(config, name));
    const content = files.find((file) => file.path === path)?.after ?? readIfThere(path);
    return (content?.toString('latin1') ?? '').split('\n').filter((line) => !/^\s*#/.test(line));
  });
  const words = new Set(lines.flatMap((line) => line.split(/[\s,:={}]+/)).map((word) => basename(word)));
  const isTableOf = (path: string) => (word: string) =>
    basename(path) === word || basename(path).startsWith(`${word}.`);
  return files.filter(
    ({ path, after }) =>
      after === undefined && dirname(path).startsWith(resolve(config)) && [...words].some(isTableOf(path)),
  );
}

function isAsInstalled(file: JournalFile): boolean {
  return !file.edited && fingerprint(readIfThere(file.path)) === file.after;
}

/** main.cf or master.cf with our values undone one by one, on a copy. */
function withoutOurs(
  config: string,
  names: readonly (typeof CONFIGURATION)[number][],
  installed: Installed,
  left: string[],
): Promise<FileChange[]> {
  return onCopy(config, async (stage, edit) => {
    if (names.includes('main.cf')) {
      const now = await edit((postconf) => postconf.parameters('explicit'));
      for (const setting of installed.settings) {
        for (const { name, value } of undoneSetting(setting, now, left)) {
          await edit((postconf) => postconf.set(name, value));
        }
      }
    }
    if (names.includes('master.cf')) {
      const now = await edit((postconf) => postconf.services());
      for (const service of installed.services) {
        for (const { key, line } of undoneService(service, now, left)) {
          await edit((postconf) => postconf.setService(key, line));
        }
      }
    }
    return names.map((name) => rewritten(join(config, name), readFileSync(join(stage, name))));
  });
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
