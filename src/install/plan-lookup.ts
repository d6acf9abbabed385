import { CommandProblem } from '../commands/problem.ts';
import { ExitStatus } from '../errors.ts';
import { type DatabaseKind, isListTable, lookupTable } from '../mail-server/list-tables.ts';
import { listEntries } from '../mail-server/main-cf.ts';
import { chooseLookup, chooseRoutedLookups, isIndexed, listsForFile } from './decisions.ts';
import type { Draft } from './draft.ts';
import type { Host, SpooledList } from './host.ts';
import type { InstallOptions } from './options.ts';
import { recipientTables } from './recipients.ts';
import * as snippets from './snippets.ts';

/** A table that was planned: what postmap(1) is asked once it is in place. */
export interface PlannedTable {
  readonly table: string;
  /** The transport that its answers begin with. */
  readonly transport: 'mlmmj' | 'mlmmj-lmtp';
  /** Lists that it must know. */
  readonly lists: readonly string[];
}

const RECIPIENT_MAPS = ['local_recipient_maps', 'virtual_mailbox_maps', 'relay_recipient_maps'];
const DATABASES = ['mysql', 'pgsql', 'ldap'] as const;

/** The lookup that leads lists to the pipe. */
export function planPipeLookup(draft: Draft, host: Host, options: InstallOptions): PlannedTable[] {
  const transportMaps = host.expanded.get('transport_maps') ?? '';
  const leading = leadingTables(host, transportMaps);
  if (options.lookup === undefined && leading.length > 0) {
    draft.kept.push(
      `main.cf: transport_maps, as ${leading.join(', ')} leads the lists to the transport already`,
    );
    draft.notes.push(...host.passedOver);
    if (options.route === 'pipe') takeBackFromService(draft, host, []);
    return [];
  }
  const lookup = chooseLookup(options, transportMaps, host.connections);
  if (lookup === 'none') return leaveTransportMaps(draft, host);
  const { table, path } = lookupTable(lookup, host.config, host.tableType);
  const lists = listsForFile(host).filter(({ address }) => !host.led.has(address));
  let routed: readonly string[] = [];
  if (lookup === 'hash') {
    const text = snippets.listTable(host.files.get(path), table, lists);
    draft.file(path, text, indexed(host, table));
    if (host.lists.length === 0) noteNoLists(draft, path);
    draft.notes.push(...host.passedOver);
    planRecipients(draft, host, lists, table);
    routed = ledTo('mlmmj', draft, path, text, lists);
  } else if (host.files.get(path) !== undefined) draft.kept.push(path);
  else draft.file(path, databaseTable(lookup, path, host, options), { secret: true });
  draft.addToList('transport_maps', table);
  if (lookup !== 'hash') allowProxy(draft, host, table);
  if (options.route === 'pipe') takeBackFromService(draft, host, lists);
  return [{ table, transport: 'mlmmj', lists: routed }];
}

/** Tables of the host's own that lead lists to the pipe, so that none of ours is needed. */
function leadingTables(host: Host, transportMaps: string): readonly string[] {
  // A database knows which lists there are: one that it does not lead is switched off.
  if (host.ledBy.length > 0) return host.ledBy;
  if (!areAllLed(host) || listEntries(transportMaps).some(isListTable)) return [];
  return [...new Set([...host.led.values()].map((led) => led.table))];
}

/** Whether no list in the spool needs a table of ours. */
function areAllLed({ lists, led }: Host): boolean {
  return lists.length > 0 && lists.every(({ address }) => led.has(address));
}

/** The lists that a table leads to a transport. An entry that says something else is somebody's own, and stays. */
function ledTo(
  transport: PlannedTable['transport'],
  draft: Draft,
  path: string,
  text: string,
  lists: readonly SpooledList[],
): string[] {
  const entries = snippets.tableEntries(text);
  return lists.flatMap(({ address }) => {
    const value = entries.get(address);
    if (value?.startsWith(`${transport}:`)) return [address];
    draft.notes.push(`${address} leads to ${value}: so it is written in ${path}`);
    return [];
  });
}

/**
 * The lookups that lead lists to the LMTP service: tables of their own, asked before the pipe's, which stay as they are.
 * The way back is to take them out of transport_maps again.
 *
 * @param depth how many directories below the spool the service looks for a list; undefined where that is not known
 */
export function planLmtpLookup(
  draft: Draft,
  host: Host,
  options: InstallOptions,
  address: string,
  depth: number | undefined,
): PlannedTable[] {
  const transportMaps = host.expanded.get('transport_maps') ?? '';
  const planned: PlannedTable[] = [];
  for (const lookup of chooseRoutedLookups(options, transportMaps, host.connections)) {
    if (lookup === 'none') return leaveTransportMaps(draft, host);
    const { table, path } = lookupTable(lookup, host.config, host.tableType, 'lmtp');
    let lists: readonly string[] = [];
    if (lookup === 'hash') {
      lists = planLmtpFile(draft, host, path, table, address, depth);
    } else {
      draft.file(path, routedDatabaseTable(lookup, path, host, options, address), { secret: true });
      allowProxy(draft, host, table);
    }
    const others = listEntries(host.effective.get('transport_maps') ?? '');
    const isPipes = (entry: string) => entry.includes('transport_maps_maillist');
    // Where lists are looked up under another name, only the first place is surely before it.
    draft.addToList('transport_maps', table, others.some(isPipes) ? isPipes : () => true);
    planned.push({ table, transport: 'mlmmj-lmtp', lists });
  }
  return planned;
}

function planLmtpFile(
  draft: Draft,
  host: Host,
  path: string,
  table: string,
  address: string,
  depth: number | undefined,
): string[] {
  const pipes = snippets.tableEntries(host.files.get(lookupTable('hash', host.config, host.tableType).path));
  const known = new Map<string, string>(listsForFile(host).map((list) => [list.address, list.nexthop]));
  for (const [key, value] of pipes) {
    const nexthop = /^mlmmj:(.+)$/.exec(value)?.[1];
    if (nexthop === undefined) known.delete(key);
    else if (key.includes('@')) known.set(key, nexthop);
  }
  const lists: SpooledList[] = [];
  for (const [list, nexthop] of known) {
    const led = host.led.get(list);
    if (led !== undefined && led.recipient.toLowerCase() !== list.toLowerCase()) {
      draft.notes.push(
        `${list} becomes ${led.recipient} before transport_maps is asked: take it out of virtual_alias_maps, and run this again`,
      );
    } else if (depth !== undefined && /[A-Z]/.test(nexthop)) {
      draft.notes.push(`${list} lies in ${nexthop}, and the service looks for small letters: rename it`);
    } else if (depth === undefined || nexthop.split('/').length === depth)
      lists.push({ address: list, nexthop });
    else {
      draft.notes.push(
        `${list} lies in ${nexthop}, where the service does not look (--layout): it is not routed to it`,
      );
    }
  }
  const routed = lists.map((list) => list.address);
  const before = host.files.get(path);
  const text = snippets.lmtpTable(before, table, routed, address, host.lmtp);
  draft.file(path, text, indexed(host, table));
  draft.notes.push(...host.passedOver);
  if (routed.length === 0 && snippets.tableEntries(before).size === 0) noteNoLists(draft, path);
  planRecipients(draft, host, lists, table);
  return ledTo('mlmmj-lmtp', draft, path, text, lists);
}

/** Takes the lists that the pipe knows away from the service. Others, on other hosts for instance, stay with it. */
function takeBackFromService(draft: Draft, host: Host, lists: readonly SpooledList[]): void {
  for (const lookup of ['hash', ...DATABASES] as const) {
    const { table, path } = lookupTable(lookup, host.config, host.tableType, 'lmtp');
    const text = host.files.get(path);
    if (text === undefined) continue;
    if (lookup === 'hash') {
      const pipes = host.files.get(lookupTable('hash', host.config, host.tableType).path);
      const taken = [...lists.map(({ address }) => address), ...snippets.tableEntries(pipes).keys()];
      const rest = snippets.withoutEntries(text, taken);
      draft.file(path, rest, indexed(host, table));
      const elsewhere = [...snippets.tableEntries(rest).keys()];
      if (elsewhere.length > 0) {
        draft.notes.push(`still behind an LMTP service, in ${path}: ${elsewhere.join(', ')}`);
        continue;
      }
    }
    const isIt = (entry: string) => entry.replace(/^proxy:/, '') === table.replace(/^proxy:/, '');
    for (const name of ['transport_maps', ...RECIPIENT_MAPS]) draft.removeFromList(name, isIt);
  }
}

/** What postmap(1) has to make an index of. */
function indexed(host: Host, table: string): { readonly index: string | undefined } {
  return { index: isIndexed(host.tableType) ? table : undefined };
}

function leaveTransportMaps(draft: Draft, host: Host): [] {
  draft.kept.push(`main.cf: transport_maps = ${host.effective.get('transport_maps') ?? ''}`);
  return [];
}

function noteNoLists(draft: Draft, path: string): void {
  draft.notes.push(`there is no list in the spool yet: add each one to ${path} (or run install again)`);
}

function planRecipients(draft: Draft, host: Host, lists: readonly SpooledList[], table: string): void {
  const recipients = recipientTables(host, lists);
  for (const parameter of recipients.add) draft.addToList(parameter, table);
  for (const domain of recipients.relay) draft.addToList('relay_domains', domain);
  draft.notes.push(...recipients.notes);
}

/** What asks the database for lists today, with an answer of ours: connection and query are known to work. */
function routedDatabaseTable(
  lookup: DatabaseKind,
  path: string,
  host: Host,
  options: InstallOptions,
  address: string,
): string {
  const pipes = lookupTable(lookup, host.config, host.tableType).path;
  const text = host.files.get(pipes) ?? host.files.get(path) ?? databaseTable(lookup, path, host, options);
  return snippets.routedTable(text.replaceAll(pipes, path), address);
}

function databaseTable(lookup: DatabaseKind, path: string, host: Host, options: InstallOptions): string {
  const connection = host.connections.get(lookup);
  const text = connection && snippets.databaseTable(lookup, path, connection.text);
  if (text !== undefined) return text;
  const why =
    options.lookupFrom === undefined
      ? `no ${lookup} table in ${host.config}/${lookup} has a password to use`
      : `${options.lookupFrom} has no password to use`;
  throw new CommandProblem(
    ExitStatus.Wrong,
    `${why}: name a table that has with --lookup-from FILE, or write ${path} from the ${lookup} example`,
  );
}

/** proxymap(8) answers only for tables that proxy_read_maps names; its default names transport_maps. */
function allowProxy(draft: Draft, host: Host, table: string): void {
  if (!host.explicit.has('proxy_read_maps')) return;
  const value = host.effective.get('proxy_read_maps')!;
  if (listEntries(value).includes('$transport_maps')) return;
  if (listEntries(host.expanded.get('proxy_read_maps') ?? '').includes(table)) return;
  draft.setting('proxy_read_maps', `${value.trim()} $transport_maps`);
}
