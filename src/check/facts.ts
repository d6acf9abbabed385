import type { ControlFlaw } from '../list/list.ts';
import type { Account } from '../mail-server/accounts.ts';
import type { LmtpAddress } from '../mail-server/lmtp-address.ts';
import type { LmtpAnswer } from '../mail-server/lmtp-session.ts';
import type { Service } from '../mail-server/master-cf.ts';
import type { ProgramIdentity } from '../mail-server/program.ts';
import type { ServiceFacts } from '../mail-server/service.ts';

/** What was found of the mail system, before anything is judged. */
export interface HostFacts {
  /** Why Postfix's configuration could not be read; undefined where it could. */
  readonly postfixTrouble: string | undefined;
  /** master.cf, by postconf's names. */
  readonly services: ReadonlyMap<string, Service>;
  /** main.cf with its defaults, `$name` resolved. */
  readonly settings: ReadonlyMap<string, string>;
  /** The service `mlmmj/unix`. */
  readonly transport: Service | undefined;
  /** The address of the LMTP service that lists are routed to, as far as the installation knows. */
  readonly lmtp: string | undefined;
  /** The LMTP service on this host, where lists are routed to one. */
  readonly service: ServiceFacts | undefined;
  /** The user that delivers, if there is one: the transport's, or the LMTP service's where that delivers. */
  readonly user: Account | undefined;
  /** Whether the program in the transport's argv is there and may be run by that user. */
  readonly programRuns: boolean;
  /** What it is, where it has our name. */
  readonly program: ProgramIdentity | undefined;
  /** The mlmmj-receive that would be used, and whether it may be run. */
  readonly mlmmjReceive: { readonly path: string; readonly runs: boolean };
  /** mlmmj's version; undefined where it cannot be asked. */
  readonly mlmmjVersion: string | undefined;
  readonly recipientLimit: string | undefined;
  readonly timeLimit: string | undefined;
  readonly recipientDelimiter: string;
  readonly transportMaps: string;
  /** What listens on the port where Amavisd takes lists' mail: undefined where nothing does. */
  readonly amavis: { readonly port: number; readonly greeting: string | undefined };
  /** Whether an Amavisd is configured here at all. */
  readonly amavisIsHere: boolean;
}

/** What was found of one list. */
export interface ListFacts {
  readonly directory: string;
  /** Why the list cannot be looked at; then nothing else is known of it. */
  readonly trouble: string | undefined;
  readonly ownerUid: number;
  readonly addresses: readonly string[];
  readonly delimiter: string;
  /** What mlmmj cannot work with. */
  readonly flaw: ControlFlaw | null;
  readonly footerFiles: readonly FooterFileFacts[];
  /** Whether the list has a footer that is shown. */
  readonly hasFooter: boolean;
  /** What the program would say in the log about the footer files. */
  readonly footerTroubles: readonly string[];
  /** mlmmj's own `control/footer` has something in it. */
  readonly mlmmjFooter: boolean;
  readonly relay: { readonly host: string; readonly port: number; readonly listens: boolean };
  readonly lookups: readonly Lookup[];
  /** What keeps the user that delivers from writing into `incoming/`; undefined where nothing does. */
  readonly unwritable: string | undefined;
  /** `control/tocc`: mlmmj does not look for the list in `To:` and `Cc:`. */
  readonly tocc: boolean;
  readonly stuck: readonly StuckPost[];
}

export interface FooterFileFacts {
  readonly name: string;
  readonly size: number;
  /** By the transport's user, not by whoever checks. */
  readonly readable: boolean;
  readonly isUtf8: boolean;
  readonly blank: boolean;
  /** For HTML: tags without their end tag, and end tags without their beginning. */
  readonly tagTrouble: readonly string[];
}

/** What transport_maps answers for an address. */
export interface Lookup {
  readonly address: string;
  /** `mlmmj:example.com/news`; undefined where no table knows the address. */
  readonly answer: string | undefined;
  /** The directory that the transport makes of it; undefined where it is not ours. */
  readonly directory: string | undefined;
  /** A table that could not be asked. */
  readonly trouble: string | undefined;
}

/** One way to an LMTP service: a client in master.cf, and where it connects to. */
export interface LmtpRoute {
  /** The client's name: `mlmmj-lmtp`. */
  readonly transport: string;
  /** As it stands behind that in the table: `unix:/run/mlmmj-amime/lmtp.sock`. */
  readonly nexthop: string;
  readonly client: Service | undefined;
  /** Where that leads, chroot included; undefined where it is no address. */
  readonly address: LmtpAddress | undefined;
  /** The directory that the client is shut in; undefined where it is not. */
  readonly chroot: string | undefined;
  readonly recipientLimit: number;
  readonly concurrencyLimit: number;
  readonly dataDoneTimeout: string;
  /** Bytes; 0 for any size. */
  readonly messageSizeLimit: number;
  /** For a Unix socket. */
  readonly socket: SocketFacts | undefined;
  readonly answer: LmtpAnswer | undefined;
  readonly service: ServiceFacts | undefined;
}

export interface SocketFacts {
  /** As seen from outside of a chroot. */
  readonly path: string;
  readonly isThere: boolean;
  /** There is one of that name outside of the chroot. */
  readonly outside: boolean;
  /** Postfix's own account. */
  readonly user: string;
  /** What keeps that account from it: a directory on the way, or the socket itself. */
  readonly obstacle: string | undefined;
}

/** A file that mlmmj left where it never looks again. */
export interface StuckPost {
  readonly directory: 'incoming' | 'queue';
  readonly name: string;
  readonly hours: number;
}
