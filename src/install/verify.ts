import { existsSync, readFileSync } from 'node:fs';
import { CommandProblem } from '../commands/problem.ts';
import { ExitStatus } from '../errors.ts';
import { formatService } from '../mail-server/master-cf.ts';
import { firstTrouble, lastLine, Postconf } from '../mail-server/postconf.ts';
import { find, TableTrouble } from '../mail-server/routing/lookup.ts';
import { Postmap } from '../mail-server/routing/postmap.ts';
import { run } from '../mail-server/run.ts';
import type { Change } from './change.ts';
import type { PlannedTable } from './plan-lookup.ts';

/**
 * Postfix's own check of its configuration.
 *
 * @throws CommandProblem with what it says.
 */
export async function checkPostfix(config: string, prefix = ''): Promise<void> {
  const result = await run('postfix', ['-c', config, 'check']);
  if (result.exitCode === 0) return;
  const said = lastLine(result.stderr) || (await startUpTrouble(config));
  throw new CommandProblem(
    ExitStatus.Wrong,
    `${prefix}postfix check: ${said || 'failed; the mail log says why'}`,
  );
}

/** What keeps any of Postfix's programs from starting; postfix(1) itself may say it to the mail log alone. */
async function startUpTrouble(config: string): Promise<string> {
  const { stderr } = await run('postmap', ['-c', config, '-q', 'x', 'static:x']);
  return /: fatal: /.test(stderr) ? firstTrouble(stderr) : '';
}

/**
 * Whether Postfix accepts a configuration, and reads from it what was planned.
 *
 * @throws CommandProblem with the first thing that is not so.
 */
export async function verifyConfiguration(
  config: string,
  changes: readonly Change[],
  warningsBefore: readonly string[],
): Promise<void> {
  await checkPostfix(config);
  const postconf = new Postconf(config);
  const [explicit, services, warnings] = await Promise.all([
    postconf.parameters('explicit'),
    postconf.services(),
    postconf.warnings(),
  ]);
  for (const change of changes) {
    if (change.kind === 'setting' && explicit.get(change.name) !== change.after.trim()) {
      throw new CommandProblem(ExitStatus.Wrong, `postconf ${change.name} is not what was written`);
    }
    if (change.kind === 'service') {
      const service = services.get(change.key);
      if (service === undefined || formatService(service) !== change.after) {
        throw new CommandProblem(ExitStatus.Wrong, `postconf -M ${change.key} is not what was written`);
      }
    }
  }
  // A table that comes with these changes is not there yet.
  const paths = changes.flatMap((change) => (change.kind === 'file' ? [change.path] : []));
  const fresh = warnings.find(
    (warning) => !warningsBefore.includes(warning) && !paths.some((path) => warning.includes(path)),
  );
  if (fresh !== undefined) throw new CommandProblem(ExitStatus.Wrong, lastLine(fresh));
}

/**
 * Whether the lookup works: a database answers, and a file's lists are found by their addresses and extensions. A
 * table in transport_maps that cannot answer stops all mail, not the lists' alone.
 *
 * @throws CommandProblem where it does not.
 */
export async function verifyLookup(config: string, planned: PlannedTable): Promise<void> {
  const { table, transport, lists } = planned;
  const plain = table.replace(/^proxy:/, '');
  const asked = await new Postmap(config)
    .answer(['nobody@invalid', ...lists].map((text) => find([plain], [{ text, partial: false }])))
    .catch((error: unknown) => {
      if (!(error instanceof TableTrouble)) throw error;
      throw new CommandProblem(ExitStatus.Wrong, `the lookup ${plain} does not work: ${error.message}`);
    });
  const lost = lists.find((_, at) => !asked[at + 1]?.value.startsWith(`${transport}:`));
  if (lost === undefined) return;
  throw new CommandProblem(ExitStatus.Wrong, `${plain} does not say where ${lost} is: run postmap ${plain}`);
}

/** Amavisd's own functions for its configuration: perl has to know of them where they are called without parentheses. */
const AMAVIS_FUNCTIONS = [
  ...['include_config_files', 'include_optional_config_files', 'dkim_key', 'new_RE'],
  ...['read_hash', 'read_array', 'read_cidr', 'read_text', 'read_l10n_templates'],
]
  .map((name) => `sub ${name};`)
  .join(' ');

/**
 * Whether perl takes a file of Amavisd's. A whole configuration may use Amavisd's variables under `use strict`, which
 * perl alone knows nothing of, so that is left out: the syntax is what an edit can break.
 *
 * @throws CommandProblem with what perl says.
 */
export async function checkPerl(path: string): Promise<void> {
  if (!existsSync(path)) return;
  const perl = readFileSync(path, 'latin1').replace(/^\s*use\s+strict\b[^;]*;/gm, '');
  const result = await run('perl', ['-c'], `${AMAVIS_FUNCTIONS}\n#line 1\n${perl}`);
  if (result.exitCode === 0) return;
  const said = result.stderr.split('\n')[0]!.replace(/ at - line (\d+).*/, ' (line $1)');
  throw new CommandProblem(ExitStatus.Wrong, `${path}: ${said}`);
}
