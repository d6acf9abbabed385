/** What smtpd(8) answers to RCPT TO from a host that it does not know. */
import { splitAddress } from './address.ts';
import type { Asking } from './lookup.ts';
import { type AddressClass, resolve } from './resolve.ts';
import { findAddress } from './rewrite.ts';
import type { RecipientParameter, RoutingSettings } from './settings.ts';

/** A recipient that is refused. */
export interface Refusal {
  readonly code: number;
  readonly reason: string;
  /** The parameters of which one would have to know the address or its domain. */
  readonly parameters: readonly string[];
}

const RECIPIENTS: Readonly<
  Partial<Record<AddressClass, { readonly parameter: RecipientParameter; readonly reason: string }>>
> = {
  local: { parameter: 'local_recipient_maps', reason: 'User unknown in local recipient table' },
  'virtual mailbox': {
    parameter: 'virtual_mailbox_maps',
    reason: 'User unknown in virtual mailbox table',
  },
  relay: { parameter: 'relay_recipient_maps', reason: 'User unknown in relay recipient table' },
};

/** Local recipients that every Postfix has. */
const ALWAYS = ['postmaster', 'mailer-daemon', 'double-bounce'];

/** Undefined where it is taken. */
export function* refusal(address: string, settings: RoutingSettings): Asking<Refusal | undefined> {
  const resolved = yield* resolve(address, settings);
  if (resolved.addressClass === 'default' && settings.relayDenial !== undefined) {
    return {
      code: settings.relayDenial,
      reason: 'Relay access denied',
      parameters: ['mydestination', 'virtual_alias_domains', 'virtual_mailbox_domains', 'relay_domains'],
    };
  }
  if (!settings.rejectsUnlisted) return undefined;
  for (const tables of [settings.recipientCanonical, settings.canonical, settings.virtualAlias]) {
    if ((yield* findAddress(tables, address, settings)) !== undefined) return undefined;
  }
  if (resolved.transport === 'error') {
    const parameters =
      resolved.addressClass === 'virtual alias' ? ['virtual_alias_maps'] : [resolved.by.parameter];
    return { code: 550, reason: resolved.nexthop.replace(/^\d\.\d+\.\d+ /, ''), parameters };
  }
  const recipients = RECIPIENTS[resolved.addressClass];
  if (recipients === undefined) return undefined;
  const { parameter, reason } = recipients;
  const tables = settings.recipients[parameter];
  // No table at all: every address of the class is taken.
  if (tables.length === 0) return undefined;
  if (resolved.addressClass === 'local' && ALWAYS.includes(splitAddress(address).local.toLowerCase())) {
    return undefined;
  }
  if ((yield* findAddress(tables, address, settings)) !== undefined) return undefined;
  return { code: 550, reason, parameters: [parameter, 'virtual_alias_maps'] };
}
