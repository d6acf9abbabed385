/** The tables that lead lists to the pipe or to the LMTP service, as they are called on every host. Pure. */

export type DatabaseKind = 'mysql' | 'pgsql' | 'ldap';

/** A file is a file, however it is indexed. */
export type TableKind = 'hash' | DatabaseKind;

/** What each route's tables are called. */
const TABLE_NAMES = { pipe: 'transport_maps_maillist', lmtp: 'lmtp_transport' } as const;

/** The lookup table that transport_maps has to name, and the file that it is. */
export function lookupTable(
  kind: TableKind,
  config: string,
  tableType: string,
  route: keyof typeof TABLE_NAMES = 'pipe',
): { readonly table: string; readonly path: string } {
  const name = TABLE_NAMES[route];
  if (kind === 'hash') {
    const path = `${config}/${name}`;
    return { table: `${tableType}:${path}`, path };
  }
  const path = `${config}/${kind}/${name}.cf`;
  return { table: `proxy:${kind}:${path}`, path };
}

/** Whether a table is one that an installation writes. */
export function isListTable(table: string): boolean {
  return Object.values(TABLE_NAMES).some((name) => new RegExp(`/${name}(?:\\.cf)?$`).test(table));
}

/** The address of the LMTP service that a table names which transport_maps asks; undefined where none does. */
export function routedByTables(
  transportMaps: string,
  files: ReadonlyMap<string, string | undefined>,
): string | undefined {
  for (const [path, text] of files) {
    if (!/\/lmtp_transport(?:\.cf)?$/.test(path) || !transportMaps.includes(`:${path}`)) continue;
    const address = /^[^#\n]*\bmlmmj-lmtp:(\S+)/m.exec(text ?? '')?.[1];
    if (address !== undefined) return address;
  }
  return undefined;
}
