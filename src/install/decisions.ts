import type { Host, SpooledList } from './host.ts';
import { parsePipeArgs, pipeAttribute } from './master-cf.ts';
import type { InstallOptions, Lookup } from './options.ts';

export const TRANSPORT_KEY = 'mlmmj/unix';

/** Where an iRedMail host keeps its lists; also the snippets' own. */
export const DEFAULT_SPOOL = '/var/vmail/mlmmj';
/** Where Debian's mlmmj package keeps them. */
export const DEBIAN_SPOOL = '/var/spool/mlmmj';

/** The user: as asked for, else as the transport has it, else mlmmj. */
export function chooseUser(options: InstallOptions, services: Host['services']): string {
  const transport = services.get(TRANSPORT_KEY);
  const existing = transport && pipeAttribute(parsePipeArgs(transport.args), 'user');
  return options.user ?? existing?.split(':')[0] ?? 'mlmmj';
}

/** The spool: as asked for, else as the transport has it, else where lists usually are. */
export function chooseSpool(
  options: InstallOptions,
  services: Host['services'],
  isDirectory: (path: string) => boolean,
): string {
  if (options.spool !== undefined) return options.spool;
  const transport = services.get(TRANSPORT_KEY);
  for (const word of transport ? parsePipeArgs(transport.args).argv : []) {
    const match = /^(?:-L)?(\/.*?)\/?\$[{(]?nexthop/.exec(word);
    if (match) return match[1]!;
  }
  return !isDirectory(DEFAULT_SPOOL) && isDirectory(DEBIAN_SPOOL) ? DEBIAN_SPOOL : DEFAULT_SPOOL;
}

/** The lookup: as asked for, else what transport_maps has for lists, else by the databases that Postfix asks already. */
export function chooseLookup(
  options: InstallOptions,
  transportMaps: string,
  connections: Host['connections'],
): Lookup {
  if (options.lookup !== undefined) return options.lookup;
  const existing = /\b(mysql|pgsql|ldap|hash|lmdb):\S*transport_maps_maillist/.exec(transportMaps)?.[1];
  if (existing !== undefined) return existing === 'lmdb' ? 'hash' : (existing as Lookup);
  return (['mysql', 'pgsql', 'ldap'] as const).find((kind) => connections.has(kind)) ?? 'hash';
}

/** The lookup table that transport_maps has to name, and the file that it is. */
export function lookupTable(
  lookup: Exclude<Lookup, 'none'>,
  config: string,
  tableType: string,
): { readonly table: string; readonly path: string } {
  if (lookup === 'hash') {
    const path = `${config}/transport_maps_maillist`;
    return { table: `${tableType}:${path}`, path };
  }
  const path = `${config}/${lookup}/transport_maps_maillist.cf`;
  return { table: `proxy:${lookup}:${path}`, path };
}

/**
 * The lists that belong into a file: all in the spool, unless a database says which lists there are. Then the spool
 * does not: it also holds the lists that the database has switched off.
 */
export function listsForFile(host: Host): readonly SpooledList[] {
  const database = /\b(mysql|pgsql|ldap):\S*transport_maps_maillist/.test(
    host.expanded.get('transport_maps') ?? '',
  );
  return database ? [] : host.lists;
}
