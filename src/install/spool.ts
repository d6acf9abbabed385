/** The lists in a spool that an address can be led to. */
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { nexthopsIn } from '../list/spool-directories.ts';
import { account } from '../mail-server/accounts.ts';
import type { SpooledList, StrangersLists } from './host.ts';

/** What a spool holds. */
export interface Spool {
  readonly lists: readonly SpooledList[];
  /** Directories that no address can be led to, each with the reason. */
  readonly passedOver: readonly string[];
  readonly strangers: readonly StrangersLists[];
}

/**
 * Looks through a spool. Never fails: one list in disorder is no reason to leave the others without a footer.
 *
 * @param owner who delivers; mlmmj-receive refuses a list of anybody else's
 */
export function surveySpool(spool: string, owner?: { readonly uid: number }): Spool {
  const passedOver: string[] = [];
  const strangers = new Map<number, string[]>();
  const claims = new Map<string, string[]>();
  for (const nexthop of nexthopsIn(spool)) {
    const directory = `${spool}/${nexthop}`;
    const address = firstLine(`${directory}/control/listaddress`);
    const obstacle = obstacleTo(nexthop, address);
    const key = address.toLowerCase();
    const { uid } = statSync(directory);
    if (owner !== undefined && uid !== owner.uid)
      strangers.set(uid, [...(strangers.get(uid) ?? []), directory]);
    else if (obstacle === undefined) claims.set(key, [...(claims.get(key) ?? []), nexthop]);
    else passedOver.push(`${directory} is passed over: ${obstacle}`);
  }
  const lists: SpooledList[] = [];
  for (const [address, nexthops] of claims) {
    const nexthop = rightful(spool, address, nexthops);
    if (nexthop !== undefined) lists.push({ address, nexthop });
    else
      passedOver.push(`${address} is passed over: ${nexthops.join(' and ')} in ${spool} have that address`);
  }
  return {
    lists,
    passedOver,
    strangers: [...strangers].map(([uid, directories]) => ({ owner: ownerName(uid), directories })),
  };
}

/** Why no address can be led to a list. */
function obstacleTo(nexthop: string, address: string): string | undefined {
  if (!PLAIN_PATH.test(nexthop)) return 'its name cannot stand in a table';
  return PLAIN_ADDRESS.test(address) ? undefined : 'its control/listaddress has no plain address';
}

function ownerName(uid: number): string {
  return account(uid)?.name ?? `user id ${uid}`;
}

/** Whose all lists of a spool are; undefined where there are none, or several owners, or one that has no account. */
export function ownerOfAll(spool: string): string | undefined {
  const owners = new Set(nexthopsIn(spool).map((nexthop) => statSync(`${spool}/${nexthop}`).uid));
  return owners.size === 1 ? account([...owners][0])?.name : undefined;
}

/** What can stand in a table as it is: no blank or comment sign, and nothing whose bytes depend on who reads them. */
const PLAIN_ADDRESS = /^[!$-~]+@[!-~]+$/;
const PLAIN_PATH = /^[!-~]+$/;

/**
 * The directory that an address leads to where several say that it is theirs: a copy that somebody kept, or a link. One
 * that is called like the list comes first; undefined where that does not decide it.
 */
function rightful(spool: string, address: string, nexthops: readonly string[]): string | undefined {
  const [local, domain] = address.split('@');
  const isCalledSo = [
    (nexthop: string) => nexthop.toLowerCase() === `${domain}/${local}`,
    (nexthop: string) => nexthop.toLowerCase() === local,
    (nexthop: string) => basename(nexthop).toLowerCase() === local,
    () => true,
  ];
  const best = isCalledSo.map((fits) => nexthops.filter(fits)).find((found) => found.length > 0)!;
  return new Set(best.map((nexthop) => realpathSync(`${spool}/${nexthop}`))).size === 1 ? best[0] : undefined;
}

function firstLine(path: string): string {
  try {
    return readFileSync(path, 'latin1').split('\n')[0]!.trim();
  } catch {
    return '';
  }
}
