import type { ControlFlaw } from '../list/list.ts';
import type { Account } from '../mail-server/accounts.ts';
import type { LmtpAddress } from '../mail-server/lmtp-address.ts';
import type { LmtpAnswer } from '../mail-server/lmtp-session.ts';
import type { Service } from '../mail-server/master-cf.ts';
import type { ProgramIdentity } from '../mail-server/program.ts';
import type { Fate } from '../mail-server/routing/follow.ts';
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
  /** The mlmmj-receive that would be used, whether it may be run, and why it would report success and lose posts. */
  readonly mlmmjReceive: {
    readonly path: string;
    readonly runs: boolean;
    readonly processTrouble: string | undefined;
  };
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
  /** Header fields that Amavisd signs, of those that its configuration decides about; undefined where that is not known. */
  readonly signsOneClick: boolean | undefined;
}

/** What was found of one list. */
export interface ListFacts {
  readonly directory: string;
  /** Why the list cannot be looked at; then nothing else is known of it. */
  readonly trouble: string | undefined;
  /** What of it is closed to whoever asks: of that, nothing is known. */
  readonly closed: readonly string[];
  readonly ownerUid: number;
  readonly addresses: readonly string[];
  readonly delimiter: string;
  /** What mlmmj cannot work with. */
  readonly flaw: ControlFlaw | null;
  readonly footers: FooterFacts;
  readonly settings: SettingsFacts;
  /** mlmmj's own `control/footer` has something in it. */
  readonly mlmmjFooter: boolean;
  readonly relay: { readonly host: string; readonly port: number; readonly listens: boolean };
  /** What keeps the user that delivers from writing into `incoming/`; undefined where nothing does. */
  readonly unwritable: string | undefined;
  /** `control/tocc`: mlmmj does not look for the list in `To:` and `Cc:`. */
  readonly tocc: boolean;
  /** The fields of `control/customheaders` in lower case, with their values. */
  readonly customHeaders: ReadonlyMap<string, string>;
  readonly maintenance: Maintenance;
  readonly leftovers: readonly Leftover[];
}

/** A list's footers, as the user that delivers would read them. */
export interface FooterFacts {
  /** What is there, in the order in which it counts: texts, then HTML. */
  readonly files: readonly FooterFileFacts[];
  /** Whether the list has a footer that is shown. */
  readonly isShown: boolean;
  /** What the program would say of them in the log, as far as no single file is the reason. */
  readonly troubles: readonly string[];
  /** Bytes of both halves together. */
  readonly size: number;
  /** Bytes that a post may have with them, by `control/maxmailsize`; undefined where there is no limit. */
  readonly room: number | undefined;
}

export interface FooterFileFacts {
  readonly name: string;
  readonly size: number;
  readonly use: 'used' | 'unusable' | 'blank' | 'passed over';
  /** The file that comes before one that is passed over. */
  readonly instead: string;
  /** Of an unusable one: a sentence that begins with its name. */
  readonly trouble: string;
  readonly isUtf8: boolean;
  /** For HTML: tags without their end tag, and end tags without their beginning. */
  readonly tags: readonly string[];
  /** For HTML: what mail readers take out or cannot follow. */
  readonly dead: readonly string[];
  /** What stands between dollars as if it would be replaced, and is not. */
  readonly unknownWords: readonly string[];
}

/** The list's own settings of the program. */
export interface SettingsFacts {
  /** Files whose value means nothing. */
  readonly meaningless: readonly {
    readonly name: string;
    readonly value: string;
    readonly countsAs: string;
  }[];
  /** Files that have a name like one of ours and are read by nobody. */
  readonly unread: readonly string[];
}

/** When mlmmj-maintd last went through the list. */
export interface Maintenance {
  readonly hasRun: boolean;
  /** Since it has, or since the list was made. */
  readonly days: number;
}

/** What becomes of mail to an address. */
export interface Lookup extends Fate {
  readonly ways: readonly Way[];
}

/** Where a message to an address ends, once for each that gets it. */
export interface Way {
  readonly kind: 'transport' | 'lmtp' | 'command' | 'error';
  /** The address at the end. */
  readonly recipient: string;
  /** `mlmmj:example.com/news`, `|/usr/bin/mlmmj-receive -L …` */
  readonly answer: string;
  /** The parameter that decided: `transport_maps`. */
  readonly parameter: string;
  /** Its table and the key that fitted; undefined where the parameter alone decided. */
  readonly entry: { readonly table: string; readonly key: string } | undefined;
  /** The list's directory; undefined where it is not ours. */
  readonly directory: string | undefined;
  /** `mlmmj-receive` in an alias adds none. */
  readonly addsFooters: boolean;
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

/** A file that was left where nothing ever looks again. */
export interface Leftover {
  /** `''` is the list's directory itself, where a delivery that was killed leaves its own. */
  readonly directory: 'incoming' | 'queue' | '';
  readonly name: string;
  readonly hours: number;
  readonly size: number;
  /** It does not end in a newline, as every post does that mlmmj-receive has stored whole. */
  readonly isCut: boolean;
}
