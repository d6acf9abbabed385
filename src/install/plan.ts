import type { Change, Plan } from './change.ts';
import {
  chooseLookup,
  chooseSpool,
  chooseUser,
  listsForFile,
  lookupTable,
  TRANSPORT_KEY,
} from './decisions.ts';
import type { Host } from './host.ts';
import { listEntries, seconds, withEntry } from './main-cf.ts';
import { formatService, type Service } from './master-cf.ts';
import { mergeTransport } from './merge-transport.ts';
import type { InstallOptions } from './options.ts';
import { EXIT, InstallProblem } from './problem.ts';
import { recipientTables } from './recipients.ts';
import * as snippets from './snippets.ts';

/** The transport's time limit in the snippet; a delivery gives up by itself a good while before. */
const TIME_LIMIT = '1000s';

/**
 * What has to change on a host, as a pure function of what was found and what was asked for. Planning again after
 * the changes were made gives a plan without changes.
 *
 * @throws InstallProblem where it cannot be done.
 */
export function planInstallation(host: Host, options: InstallOptions): Plan {
  const user = chooseUser(options, host.services);
  const spool = chooseSpool(options, host.services, (path) => host.directories.has(path));
  const adaptation: snippets.Adaptation = {
    program: host.program,
    spool,
    user,
    mlmmjReceive: options.mlmmjReceive,
    amavisPort: options.amavisPort,
    reinjectionPort: options.reinjectionPort,
    dkimDomain: options.dkimDomain,
  };
  const draft = new Draft(host);
  planTransport(draft, host, options, adaptation);
  planAccount(draft, host, options, user, spool);
  planMain(draft, host);
  planOutgoing(draft, host, adaptation);
  planLookup(draft, host, options);
  planAmavis(draft, host, adaptation);
  return draft;
}

/** A plan in the making: knows the host, so that only what differs becomes a change. */
class Draft implements Plan {
  readonly changes: Change[] = [];
  readonly kept: string[] = [];
  readonly notes: string[] = [];
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  setting(name: string, after: string): void {
    const before = this.#host.explicit.get(name);
    if (before === after) this.kept.push(`main.cf: ${name} = ${before}`);
    else this.changes.push({ kind: 'setting', name, before, after });
  }

  service(key: string, after: Service): void {
    const existing = this.#host.services.get(key);
    const before = existing && formatService(existing);
    const line = formatService(after);
    if (before === line) this.kept.push(`master.cf: ${line}`);
    else this.changes.push({ kind: 'service', key, before, after: line });
  }

  file(path: string, after: string, more: { secret?: boolean; index?: string } = {}): void {
    const before = this.#host.files.get(path);
    if (before === after) this.kept.push(path);
    else {
      const { secret = false, index } = more;
      this.changes.push({ kind: 'file', path, before, after, secret, index });
    }
  }
}

function planAccount(draft: Draft, host: Host, options: InstallOptions, user: string, spool: string): void {
  const userIsThere = host.users.has(user);
  const spoolIsThere = host.directories.has(spool);
  if (!options.createUser) {
    if (!userIsThere) {
      throw new InstallProblem(
        EXIT.wrong,
        `there is no user ${user}: name the lists' owner with --user, or add --create-user`,
      );
    }
    if (!spoolIsThere) {
      throw new InstallProblem(
        EXIT.wrong,
        `there is no directory ${spool}: name the spool with --spool, or add --create-user`,
      );
    }
    return;
  }
  if (!userIsThere) draft.changes.push({ kind: 'account', user, home: spool });
  if (!spoolIsThere) draft.changes.push({ kind: 'spool', path: spool, user });
}

function planTransport(
  draft: Draft,
  host: Host,
  options: InstallOptions,
  adaptation: snippets.Adaptation,
): void {
  const existing = host.services.get(TRANSPORT_KEY);
  if (existing === undefined) {
    draft.service(TRANSPORT_KEY, snippets.masterServices(adaptation).transport);
    return;
  }
  const merged = mergeTransport(existing, {
    program: adaptation.program,
    user: options.user,
    spool: options.spool,
    mlmmjReceive: options.mlmmjReceive,
  });
  if (merged.service === undefined) throw new InstallProblem(EXIT.wrong, merged.trouble);
  draft.service(TRANSPORT_KEY, merged.service);
}

function planMain(draft: Draft, host: Host): void {
  draft.setting('mlmmj_destination_recipient_limit', '1');
  const limit = host.explicit.get('mlmmj_time_limit');
  const longEnough = limit !== undefined && (seconds(limit) ?? 0) >= seconds(TIME_LIMIT)!;
  draft.setting('mlmmj_time_limit', longEnough ? limit : TIME_LIMIT);
  const delimiter = host.effective.get('recipient_delimiter') ?? '';
  if (delimiter === '') draft.setting('recipient_delimiter', '+');
  else {
    draft.kept.push(`main.cf: recipient_delimiter = ${delimiter}`);
    if (!delimiter.includes('+')) {
      draft.notes.push(
        `recipient_delimiter is "${delimiter}": each list needs the same in control/delimiter`,
      );
    }
  }
  const propagate = host.effective.get('propagate_unmatched_extensions') ?? '';
  if (!listEntries(propagate).includes('virtual')) {
    draft.setting('propagate_unmatched_extensions', withEntry(propagate, 'virtual'));
  }
}

/** The client that keeps DKIM valid, and the table that sends the lists' mail through it. */
function planOutgoing(draft: Draft, host: Host, adaptation: snippets.Adaptation): void {
  const { out } = snippets.masterServices(adaptation);
  const existing = host.services.get('mlmmj-out/unix');
  draft.service('mlmmj-out/unix', existing ?? out);
  const path = `${host.config}/mlmmj-out.regexp`;
  const table = host.files.get(path);
  draft.file(path, table ?? snippets.senderTable(host.config));
  addToList(draft, host, 'sender_dependent_default_transport_maps', `regexp:${path}`);
}

function planLookup(draft: Draft, host: Host, options: InstallOptions): void {
  const transportMaps = host.expanded.get('transport_maps') ?? '';
  const lookup = chooseLookup(options, transportMaps, host.connections);
  if (lookup === 'none') {
    draft.kept.push(`main.cf: transport_maps = ${host.effective.get('transport_maps') ?? ''}`);
    return;
  }
  const { table, path } = lookupTable(lookup, host.config, host.tableType);
  if (lookup === 'hash') {
    const lists = listsForFile(host);
    draft.file(path, snippets.listTable(host.files.get(path), table, lists), { index: table });
    if (host.lists.length === 0) {
      draft.notes.push(`there is no list in the spool yet: add each one to ${path} (or run install again)`);
    }
    const recipients = recipientTables(host, lists);
    for (const parameter of recipients.add) addToList(draft, host, parameter, table);
    for (const domain of recipients.relay) addToList(draft, host, 'relay_domains', domain);
    draft.notes.push(...recipients.notes);
  } else if (host.files.get(path) !== undefined) draft.kept.push(path);
  else draft.file(path, databaseTable(lookup, path, host, options), { secret: true });
  addToList(draft, host, 'transport_maps', table);
  if (lookup !== 'hash') allowProxy(draft, host, table);
}

function databaseTable(
  lookup: snippets.DatabaseKind,
  path: string,
  host: Host,
  options: InstallOptions,
): string {
  const connection = host.connections.get(lookup);
  const text = connection && snippets.databaseTable(lookup, path, connection.text);
  if (text !== undefined) return text;
  const why =
    options.lookupFrom === undefined
      ? `no ${lookup} table in ${host.config}/${lookup} has a password to use`
      : `${options.lookupFrom} has no password to use`;
  throw new InstallProblem(
    EXIT.wrong,
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

function addToList(draft: Draft, host: Host, name: string, entry: string): void {
  const expanded = host.expanded.get(name) ?? '';
  // A default that comes to nothing (relay_domains has a long conditional) is not worth writing down.
  const value = expanded.trim() === '' ? '' : (host.effective.get(name) ?? '');
  const merged = withEntry(value, entry, expanded);
  if (merged === value) draft.kept.push(`main.cf: ${name} = ${value}`);
  else draft.setting(name, merged);
}

function planAmavis(draft: Draft, host: Host, adaptation: snippets.Adaptation): void {
  const place = host.amavis;
  if (place === undefined) {
    draft.notes.push(
      'Amavisd was not found or not wanted: the lists can send straight to Postfix, but nothing signs',
    );
    return;
  }
  const { reinjection } = snippets.masterServices(adaptation);
  const port = `:${adaptation.reinjectionPort}/inet`;
  const taken = [...host.services.keys()].find((key) => key.endsWith(port) || key === port.slice(1));
  if (taken === undefined) draft.service(`${reinjection.name}/inet`, reinjection);
  else draft.kept.push(`master.cf: ${formatService(host.services.get(taken)!)}`);
  if (place.definedIn !== undefined) {
    draft.kept.push(`${place.definedIn}: $policy_bank{'MLMMJ'}`);
    draft.notes.push(
      `${place.definedIn} has a policy bank MLMMJ already: compare it with amavis/policy-bank.conf`,
    );
    return;
  }
  draft.file(place.bank, snippets.policyBank(adaptation));
  if (place.main !== undefined) {
    draft.file(place.main, snippets.withInclude(host.files.get(place.main) ?? '', place.bank));
  }
}
