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
import { probe } from '../check/probe.ts';
import { countDeliveries } from '../check/read-mail-log.ts';
import { findingsAsJson, reportFindings, withoutRepeats } from '../check/report.ts';
import { countsAsJson, reportCounts } from '../check/report-log.ts';
import { isFullAddress, withLmtpValue } from '../mail-server/lmtp-address.ts';
import { oneSpelling, readOptions } from '../read-options.ts';
import { print } from './print.ts';
import { CommandProblem, EXIT } from './problem.ts';
import { Progress } from './progress.ts';

export const usage = `Usage: mlmmj-amime-receive check [options] [LISTDIR | ADDRESS]…

Says what is right and what is wrong with Postfix, Amavisd, the LMTP service and the lists, and how to mend it.
Changes nothing and delivers nothing; where mail goes is worked out from Postfix's settings and tables. A list is named
by its directory, or by its address where it lives on another host. Without names and --all it looks at all lists in
the spool of the transport or the service. Exit status 0 only when all is right, 1 where something is wrong, 77 where
nothing is and something could not be looked at.

  --lmtp [ADDRESS]      all lists have to be routed to the LMTP service (at unix:/PATH or inet:HOST:PORT, else where
                        it was installed); without this it is looked at where lists are routed to one
  --all SPOOL           all lists in a spool
  --postfix-config DIR  Postfix's configuration directory
  --systemd-config DIR  where systemd's units are
  --amavis-port PORT    where Amavisd takes the lists' mail (10027)
  --log FILE            count what a mail log says of posts, by list and reason, and look at nothing else; - is
                        standard input; addresses name the lists that are wanted
  --probe ADDRESS       ask the running smtpd for ADDRESS as well, in one session without a message; policy services,
                        greylisting and the log see it
  --verbose             all that was found of each list, where several are looked at
  --json                the findings, or the counts, as data
  --help
`;

/** Lists are their owner's, and tables with passwords root's. */
const AS_SOMEBODY = note(
  'check',
  'does not run as root: what is closed to you is not looked at',
  'sudo mlmmj-amime-receive check',
);

/** `mlmmj-amime-receive check`: returns the exit status. @throws CommandProblem */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args);
  if (values.log !== undefined) {
    const counts = await countDeliveries(values.log);
    await print(values.json ? countsAsJson(counts, positionals) : reportCounts(counts, positionals));
    return EXIT.ok;
  }
  const host = await gatherHost({
    postfixConfig: oneSpelling(values['postfix-config']),
    amavisPort: values['amavis-port'] === undefined ? undefined : Number(values['amavis-port']),
    lmtp: values.lmtp,
    systemd: values['systemd-config'],
  });
  const insists = values.lmtp !== undefined;
  const lookups = new AddressLookups(host);
  const names = values.probe === undefined ? positionals : [...positionals, values.probe];
  const chosen = await chooseLists(names, values.all, host, lookups);
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
  const routes = await gatherRoutes(all, host, values['systemd-config']);
  const findings = process.geteuid?.() === 0 ? [] : [AS_SOMEBODY];
  findings.push(...judgeHost(host, lists, all, routes));
  findings.push(...chosen.findings);
  const routing = { host, routes, insistsOnLmtp: insists };
  for (const list of lists) findings.push(...judgeList(list, lookupsOf(list.directory), routing));
  for (const address of chosen.addresses) {
    findings.push(...judgeLookups(address, undefined, lookupsOf(address), routing));
  }
  if (values.probe !== undefined) findings.push(await probe(values.probe, host));
  if (values.json) await print(findingsAsJson(withoutRepeats(findings)));
  else {
    await print(
      reportFindings(findings, {
        colours: process.stdout.isTTY === true && !process.env.NO_COLOR,
        lists: [...lists.map(subjectOf), ...chosen.addresses],
        verbose: values.verbose === true,
      }),
    );
  }
  return statusOf(findings);
}

/** What is wrong says more than what is not known. */
function statusOf(findings: readonly Finding[]): number {
  const has = (wanted: Finding['level']) => findings.some(({ level }) => level === wanted);
  if (has('wrong')) return EXIT.wrong;
  return has('unknown') ? EXIT.noPermission : EXIT.ok;
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
      throw new CommandProblem(EXIT.noInput, `there is no list in ${all}`);
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

function parse(args: readonly string[]) {
  try {
    const parsed = readOptions({
      args: withLmtpValue(args, ''),
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        verbose: { type: 'boolean' },
        probe: { type: 'string' },
        all: { type: 'string' },
        'postfix-config': { type: 'string' },
        'amavis-port': { type: 'string' },
        'systemd-config': { type: 'string' },
        lmtp: { type: 'string' },
        log: { type: 'string' },
      },
    });
    const { lmtp } = parsed.values;
    if (lmtp && !isFullAddress(lmtp)) {
      throw new Error(`--lmtp ${lmtp}: unix:/PATH or inet:HOST:PORT is meant`);
    }
    const port = parsed.values['amavis-port'];
    if (port !== undefined && !(Number(port) > 0 && Number(port) < 65536)) {
      throw new Error(`--amavis-port ${port}: that is no port`);
    }
    const { probe: probed } = parsed.values;
    if (probed !== undefined && !isAddress(probed)) {
      throw new Error(`--probe ${probed}: that is no address`);
    }
    if (parsed.values.all !== undefined && (parsed.positionals.length > 0 || probed !== undefined)) {
      throw new Error('either --all SPOOL or directories, not both');
    }
    const path =
      parsed.values.log === undefined ? undefined : parsed.positionals.find((name) => !name.includes('@'));
    if (path !== undefined) throw new Error(`${path}: with --log, lists are named by their addresses`);
    return parsed;
  } catch (error) {
    throw new CommandProblem(EXIT.usage, `${(error as Error).message} (see check --help)`);
  }
}
