/** Where trivial-rewrite(8) sends an address: its class, and the transport and next hop that follow. */
import { splitAddress, splitExtension } from './address.ts';
import { hasDomain, parentsOf } from './domains.ts';
import { type Asking, type Found, find, type Key } from './lookup.ts';
import { findAddress } from './rewrite.ts';
import type { RoutingSettings, TransportParameter } from './settings.ts';

/** ADDRESS_CLASS_README. `default` is everybody else's mail. */
export type AddressClass = 'local' | 'virtual alias' | 'virtual mailbox' | 'relay' | 'default';

export interface Resolved {
  readonly addressClass: AddressClass;
  readonly transport: string;
  /** For the transport `error`, the reason. */
  readonly nexthop: string;
  /** The parameter that decided, and what its table said if it has one. */
  readonly by: { readonly parameter: string; readonly found: Found | undefined };
}

const TRANSPORT_OF: Readonly<Record<Exclude<AddressClass, 'virtual alias'>, TransportParameter>> = {
  local: 'local_transport',
  'virtual mailbox': 'virtual_transport',
  relay: 'relay_transport',
  default: 'default_transport',
};

export function* addressClass(domain: string, settings: RoutingSettings): Asking<AddressClass> {
  if (yield* hasDomain(settings, 'mydestination', domain)) return 'local';
  if (yield* hasDomain(settings, 'virtual_alias_domains', domain)) return 'virtual alias';
  if (yield* hasDomain(settings, 'virtual_mailbox_domains', domain)) return 'virtual mailbox';
  if (yield* hasDomain(settings, 'relay_domains', domain)) return 'relay';
  return 'default';
}

export function* resolve(address: string, settings: RoutingSettings): Asking<Resolved> {
  const { domain } = splitAddress(address);
  const ofClass = yield* addressClass(domain, settings);
  // transport(5) has no say for a virtual alias domain.
  const resolved =
    ofClass === 'virtual alias'
      ? UNALIASED
      : yield* overridden(byClass(ofClass, domain, settings), address, settings);
  const moved = yield* findAddress(settings.relocated, address, settings);
  if (moved === undefined) return resolved;
  return {
    addressClass: ofClass,
    transport: 'error',
    nexthop: `5.1.6 User has moved to ${moved.found.value}`,
    by: { parameter: 'relocated_maps', found: moved.found },
  };
}

const UNALIASED: Resolved = {
  addressClass: 'virtual alias',
  transport: 'error',
  nexthop: '5.1.1 User unknown in virtual alias table',
  by: { parameter: 'virtual_alias_domains', found: undefined },
};

function byClass(
  ofClass: Exclude<AddressClass, 'virtual alias'>,
  domain: string,
  settings: RoutingSettings,
): Resolved {
  const parameter = TRANSPORT_OF[ofClass];
  const [transport, destination] = splitTransport(settings.transports[parameter]);
  const usual = ofClass === 'relay' || ofClass === 'default' ? settings.relayhost || domain : domain;
  return {
    addressClass: ofClass,
    transport,
    nexthop: destination || usual,
    by: { parameter, found: undefined },
  };
}

/** transport(5): the whole address, without its extension, its domain, each domain above that, and everything. */
function* overridden(resolved: Resolved, address: string, settings: RoutingSettings): Asking<Resolved> {
  const { local, domain } = splitAddress(address);
  const { name, extension } = splitExtension(local, settings);
  const partial = [
    ...(extension === '' ? [] : [`${name}@${domain}`]),
    domain,
    ...parentsOf(domain, settings.parentMatches.has('transport_maps')),
  ];
  const keys: Key[] = [
    { text: address, partial: false },
    ...partial.map((text) => ({ text, partial: true })),
    { text: '*', partial: false },
  ];
  const found = yield* find(settings.transport, keys);
  if (found === undefined) return resolved;
  const [transport, destination] = splitTransport(found.value);
  const by = { parameter: 'transport_maps', found };
  // ":" changes nothing, and a transport alone takes the next hop away.
  if (transport === '') return { ...resolved, nexthop: destination || resolved.nexthop, by };
  return { ...resolved, transport, nexthop: destination || domain, by };
}

function splitTransport(value: string): [transport: string, destination: string] {
  const colon = value.indexOf(':');
  return colon < 0 ? [value, ''] : [value.slice(0, colon), value.slice(colon + 1)];
}
