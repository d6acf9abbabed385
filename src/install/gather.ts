import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { CommandProblem } from '../commands/problem.ts';
import { ExitStatus } from '../errors.ts';
import { amavisPlace } from '../mail-server/amavis.ts';
import { lookupTable } from '../mail-server/list-tables.ts';
import { listEntries } from '../mail-server/main-cf.ts';
import { signsForAll } from '../mail-server/policy-bank.ts';
import { Postconf, postfixConfigDirectory } from '../mail-server/postconf.ts';
import { hasDomain } from '../mail-server/routing/domains.ts';
import { type Asking, TableTrouble } from '../mail-server/routing/lookup.ts';
import { Postmap } from '../mail-server/routing/postmap.ts';
import type { RoutingSettings } from '../mail-server/routing/settings.ts';
import { run } from '../mail-server/run.ts';
import { SERVICE_UNIT, SOCKET_UNIT, unitFacts } from '../mail-server/units.ts';
import { gatherAliasPipes } from './alias-pipes.ts';
import { chooseSpool, chooseTableType, chooseUser, isIndexed } from './decisions.ts';
import { fingerprint } from './file-change.ts';
import type { AmavisPlace, Host, SpooledList, TheirBank } from './host.ts';
import { installedProgram } from './installed-program.ts';
import { Journal } from './journal.ts';
import { ledLists, plannedRouting } from './led-lists.ts';
import type { InstallOptions } from './options.ts';
import { routedTo } from './routed-to.ts';
import { ownerOfAll, surveySpool } from './spool.ts';
import { indexOf } from './stage.ts';

/**
 * Reads what is on this host: the only place where the installer looks at anything before it has a plan.
 *
 * @throws CommandProblem where there is no Postfix, or the program is not installed.
 */
export async function gatherHost(options: InstallOptions): Promise<Host> {
  const config = options.postfixConfig ?? (await postfixConfigDirectory());
  for (const file of ['main.cf', 'master.cf']) {
    if (!existsSync(`${config}/${file}`)) {
      throw new CommandProblem(
        ExitStatus.Unavailable,
        `there is no Postfix configuration: ${config}/${file} is missing`,
      );
    }
  }
  const program = await installedProgram(options.prefix);
  const postconf = new Postconf(config);
  const [explicit, effective, expanded, services] = await Promise.all([
    postconf.parameters('explicit'),
    postconf.parameters('effective'),
    postconf.parameters('expanded'),
    postconf.services(),
  ]);
  const systemd = systemdDirectory(options.systemdConfig);
  const unitText = systemd && readIfThere(`${systemd}/${SERVICE_UNIT}`);
  const unit = unitText === undefined ? undefined : unitFacts(unitText);
  const spool = chooseSpool(options, services, unit, isDirectory);
  const listsOwner = deliverer(ownerOfAll(spool), effective);
  const user = chooseUser(options, services, unit, listsOwner);
  const tableType = chooseTableType(
    expanded.get('transport_maps') ?? '',
    config,
    effective.get('default_database_type') ?? 'hash',
  );
  const uid = await userId(user);
  // Whoever is created now owns nothing yet.
  const owner = uid ?? (options.createUser ? -1 : undefined);
  const { lists, passedOver, strangers } = surveySpool(
    spool,
    owner === undefined ? undefined : { uid: owner },
  );
  const routing = plannedRouting(expanded);
  const postmap = new Postmap(config);
  const amavis = findAmavis(config, options);
  const files = [`${config}/mlmmj-out.regexp`, amavis?.bank, amavis?.main];
  for (const lookup of ['hash', 'mysql', 'pgsql', 'ldap'] as const) {
    for (const route of ['pipe', 'lmtp'] as const)
      files.push(lookupTable(lookup, config, tableType, route).path);
  }
  if (systemd !== undefined) files.push(`${systemd}/${SERVICE_UNIT}`, `${systemd}/${SOCKET_UNIT}`);
  const contents = new Map(
    files.filter((path) => path !== undefined).map((path) => [path, readIfThere(path)]),
  );
  return {
    config,
    tableType,
    explicit,
    effective,
    expanded,
    services,
    program,
    amavis,
    files: contents,
    stale: new Set([...contents.keys()].filter((path) => isIndexed(tableType) && isStale(path, tableType))),
    connections: findConnections(config, options.lookupFrom),
    users: new Set(uid === undefined ? [] : [user]),
    directories: new Set([spool, '/var/vmail/mlmmj', '/var/spool/mlmmj'].filter(isDirectory)),
    lists,
    passedOver,
    strangers,
    aliasPipes: gatherAliasPipes(expanded.get('alias_maps') ?? '', expanded.get('default_privs') ?? 'nobody'),
    listsOwner,
    ledBy: await leadingTables(config, lists, expanded.get('transport_maps') ?? ''),
    led: await ledLists(lists, routing, postmap),
    aliasDomains: await aliasDomains(lists, routing, postmap),
    groups: {
      owner: (await groupOf(user)) ?? user,
      mail: (await groupOf(effective.get('mail_owner') ?? 'postfix')) ?? 'postfix',
    },
    lmtp: routedTo(config, expanded.get('transport_maps') ?? '', contents),
    systemd,
    unit,
  };
}

/** Whom pipe(8) runs programs as: not root, and not Postfix itself. */
function deliverer(owner: string | undefined, effective: Host['effective']): string | undefined {
  return owner === 'root' || owner === effective.get('mail_owner') ? undefined : owner;
}

/**
 * The database tables that know lists by another name than ours: iRedMail with OpenLDAP asks for users and lists in one
 * lookup. One that does not answer is no such table.
 */
async function leadingTables(
  config: string,
  lists: readonly SpooledList[],
  transportMaps: string,
): Promise<string[]> {
  if (lists.length === 0 || transportMaps.includes('transport_maps_maillist')) return [];
  const addresses = lists.map(({ address }) => `${address}\n`).join('');
  const leading: string[] = [];
  for (const entry of listEntries(transportMaps)) {
    const table = entry.replace(/^proxy:/, '');
    if (!/^(?:mysql|pgsql|ldap):/.test(table)) continue;
    const { stdout } = await run('postmap', ['-c', config, '-q', '-', table], addresses);
    if (/^\S+\tmlmmj:/m.test(stdout)) leading.push(entry);
  }
  return leading;
}

/** The lists' domains that are virtual alias domains: by default each that virtual_alias_maps has is one. */
async function aliasDomains(
  lists: readonly SpooledList[],
  routing: RoutingSettings,
  postmap: Postmap,
): Promise<Set<string>> {
  const domains = [...new Set(lists.map(({ address }) => address.split('@')[1]!))];
  const answers = await postmap.answer(domains.map((domain) => isAliasDomain(domain, routing)));
  return new Set(domains.filter((_, at) => answers[at]));
}

/** A table that cannot be asked says nothing of a domain; that it cannot is said when it is needed. */
function* isAliasDomain(domain: string, routing: RoutingSettings): Asking<boolean> {
  try {
    return yield* hasDomain(routing, 'virtual_alias_domains', domain);
  } catch (error) {
    if (error instanceof TableTrouble) return false;
    throw error;
  }
}

function systemdDirectory(wanted: string | undefined): string | undefined {
  if (wanted === 'none') return undefined;
  const directory = wanted ?? '/etc/systemd/system';
  return isDirectory(directory) ? directory : undefined;
}

async function groupOf(user: string): Promise<string | undefined> {
  const { exitCode, stdout } = await run('id', ['-gn', user]);
  return exitCode === 0 ? stdout.trim() : undefined;
}

function findAmavis(config: string, options: InstallOptions): AmavisPlace | undefined {
  const place = amavisPlace(options.amavisConfig, existsSync);
  if (place === undefined) return undefined;
  const directory = dirname(place.bank);
  if (place.main === undefined ? !isDirectory(directory) : readIfThere(place.main) === undefined) {
    throw new CommandProblem(
      ExitStatus.NoInput,
      `--amavis-config ${options.amavisConfig}: there is no such file`,
    );
  }
  const names = place.main === undefined ? readdirSync(directory).sort() : [basename(place.main)];
  const others = names.map((name) => `${directory}/${name}`).filter((path) => path !== place.bank);
  const policies = new Map<number, string>();
  for (const path of others) {
    for (const [, port, bank] of (readIfThere(path) ?? '').matchAll(INTERFACE_POLICY))
      policies.set(Number(port), bank!);
  }
  return {
    ...place,
    theirs: theirBank(others),
    policies,
    bankIsAsInstalled: isAsInstalled(config, place.bank),
  };
}

function theirBank(paths: readonly string[]): TheirBank | undefined {
  const texts = paths.map((path) => ({ path, text: readIfThere(path) ?? '' }));
  const found = texts.find(({ text }) => DEFINES_BANK.test(text));
  return found && { ...found, signsForAll: texts.some(({ text }) => signsForAll(text)) };
}

const DEFINES_BANK = /^[^#\n]*\$policy_bank\s*\{\s*['"]?MLMMJ['"]?\s*\}\s*=/m;
const INTERFACE_POLICY = /^[^#\n]*\$interface_policy\s*\{\s*['"]?(\d+)['"]?\s*\}\s*=\s*['"]?(\w+)/gm;

function isAsInstalled(config: string, path: string): boolean {
  const text = readIfThere(path);
  const real = existsSync(path) ? realpathSync(path) : path;
  const written = new Journal(config).installed()?.files.find((file) => file.path === real)?.after;
  return text !== undefined && written === fingerprint(Buffer.from(text, 'latin1'));
}

/** The first table of each database that holds a password: `mysql/*.cf` as iRedMail has them, or the one named. */
function findConnections(config: string, named: string | undefined): Host['connections'] {
  const connections = new Map<string, { path: string; text: string }>();
  for (const kind of ['mysql', 'pgsql', 'ldap'] as const) {
    const directory = `${config}/${kind}`;
    const paths = named !== undefined ? [named] : tablesIn(directory);
    for (const path of paths) {
      const text = readIfThere(path);
      if (text === undefined) {
        if (named !== undefined)
          throw new CommandProblem(ExitStatus.NoInput, `--lookup-from ${named}: no such file`);
        continue;
      }
      if (/^\s*(password|bind_pw)\s*=\s*\S/m.test(text)) {
        connections.set(kind, { path, text });
        break;
      }
    }
  }
  return connections;
}

function tablesIn(directory: string): string[] {
  if (!isDirectory(directory)) return [];
  return readdirSync(directory)
    .filter((name) => name.endsWith('.cf') && name !== 'transport_maps_maillist.cf')
    .sort()
    .map((name) => `${directory}/${name}`);
}

async function userId(name: string): Promise<number | undefined> {
  const { exitCode, stdout } = await run('id', ['-u', name]);
  return exitCode === 0 ? Number(stdout) : undefined;
}

/** Whether postmap(1)'s index of a table is missing, or older than the table. */
function isStale(path: string, type: string): boolean {
  const index = statSync(indexOf(path, type), { throwIfNoEntry: false });
  const table = statSync(path, { throwIfNoEntry: false });
  return table !== undefined && (index === undefined || index.mtimeMs < table.mtimeMs);
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function readIfThere(path: string): string | undefined {
  try {
    // Bytes as characters: a file that is not UTF-8 must come out of a merge as it went in.
    return readFileSync(path, 'latin1');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined;
    throw new CommandProblem(ExitStatus.NoInput, `${path} cannot be read (${code})`, { cause: error });
  }
}
