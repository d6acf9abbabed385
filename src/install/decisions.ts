import { lookupTable } from '../mail-server/list-tables.ts';
import { parsePipeArgs, pipeAttribute } from '../mail-server/master-cf.ts';
import type { UnitFacts } from '../mail-server/units.ts';
import type { Host, SpooledList } from './host.ts';
import type { InstallOptions, Lookup } from './options.ts';

export const TRANSPORT_KEY = 'mlmmj/unix';

/** Where an iRedMail host keeps its lists; also the snippets' own. */
const DEFAULT_SPOOL = '/var/vmail/mlmmj';
/** Where Debian's mlmmj package keeps them. */
const DEBIAN_SPOOL = '/var/spool/mlmmj';

/**
 * The user: as asked for, else as the transport or the service's unit has it, else whose all lists are that there are,
 * else mlmmj.
 */
export function chooseUser(
  options: InstallOptions,
  services: Host['services'],
  unit: UnitFacts | undefined,
  listsOwner: string | undefined,
): string {
  const transport = services.get(TRANSPORT_KEY);
  const existing = transport && pipeAttribute(parsePipeArgs(transport.args), 'user');
  return options.user ?? existing?.split(':')[0] ?? unit?.user ?? listsOwner ?? 'mlmmj';
}

/** The spool: as asked for, else as the transport or the service's unit has it, else where lists usually are. */
export function chooseSpool(
  options: InstallOptions,
  services: Host['services'],
  unit: UnitFacts | undefined,
  isDirectory: (path: string) => boolean,
): string {
  if (options.spool !== undefined) return options.spool;
  const transport = services.get(TRANSPORT_KEY);
  for (const word of transport ? parsePipeArgs(transport.args).argv : []) {
    const match = /^(?:-L)?(\/.*?)\/?\$[{(]?nexthop/.exec(word);
    if (match) return match[1]!;
  }
  if (unit?.spool !== undefined) return unit.spool;
  return !isDirectory(DEFAULT_SPOOL) && isDirectory(DEBIAN_SPOOL) ? DEBIAN_SPOOL : DEFAULT_SPOOL;
}

/** The lookup: as asked for, else what transport_maps has for lists, else by the databases that Postfix asks already. */
export function chooseLookup(
  options: InstallOptions,
  transportMaps: string,
  connections: Host['connections'],
): Lookup {
  if (options.lookup !== undefined) return options.lookup;
  const existing = LIST_TABLE.exec(transportMaps)?.[1];
  if (existing !== undefined) return lookupKind(existing);
  return (['mysql', 'pgsql', 'ldap'] as const).find((kind) => connections.has(kind)) ?? 'hash';
}

/** A table of lists among others: the pipe's or the LMTP service's. */
const LIST_TABLE =
  /\b(mysql|pgsql|ldap|hash|btree|lmdb|cdb|sdbm|dbm|texthash):[^\s,]*(?:transport_maps_maillist|\/lmtp_transport\b)/;

/** What the options call it: a file is a file, however it is indexed. */
function lookupKind(type: string): Lookup {
  return type === 'mysql' || type === 'pgsql' || type === 'ldap' ? type : 'hash';
}

/** The type of the table of lists that transport_maps has as a file already, else Postfix's default. */
export function chooseTableType(transportMaps: string, config: string, standard: string): string {
  const { table } = lookupTable('hash', config, '');
  const entry = transportMaps.split(/[\s,{}]+/).find((word) => word.endsWith(table));
  const type = entry?.replace(/^proxy:/, '').slice(0, -table.length);
  return type !== undefined && lookupKind(type) === 'hash' && LIST_TABLE.test(entry!) ? type : standard;
}

/** Whether postmap(1) makes an index of a table of this type; texthash is read as it is. */
export function isIndexed(tableType: string): boolean {
  return tableType !== 'texthash';
}

/** Every lookup that has to lead to the LMTP service: as asked for, else each that transport_maps has for lists. */
export function chooseRoutedLookups(
  options: InstallOptions,
  transportMaps: string,
  connections: Host['connections'],
): Lookup[] {
  if (options.lookup !== undefined) return [options.lookup];
  const kinds = transportMaps
    .split(/[\s,]+/)
    .map((table) => LIST_TABLE.exec(table)?.[1])
    .filter((kind) => kind !== undefined)
    .map(lookupKind);
  return kinds.length > 0 ? [...new Set(kinds)] : [chooseLookup(options, transportMaps, connections)];
}

/** The LMTP address that lists are routed to: as asked for, else as it is; undefined is the pipe. */
export function chooseLmtp(options: InstallOptions, host: Pick<Host, 'lmtp'>): string | undefined {
  if (options.route === undefined) return host.lmtp;
  return options.route === 'pipe' ? undefined : options.route.lmtp;
}

/**
 * The lists that belong into a file: all in the spool, unless a database says which lists there are. Then the spool
 * does not: it also holds the lists that the database has switched off.
 */
export function listsForFile(host: Host): readonly SpooledList[] {
  const database = /\b(mysql|pgsql|ldap):\S*(?:transport_maps_maillist|\/lmtp_transport\b)/.test(
    host.expanded.get('transport_maps') ?? '',
  );
  return database || host.ledBy.length > 0 ? [] : host.lists;
}
