import { type ChosenLists, chooseAllLists, directoriesOf, isAddress } from '../check/choose-lists.ts';
import type { HostFacts, ListFacts, LmtpRoute, Lookup } from '../check/facts.ts';
import { type Finding, note } from '../check/finding.ts';
import { gatherHost, listening } from '../check/gather-host.ts';
import { gatherList } from '../check/gather-list.ts';
import { gatherLmtp, lmtpRoute } from '../check/gather-lmtp.ts';
import { AddressLookups, usedAddresses } from '../check/gather-lookups.ts';
import { judgeHost } from '../check/judge-host.ts';
import { judgeList, subjectOf } from '../check/judge-list.ts';
import { judgeLookups } from '../check/judge-lookups.ts';
import { CHECK, parseCheckArgs } from '../check/options.ts';
import { probe } from '../check/probe.ts';
import { countDeliveries } from '../check/read-mail-log.ts';
import { findingsAsJson, reportFindings, withoutRepeats } from '../check/report.ts';
import { countsAsJson, reportCounts } from '../check/report-log.ts';
import { ExitStatus } from '../errors.ts';
import { print } from './print.ts';
import { CommandProblem } from './problem.ts';
import { Progress } from './progress.ts';

export const syntax = CHECK;

/** Lists are their owner's, and tables with passwords root's. */
const AS_SOMEBODY = note(
  'check',
  'does not run as root: what is closed to you is not looked at',
  'sudo mlmmj-amime-receive check',
);

/** `mlmmj-amime-receive check`: returns the exit status. @throws CommandProblem */
export async function run(args: readonly string[]): Promise<number> {
  const options = parseCheckArgs(args);
  const { names } = options;
  if (options.log !== undefined) {
    const counts = await countDeliveries(options.log);
    await print(options.json ? countsAsJson(counts, names) : reportCounts(counts, names));
    return ExitStatus.Ok;
  }
  const host = await gatherHost({
    postfixConfig: options.postfixConfig,
    amavisPort: options.amavisPort,
    lmtp: options.lmtp,
    systemd: options.systemdConfig,
  });
  const insists = options.lmtp !== undefined;
  const lookups = new AddressLookups(host);
  const wantedNames = options.probe === undefined ? names : [...names, options.probe];
  const chosen = await chooseLists(wantedNames, options.all, host, lookups);
  const lists: ListFacts[] = [];
  const greets = listening();
  const progress = process.stderr.isTTY ? new Progress(chosen.directories.length) : undefined;
  for (const directory of chosen.directories) {
    lists.push(await gatherList(directory, host, greets));
    progress?.step();
  }
  progress?.clear();
  const wanted = new Map<string, readonly string[]>([
    ...lists.map((list) => [list.directory, usedAddresses(list.addresses, list.delimiter)] as const),
    ...chosen.addresses.map((address) => [address, withCommand(address, host)] as const),
  ]);
  const found = await lookups.of([...wanted.values()].flat());
  const lookupsOf = (name: string) => wanted.get(name)!.flatMap((address) => found.get(address) ?? []);
  const all = [...found.values()];
  const routes = await gatherRoutes(all, host, options.systemdConfig);
  const findings = process.geteuid?.() === 0 ? [] : [AS_SOMEBODY];
  findings.push(...judgeHost(host, lists, all, routes));
  findings.push(...chosen.findings);
  const routing = { host, routes, insistsOnLmtp: insists };
  for (const list of lists) findings.push(...judgeList(list, lookupsOf(list.directory), routing));
  for (const address of chosen.addresses) {
    findings.push(...judgeLookups(address, undefined, lookupsOf(address), routing));
  }
  if (options.probe !== undefined) findings.push(await probe(options.probe, host));
  if (options.json) await print(findingsAsJson(withoutRepeats(findings)));
  else {
    await print(
      reportFindings(findings, {
        colours: process.stdout.isTTY === true && !process.env.NO_COLOR,
        lists: [...lists.map(subjectOf), ...chosen.addresses],
        verbose: options.verbose,
      }),
    );
  }
  return statusOf(findings);
}

/** What is wrong says more than what is not known. */
function statusOf(findings: readonly Finding[]): number {
  const has = (wanted: Finding['level']) => findings.some(({ level }) => level === wanted);
  if (has('wrong')) return ExitStatus.Wrong;
  return has('unknown') ? ExitStatus.NoPermission : ExitStatus.Ok;
}

/** @throws CommandProblem where the spool that was named holds no list */
async function chooseLists(
  names: readonly string[],
  all: string | undefined,
  host: HostFacts,
  lookups: AddressLookups,
): Promise<ChosenLists> {
  if (names.length === 0) {
    const chosen = await chooseAllLists(host, all);
    if (all !== undefined && chosen.directories.length === 0 && !hasUnknown(chosen.findings)) {
      throw new CommandProblem(ExitStatus.NoInput, `there is no list in ${all}`);
    }
    return chosen;
  }
  const directories = names.filter((name) => !isAddress(name));
  const addresses: string[] = [];
  const named = names.filter(isAddress);
  const leading = await lookups.of(named.flatMap((address) => withCommand(address, host)));
  for (const address of named) {
    const own = withCommand(address, host).flatMap((used) => leading.get(used) ?? []);
    const found = directoriesOf(address, own, host);
    if (found.length === 0) addresses.push(address);
    directories.push(...found);
  }
  return { directories: [...new Set(directories)], addresses, findings: [] };
}

function hasUnknown(findings: readonly Finding[]): boolean {
  return findings.some(({ level }) => level === 'unknown');
}

/** The address of a list elsewhere, and with a command's extension. */
function withCommand(address: string, host: HostFacts): string[] {
  return usedAddresses([address], host.recipientDelimiter[0] ?? '+');
}

/** Every way to an LMTP service that one of the lists goes, and the one that was named or installed. */
async function gatherRoutes(
  lookups: readonly Lookup[],
  host: HostFacts,
  systemd: string | undefined,
): Promise<LmtpRoute[]> {
  const ways = new Map<string, { transport: string; nexthop: string; recipients: string[] }>();
  for (const { answer, recipient } of lookups.flatMap((lookup) => lookup.ways)) {
    const way = lmtpRoute(answer, host.services);
    if (way === undefined) continue;
    const known = ways.get(answer) ?? { ...way, recipients: [] };
    known.recipients.push(recipient);
    ways.set(answer, known);
  }
  const { lmtp } = host;
  if (lmtp !== undefined && ![...ways.values()].some(({ nexthop }) => nexthop === lmtp)) {
    ways.set(lmtp, { transport: 'mlmmj-lmtp', nexthop: lmtp, recipients: [] });
  }
  const routes: LmtpRoute[] = [];
  for (const { transport, nexthop, recipients } of ways.values()) {
    routes.push(await gatherLmtp(transport, nexthop, recipients, host, systemd));
  }
  return routes;
}
