/** Which lists are looked at: the ones that were named, else all that are found. */
import { existsSync } from 'node:fs';
import { byteString, textOfBytes } from '../host/byte-string.ts';
import { NodeFiles } from '../host/node-files.ts';
import { filledLines, readControl } from '../list/control.ts';
import { directoriesInSpool } from '../list/spool-directories.ts';
import { askLists } from '../mail-server/lmtp-session.ts';
import { parsePipeArgs } from '../mail-server/master-cf.ts';
import type { HostFacts, Lookup } from './facts.ts';
import { type Finding, note, unknown, wrong } from './finding.ts';
import { clientAddress } from './gather-lmtp.ts';

/** Lists by where they are, and by their addresses where that is not here. */
export interface ChosenLists {
  readonly directories: readonly string[];
  readonly addresses: readonly string[];
  /** What of it could not be looked at. */
  readonly findings: readonly Finding[];
}

interface Spool {
  readonly path: string;
  readonly depth: number | undefined;
}

/** A name that is no path: a list may live on another host. */
export function isAddress(name: string): boolean {
  return /^[^/\s<>]+@[^/\s<>@]+$/.test(name) && !existsSync(name);
}

/**
 * All lists of this host, or of a spool that was named; what is closed to us is never taken for empty. Where lists are
 * routed to a service that is not on this host, the service is asked, as what lies in a spool here is what was left.
 */
export async function chooseAllLists(host: HostFacts, named: string | undefined): Promise<ChosenLists> {
  const { lmtp, service } = host;
  if (named === undefined && lmtp !== undefined && service === undefined) return listsOfService(lmtp, host);
  return listsIn(named === undefined ? knownSpools(host) : [{ path: named, depth: undefined }]);
}

async function listsOfService(lmtp: string, host: HostFacts): Promise<ChosenLists> {
  const address = clientAddress('mlmmj-lmtp', lmtp, host).address;
  const lists = address && (await askLists(address));
  if (lists !== undefined) {
    const findings = lists.length === 0 ? [note(SUBJECT, `the service at ${lmtp} has no list yet`)] : [];
    return { directories: [], addresses: lists, findings };
  }
  const spooled = listsIn(knownSpools(host).filter(({ path }) => existsSync(path)));
  if (spooled.directories.length > 0) return spooled;
  return {
    ...spooled,
    findings: [
      unknown(
        SUBJECT,
        `the service at ${lmtp} does not say which lists it has`,
        'mlmmj-amime-receive check LIST@DOMAIN; a service of this version says it',
      ),
    ],
  };
}

function listsIn(spools: readonly Spool[]): ChosenLists {
  const directories: string[] = [];
  const findings: Finding[] = [];
  for (const { path, depth } of spools) {
    const found = directoriesInSpool(path, depth);
    directories.push(...found.directories);
    findings.push(
      ...found.closed.map((closed) =>
        unknown(SUBJECT, `${closed} is closed to you: which lists are in it is not known`, AS_ROOT),
      ),
    );
    if (found.isMissing) {
      findings.push(
        wrong(
          SUBJECT,
          `there is no directory ${path}`,
          'is it mounted? correct -L in master.cf, or --lists of the service',
        ),
      );
    } else if (found.directories.length === 0 && found.closed.length === 0) {
      findings.push(note(SUBJECT, `there is no list in ${path} yet`));
    }
  }
  return { directories: [...new Set(directories)], addresses: [], findings };
}

const SUBJECT = 'lists';
const AS_ROOT = 'sudo mlmmj-amime-receive check';

/** Where lists are, as the service or the transport says. */
export function knownSpools(host: HostFacts): Spool[] {
  const served = host.service?.options;
  if (served !== undefined) return [{ path: served.lists, depth: served.layout.levels.length }];
  const argv = host.transport === undefined ? [] : parsePipeArgs(host.transport.args).argv;
  const word = argv.find((part) => /\$[{(]?nexthop/.test(part));
  const piped = word && /^(?:-L)?(\/.*?)\/\$[{(]?nexthop/.exec(word)?.[1];
  return piped ? [{ path: piped, depth: undefined }] : [];
}

/**
 * The directories of a list that was named by its address: where its mail is taken to, and every one on this host whose
 * `listaddress` has it.
 */
export function directoriesOf(address: string, lookups: readonly Lookup[], host: HostFacts): string[] {
  const led = lookups
    .flatMap(({ ways }) => ways)
    .flatMap(({ directory }) => directory ?? [])
    .filter((path) => existsSync(path));
  const own = knownSpools(host)
    .flatMap(({ path, depth }) => directoriesInSpool(path, depth).directories)
    .filter((directory) => addressesOf(directory).includes(address.toLowerCase()));
  return [...new Set([...own, ...led])];
}

function addressesOf(directory: string): string[] {
  const { bytes } = readControl(byteString(directory), 'listaddress', new NodeFiles());
  return bytes === null ? [] : filledLines(bytes).map((line) => textOfBytes(line).toLowerCase());
}
