import { CommandProblem } from '../commands/problem.ts';
import { ExitStatus } from '../errors.ts';
import { postfixConfigDirectory } from '../mail-server/postconf.ts';
import { createAccounts } from './account.ts';
import type { Change } from './change.ts';
import { configurationOf } from './configuration-copy.ts';
import { applyFile, type FileChange, fingerprint } from './file-change.ts';
import { gatherHost } from './gather.ts';
import type { Host } from './host.ts';
import { type Installed, Journal, type JournalFile, type JournalValue } from './journal.ts';
import type { InstallOptions } from './options.ts';
import { type InstallationPlan, planInstallation } from './plan.ts';
import { takenBack } from './problem.ts';
import { demandRoot } from './root.ts';
import { stageChanges } from './stage.ts';
import { checkPerl, checkPostfix, verifyConfiguration, verifyLookup } from './verify.ts';

/** What an installation did, or in a dry run would do. */
export interface Installation {
  readonly host: Host;
  readonly plan: InstallationPlan;
  readonly files: readonly FileChange[];
  /** An earlier run was killed half-way, and what it had done was taken back first. */
  readonly recovered: boolean;
}

/**
 * Reads the host, plans, stages the new files, and (unless it is a dry run) has Postfix check them, puts them in place,
 * and takes everything back where something fails.
 *
 * @throws CommandProblem: then nothing has changed.
 */
export async function install(options: InstallOptions): Promise<Installation> {
  const recovered = options.dryRun ? false : await recoverInterrupted(options);
  const host = await gatherHost(options);
  if (new Journal(host.config).isClosed()) demandRoot('install --dry-run');
  const plan = planInstallation(host, options);
  const files =
    options.dryRun || plan.changes.length === 0
      ? await stageChanges(host.config, plan.changes)
      : await checkedChanges(host.config, plan.changes);
  if (!options.dryRun && (plan.changes.length > 0 || files.length > 0)) await commit(host, plan, files);
  return { host, plan, files, recovered };
}

/** The new files, which Postfix has found in order. Where it has not: was it before? */
async function checkedChanges(config: string, changes: readonly Change[]): Promise<FileChange[]> {
  try {
    return await stageChanges(config, changes, verifyConfiguration);
  } catch (error) {
    await checkPostfix(config, 'nothing was changed, because Postfix is not in order already: ');
    throw error;
  }
}

async function recoverInterrupted(options: InstallOptions): Promise<boolean> {
  return takeBackInterrupted(options.postfixConfig ?? (await postfixConfigDirectory()));
}

/** Takes back what a killed run left half done; says whether there was any. */
export function takeBackInterrupted(config: string): boolean {
  const journal = new Journal(config);
  journal.sweep();
  if (!journal.interrupted()) return false;
  const left = journal.takeBack();
  if (left.length === 0) return true;
  throw new CommandProblem(
    ExitStatus.Wrong,
    `an earlier run was interrupted and ${left.join(', ')} has changed since: look at it, then run this again`,
  );
}

async function commit(host: Host, plan: InstallationPlan, files: readonly FileChange[]): Promise<void> {
  const journal = new Journal(host.config);
  const undoAccounts = await createAccounts(plan.changes);
  try {
    journal.begin(files);
    try {
      const isConfiguration = configurationOf(host.config);
      for (const file of files) if (!isConfiguration(file.path)) applyFile(file);
      // A table that cannot answer stops all mail: it is asked before anything names it.
      for (const table of plan.tables) await verifyLookup(host.config, table);
      await checkAmavis(host, plan.changes);
      for (const file of files) if (isConfiguration(file.path)) applyFile(file);
      journal.complete(record(journal, host, plan, files));
    } catch (error) {
      journal.takeBack();
      throw error;
    }
  } catch (error) {
    await undoAccounts();
    throw takenBack(error, 'everything was put back as it was');
  }
}

async function checkAmavis({ amavis }: Host, changes: readonly Change[]): Promise<void> {
  for (const change of changes) {
    if (change.kind === 'file' && [amavis?.bank, amavis?.main].includes(change.path))
      await checkPerl(change.path);
  }
}

/** What is installed after these changes: the state before the first installation is kept through all later ones. */
function record(
  journal: Journal,
  host: Host,
  { changes, lmtp }: InstallationPlan,
  files: readonly FileChange[],
): Installed {
  const earlier = journal.installed();
  const settings = changes.flatMap((change) =>
    change.kind === 'setting'
      ? [{ name: change.name, before: change.before, after: change.after.trim() }]
      : [],
  );
  const services = changes.flatMap((change) =>
    change.kind === 'service' ? [{ name: change.key, before: change.before, after: change.after }] : [],
  );
  const { amavis } = host;
  const included =
    amavis?.main !== undefined &&
    changes.some((change) => change.kind === 'file' && change.path === amavis.main);
  return {
    files: recordFiles(journal, earlier?.files ?? [], files),
    settings: recordValues(earlier?.settings ?? [], settings),
    services: recordValues(earlier?.services ?? [], services),
    lmtp,
    include: included ? { main: amavis!.main!, bank: amavis!.bank } : earlier?.include,
  };
}

function recordFiles(
  journal: Journal,
  earlier: readonly JournalFile[],
  files: readonly FileChange[],
): JournalFile[] {
  const untouched = earlier.filter((file) => !files.some((change) => change.path === file.path));
  const touched = files.map((change) => {
    const first = earlier.find((file) => file.path === change.path);
    const { path, mode, uid, gid } = change;
    const after = fingerprint(change.after);
    if (first === undefined) {
      const backup = change.before && journal.keepOriginal(path, change.before);
      return { path, backup, after, mode, uid, gid, edited: false };
    }
    // A file that went missing is no edit that has to be kept.
    const edited = change.before !== undefined && first.after !== fingerprint(change.before);
    return { ...first, after, edited: first.edited || edited };
  });
  return [...untouched, ...touched];
}

function recordValues(earlier: readonly JournalValue[], values: readonly JournalValue[]): JournalValue[] {
  const untouched = earlier.filter((value) => !values.some((change) => change.name === value.name));
  const touched = values.map((value) => {
    const first = earlier.find((was) => was.name === value.name);
    return first === undefined ? value : { ...value, before: first.before };
  });
  return [...untouched, ...touched];
}
