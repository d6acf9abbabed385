/** The parameters of main.cf that say what becomes of an address. Pure. */
import { listEntries } from '../main-cf.ts';

export interface RoutingSettings {
  /** Characters of which each begins an extension; empty where there are none. */
  readonly delimiters: string;
  /** `owner-list` and `list-request` have no extension where the delimiter is a dash. */
  readonly ownerRequestSpecial: boolean;
  /** What is appended to a name without a domain. */
  readonly origin: string;
  /** What is appended to a domain without a dot; undefined where nothing is. */
  readonly domain: string | undefined;
  /** Which rewritings keep an extension that they did not match: `canonical`, `virtual`, `alias`, … */
  readonly propagates: ReadonlySet<string>;
  readonly recipientCanonical: readonly string[];
  readonly canonical: readonly string[];
  readonly virtualAlias: readonly string[];
  readonly alias: readonly string[];
  readonly relocated: readonly string[];
  readonly transport: readonly string[];
  /** Patterns of domains, by address class. */
  readonly domains: Readonly<Record<DomainParameter, readonly string[]>>;
  readonly recipients: Readonly<Record<RecipientParameter, readonly string[]>>;
  readonly rejectsUnlisted: boolean;
  /** What a stranger gets who sends to a domain of nobody here; undefined where that is let through. */
  readonly relayDenial: number | undefined;
  readonly transports: Readonly<Record<TransportParameter, string>>;
  readonly relayhost: string;
  /** Parameters whose `example.com` means the domains below it as well. */
  readonly parentMatches: ReadonlySet<string>;
}

export type DomainParameter =
  | 'mydestination'
  | 'virtual_alias_domains'
  | 'virtual_mailbox_domains'
  | 'relay_domains';
export type RecipientParameter = 'local_recipient_maps' | 'virtual_mailbox_maps' | 'relay_recipient_maps';
export type TransportParameter =
  | 'local_transport'
  | 'virtual_transport'
  | 'relay_transport'
  | 'default_transport';

/**
 * @param settings as `postconf -x` prints them
 * @param readFile the content of a file that a parameter names; '' where it cannot be read
 */
export function routingSettings(
  settings: ReadonlyMap<string, string>,
  readFile: (path: string) => string,
): RoutingSettings {
  const value = (name: string) => settings.get(name)?.trim() ?? '';
  const tables = (name: string) => listEntries(value(name));
  const patterns = (name: string) => tables(name).flatMap((entry) => withFile(entry, readFile));
  const forEnvelopeRecipients = (maps: string, classes: string) =>
    listEntries(value(classes)).includes('envelope_recipient') ? tables(maps) : [];
  return {
    delimiters: value('recipient_delimiter'),
    ownerRequestSpecial: isYes(value('owner_request_special')),
    // Debian's own: the file that has the name of the host for mail.
    origin: value('myorigin').startsWith('/')
      ? readFile(value('myorigin')).split('\n')[0]!.trim()
      : value('myorigin'),
    domain: isYes(value('append_dot_mydomain')) ? value('mydomain') : undefined,
    propagates: new Set(tables('propagate_unmatched_extensions')),
    recipientCanonical: forEnvelopeRecipients('recipient_canonical_maps', 'recipient_canonical_classes'),
    canonical: forEnvelopeRecipients('canonical_maps', 'canonical_classes'),
    virtualAlias: tables('virtual_alias_maps'),
    alias: tables('alias_maps'),
    relocated: tables('relocated_maps'),
    transport: tables('transport_maps'),
    domains: {
      mydestination: patterns('mydestination'),
      virtual_alias_domains: patterns('virtual_alias_domains'),
      virtual_mailbox_domains: patterns('virtual_mailbox_domains'),
      relay_domains: patterns('relay_domains'),
    },
    recipients: {
      local_recipient_maps: tables('local_recipient_maps'),
      virtual_mailbox_maps: tables('virtual_mailbox_maps'),
      relay_recipient_maps: tables('relay_recipient_maps'),
    },
    rejectsUnlisted:
      value('smtpd_reject_unlisted_recipient') !== 'no' ||
      /\breject_unlisted_recipient\b/.test(value('smtpd_recipient_restrictions')),
    relayDenial: relayDenial(`${value('smtpd_relay_restrictions')} ${value('smtpd_recipient_restrictions')}`),
    transports: {
      local_transport: value('local_transport'),
      virtual_transport: value('virtual_transport'),
      relay_transport: value('relay_transport'),
      default_transport: value('default_transport'),
    },
    relayhost: value('relayhost'),
    parentMatches: new Set(tables('parent_domain_matches_subdomains')),
  };
}

/** The first of these restrictions counts; Postfix's own default puts mail off, and does not bounce it. */
function relayDenial(restrictions: string): number | undefined {
  const denial = /\b(?:(defer)|reject)_unauth_destination\b|(?<=^|[\s,])(?:(defer)|reject)(?=[\s,]|$)/.exec(
    restrictions,
  );
  if (denial === null) return undefined;
  return (denial[1] ?? denial[2]) === undefined ? 554 : 454;
}

function isYes(value: string): boolean {
  return value.toLowerCase() === 'yes';
}

/** `/file` and `!/file` stand for the patterns in that file (Postfix's match_list). */
function withFile(entry: string, readFile: (path: string) => string): string[] {
  const file = /^(!*)(\/.*)$/.exec(entry);
  if (file === null) return [entry];
  return readFile(file[2]!)
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .flatMap((line) => listEntries(line))
    .map((pattern) => `${file[1]}${pattern}`);
}
