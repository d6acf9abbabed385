import type { BankPlace } from '../mail-server/amavis.ts';
import type { Service } from '../mail-server/master-cf.ts';
import type { UnitFacts } from '../mail-server/units.ts';

/** What was found on a host before anything is decided. All facts, no judgement. */
export interface Host {
  /** Postfix's configuration directory. */
  readonly config: string;
  /** What kind of table a file of lists is here: as transport_maps has it, else `default_database_type`. */
  readonly tableType: string;
  /** What main.cf sets expressly. */
  readonly explicit: ReadonlyMap<string, string>;
  /** Every parameter's value, defaults included. */
  readonly effective: ReadonlyMap<string, string>;
  /** The same with `$name` resolved. */
  readonly expanded: ReadonlyMap<string, string>;
  /** By postconf's name for them. */
  readonly services: ReadonlyMap<string, Service>;
  /** Where our program is installed. */
  readonly program: string;
  readonly amavis: AmavisPlace | undefined;
  /** Contents of the files that might change; undefined where there is none. */
  readonly files: ReadonlyMap<string, string | undefined>;
  /** Tables whose index is missing or older than they are. */
  readonly stale: ReadonlySet<string>;
  /** A lookup table of the host that has a database password, by kind. */
  readonly connections: ReadonlyMap<string, { readonly path: string; readonly text: string }>;
  readonly users: ReadonlySet<string>;
  /** Whose all lists in the spool are, if that is one account that may deliver. */
  readonly listsOwner: string | undefined;
  /** The group of the lists' owner, and the group of Postfix's own account: the socket is for both. */
  readonly groups: { readonly owner: string; readonly mail: string };
  readonly directories: ReadonlySet<string>;
  readonly lists: readonly SpooledList[];
  /** What lies in the spool and is not among these, with the reason. */
  readonly passedOver: readonly string[];
  /** Lists that belong to somebody else than who delivers: mlmmj-receive refuses them. */
  readonly strangers: readonly StrangersLists[];
  /** Pipes of aliases(5) to lists in the spool. */
  readonly aliasPipes: readonly AliasPipe[];
  /** Database tables in transport_maps that lead lists to the pipe though nothing in their names says so. */
  readonly ledBy: readonly string[];
  /** Lists that tables of the host's own lead to the transport, by address. */
  readonly led: ReadonlyMap<string, LedList>;
  /** The address of the LMTP service that lists are routed to today; undefined where they go through the pipe. */
  readonly lmtp: string | undefined;
  /** Domains of lists that a table in virtual_alias_domains has; what main.cf names itself is not among these. */
  readonly aliasDomains: ReadonlySet<string>;
  /** Where systemd has the host's own units; undefined where there is none, or it is not wanted. */
  readonly systemd: string | undefined;
  /** What the LMTP service's unit says of the lists, if it is there. */
  readonly unit: UnitFacts | undefined;
}

/** How a list is led to the transport without a table of ours. */
export interface LedList {
  /** The table of transport_maps that says so. */
  readonly table: string;
  /** The address that it is asked for: another one where an alias comes before. */
  readonly recipient: string;
}

/** A list found in the spool. */
export interface SpooledList {
  readonly address: string;
  /** Its directory below the spool: what the transport gets as nexthop. */
  readonly nexthop: string;
}

/** Lists of one owner who is not the one that delivers. */
export interface StrangersLists {
  /** By name, or by number where it has none. */
  readonly owner: string;
  readonly directories: readonly string[];
}

/** An alias that gives mail to a list by a pipe. */
export interface AliasPipe {
  readonly name: string;
  /** The file that has it. */
  readonly path: string;
  /** The list's directory. */
  readonly directory: string;
  /** Whom local(8) runs the command as. */
  readonly user: string;
}

/** Where our policy bank goes, and which existing file has to mention it. */
export interface AmavisPlace extends BankPlace {
  /** The file, other than ours, that defines a policy bank MLMMJ already. */
  readonly theirs: TheirBank | undefined;
  /** The policy bank that other files give a port to. */
  readonly policies: ReadonlyMap<number, string>;
  /** The bank is to the byte what an earlier installation wrote, so that nobody's adaptation is lost with it. */
  readonly bankIsAsInstalled: boolean;
}

/** A policy bank for lists that somebody else made. */
export interface TheirBank {
  readonly path: string;
  readonly text: string;
  /** Some file of the configuration says for all mail whose signature it gets. */
  readonly signsForAll: boolean;
}
