import { CommandProblem } from '../commands/problem.ts';
import { ExitStatus } from '../errors.ts';
import { AMAVIS_PORT, bankFacts, REINJECTION_PORT } from '../mail-server/amavis.ts';
import { isOnThisHost } from '../mail-server/lmtp-address.ts';
import { listEntries, seconds, withEntry } from '../mail-server/main-cf.ts';
import { formatService, parsePipeArgs, pipeAttribute, type Service } from '../mail-server/master-cf.ts';
import { bankDifferences, bankSettings, reinjectionPortOf } from '../mail-server/policy-bank.ts';
import { SERVICE_UNIT, SOCKET_UNIT } from '../mail-server/units.ts';
import type { Plan } from './change.ts';
import { chooseLmtp, chooseSpool, chooseUser, TRANSPORT_KEY } from './decisions.ts';
import { Draft } from './draft.ts';
import type { AmavisPlace, Host, TheirBank } from './host.ts';
import { mergeTransport } from './merge-transport.ts';
import { noteOwners } from './note-owners.ts';
import type { InstallOptions } from './options.ts';
import { addressOf, chooseLayout, noteService, planLmtpClient, planUnits, wantsUnits } from './plan-lmtp.ts';
import { type PlannedTable, planLmtpLookup, planPipeLookup } from './plan-lookup.ts';
import * as snippets from './snippets.ts';

/** A plan, and what it makes of the lookups. */
export interface InstallationPlan extends Plan {
  readonly tables: readonly PlannedTable[];
  /** The address of the LMTP service that lists will be routed to; undefined is the pipe. */
  readonly lmtp: string | undefined;
}

/** The transport's time limit in the snippet; a delivery gives up by itself a good while before. */
const TIME_LIMIT = '1000s';

/**
 * What has to change on a host, as a pure function of what was found and what was asked for. Planning again after
 * the changes were made gives a plan without changes.
 *
 * @throws CommandProblem where it cannot be done.
 */
export function planInstallation(host: Host, options: InstallOptions): InstallationPlan {
  const user = chooseUser(options, host.services, host.unit, host.listsOwner);
  const spool = chooseSpool(options, host.services, host.unit, (path) => host.directories.has(path));
  const bank = bankFacts((host.amavis && host.files.get(host.amavis.bank)) ?? '');
  const adaptation: snippets.Adaptation = {
    program: host.program,
    spool,
    user,
    mlmmjReceive: options.mlmmjReceive,
    amavisPort: options.amavisPort ?? bank.amavisPort ?? AMAVIS_PORT,
    reinjectionPort: options.reinjectionPort ?? bank.reinjectionPort ?? REINJECTION_PORT,
    dkimDomain: options.dkimDomain,
  };
  const draft = new Draft(host);
  const lmtp = chooseLmtp(options, host);
  const tables =
    lmtp === undefined
      ? planPipe(draft, host, options, adaptation)
      : planLmtp(draft, host, options, adaptation, lmtp);
  noteOwners(draft, host, user);
  planAmavis(draft, host, adaptation);
  return { changes: draft.changes, kept: draft.kept, notes: draft.notes, tables, lmtp };
}

/** Each message runs the program once, through pipe(8). */
function planPipe(
  draft: Draft,
  host: Host,
  options: InstallOptions,
  adaptation: snippets.Adaptation,
): PlannedTable[] {
  if (adaptation.user === 'root' || adaptation.user === host.effective.get('mail_owner')) {
    throw new CommandProblem(
      ExitStatus.Wrong,
      `pipe(8) runs nothing as ${adaptation.user}: name the lists' owner with --user`,
    );
  }
  planTransport(draft, host, options, adaptation);
  planAccount(draft, host, options, adaptation.user, adaptation.spool);
  planPipeLimits(draft, host);
  planExtensions(draft, host);
  planOutgoing(draft, host, adaptation);
  if (host.lmtp !== undefined && host.unit !== undefined) {
    draft.notes.push(
      `the LMTP service may stop once the queue is empty: systemctl disable --now ${SOCKET_UNIT} ${SERVICE_UNIT}`,
    );
  }
  return planPipeLookup(draft, host, options);
}

/** The LMTP service delivers. The pipe, where there is one, stays for what is routed to it: lists moved by hand. */
function planLmtp(
  draft: Draft,
  host: Host,
  options: InstallOptions,
  adaptation: snippets.Adaptation,
  lmtp: string,
): PlannedTable[] {
  const address = addressOf(lmtp);
  planLmtpClient(draft, host, address);
  const units = wantsUnits(host, options, address, adaptation);
  if (units || options.createUser) planAccount(draft, host, options, adaptation.user, adaptation.spool);
  planExtensions(draft, host);
  planOutgoing(draft, host, adaptation);
  const tables = planLmtpLookup(
    draft,
    host,
    options,
    lmtp,
    units || isOnThisHost(address) ? chooseLayout(host).depth : undefined,
  );
  if (units) planUnits(draft, host, options, address, adaptation);
  else noteService(draft, address, adaptation.spool);
  return tables;
}

function planAccount(draft: Draft, host: Host, options: InstallOptions, user: string, spool: string): void {
  const userIsThere = host.users.has(user);
  const spoolIsThere = host.directories.has(spool);
  if (!options.createUser) {
    if (!userIsThere) {
      throw new CommandProblem(
        ExitStatus.Wrong,
        `there is no user ${user}: name the lists' owner with --user, or add --create-user`,
      );
    }
    if (!spoolIsThere) {
      throw new CommandProblem(
        ExitStatus.Wrong,
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
  const capitals = host.lists.filter(({ nexthop }) => /[A-Z]/.test(nexthop));
  if (existing === undefined) {
    const { transport } = snippets.masterServices(adaptation);
    const args = capitals.length > 0 ? transport.args.replace('flags=DORhu', 'flags=DOR') : transport.args;
    draft.service(TRANSPORT_KEY, { ...transport, args });
    return;
  }
  const folds = (pipeAttribute(parsePipeArgs(existing.args), 'flags') ?? '').includes('h');
  for (const { address, nexthop } of folds ? capitals : []) {
    draft.notes.push(`${address} lies in ${nexthop}, and the flag h asks for small letters: rename it`);
  }
  const merged = mergeTransport(existing, {
    program: adaptation.program,
    user: options.user,
    spool: options.spool,
    mlmmjReceive: options.mlmmjReceive,
    capitals: capitals.length > 0,
  });
  if (merged.service === undefined) throw new CommandProblem(ExitStatus.Wrong, merged.trouble);
  draft.service(TRANSPORT_KEY, merged.service);
}

function planPipeLimits(draft: Draft, host: Host): void {
  draft.setting('mlmmj_destination_recipient_limit', '1');
  const limit = host.explicit.get('mlmmj_time_limit');
  const longEnough = limit !== undefined && (seconds(limit) ?? 0) >= seconds(TIME_LIMIT)!;
  draft.setting('mlmmj_time_limit', longEnough ? limit : TIME_LIMIT);
}

/** list+subscribe@ reaches the list, also behind a virtual alias. */
function planExtensions(draft: Draft, host: Host): void {
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
  const path = `${host.config}/mlmmj-out.regexp`;
  const table = host.files.get(path);
  const [, transport, nexthop] = /^([^:]*):?(.*)$/.exec(host.expanded.get('default_transport') ?? 'smtp')!;
  const usual = host.services.get(`${transport}/unix`);
  if (table === undefined && usual !== undefined && usual.fields[6] !== 'smtp') {
    draft.notes.push(
      `default_transport sends mail out by ${transport}: the lists' mail goes the same way, where 8-bit text must stay as it is`,
    );
    return;
  }
  draft.service('mlmmj-out/unix', existing ?? snippets.likeUsual(out, usual));
  draft.file(path, table ?? snippets.senderTable(host.config, nexthop));
  draft.addToList('sender_dependent_default_transport_maps', `regexp:${path}`);
}

function planAmavis(draft: Draft, host: Host, adaptation: snippets.Adaptation): void {
  const place = host.amavis;
  if (place === undefined) {
    draft.notes.push(
      'Amavisd was not found or not wanted: the lists can send straight to Postfix, but nothing signs',
    );
    return;
  }
  if (place.theirs !== undefined) {
    planTheirBank(draft, host, place.theirs, adaptation);
    return;
  }
  planReinjection(draft, host, adaptation);
  demandFreePort(host, place, adaptation.amavisPort);
  const existing = host.files.get(place.bank);
  const isTheirs = existing !== undefined && !place.bankIsAsInstalled;
  draft.file(
    place.bank,
    isTheirs ? snippets.adaptedBank(existing, adaptation) : snippets.policyBank(adaptation),
  );
  if (place.main !== undefined) {
    draft.file(place.main, snippets.withInclude(host.files.get(place.main) ?? '', place.bank));
  }
}

/** The service that takes the lists' mail back from Amavisd. */
function planReinjection(draft: Draft, host: Host, adaptation: snippets.Adaptation): void {
  const { reinjection } = snippets.masterServices(adaptation);
  const taken = serviceOnPort(host, adaptation.reinjectionPort);
  if (taken === undefined) draft.service(`${reinjection.name}/inet`, reinjection);
  else if (taken.fields[6] === 'smtpd') draft.kept.push(`master.cf: ${formatService(taken)}`);
  else {
    throw new CommandProblem(
      ExitStatus.Wrong,
      `${taken.name} in master.cf runs ${taken.fields[6]}: choose another port with --reinjection-port`,
    );
  }
}

/**
 * A policy bank that somebody else made stays as it is: what in it differs from ours is said. Only one that gives mail
 * back to a port of its own needs a service there; iRedMail's goes where all mail of Amavisd's goes.
 */
function planTheirBank(draft: Draft, host: Host, bank: TheirBank, adaptation: snippets.Adaptation): void {
  draft.kept.push(`${bank.path}: $policy_bank{'MLMMJ'}`);
  const settings = bankSettings(bank.text);
  if (settings === undefined) {
    draft.notes.push(`${bank.path} has a policy bank MLMMJ that cannot be read: it stays as it is`);
    return;
  }
  const port = reinjectionPortOf(settings);
  if (port !== undefined && serviceOnPort(host, port) === undefined)
    planReinjection(draft, host, { ...adaptation, reinjectionPort: port });
  const ours = bankSettings(snippets.policyBank(adaptation))!;
  const differences = bankDifferences(settings, ours, bank.signsForAll);
  if (differences.length > 0) {
    draft.notes.push(`${bank.path} has a policy bank MLMMJ of its own: ${differences.join('; ')}`);
  }
}

/** An Amavisd that cannot open its port does not start, and then no mail is scanned or delivered at all. */
function demandFreePort(host: Host, { policies }: AmavisPlace, port: number): void {
  const service = serviceOnPort(host, port);
  const policy = policies.get(port);
  const whose =
    service !== undefined
      ? `is Postfix's own (${service.name} in master.cf)`
      : policy !== undefined && policy !== 'MLMMJ'
        ? `has Amavisd's policy bank ${policy}`
        : undefined;
  if (whose === undefined) return;
  throw new CommandProblem(
    ExitStatus.Wrong,
    `port ${port} ${whose}: choose another with --amavis-port, and the same in each list's control/smtpport`,
  );
}

function serviceOnPort(host: Host, port: number): Service | undefined {
  const name = `:${port}/inet`;
  const key = [...host.services.keys()].find((other) => other.endsWith(name) || other === name.slice(1));
  return key === undefined ? undefined : host.services.get(key);
}
