import type { Service } from '../install/master-cf.ts';

/** What was found of the mail system, before anything is judged. */
export interface HostFacts {
  /** Why Postfix's configuration could not be read; undefined where it could. */
  readonly postfixTrouble: string | undefined;
  /** The service `mlmmj/unix`. */
  readonly transport: Service | undefined;
  /** The user that the transport runs as, if there is one. */
  readonly user: { readonly name: string; readonly uid: number; readonly gid: number } | undefined;
  /** Whether the program in the transport's argv is there and may be run by that user. */
  readonly programRuns: boolean;
  /** The mlmmj-receive that would be used, and whether it may be run. */
  readonly mlmmjReceive: { readonly path: string; readonly runs: boolean };
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
  readonly footerFiles: readonly FooterFile[];
  /** Whether the list has a footer that is shown. */
  readonly hasFooter: boolean;
  /** What the program would say in the log about the footer files. */
  readonly footerTrouble: string | undefined;
  /** mlmmj's own `control/footer` has something in it. */
  readonly mlmmjFooter: boolean;
  readonly relay: { readonly host: string; readonly port: number; readonly listens: boolean };
  readonly lookups: readonly Lookup[];
  readonly stuck: readonly StuckPost[];
}

export interface FooterFile {
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

/** A file that mlmmj left where it never looks again. */
export interface StuckPost {
  readonly directory: 'incoming' | 'queue';
  readonly name: string;
  readonly hours: number;
}
