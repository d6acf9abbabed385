/** Addresses as Postfix takes them apart. Pure. */
import type { RoutingSettings } from './settings.ts';

export interface Mailbox {
  readonly local: string;
  /** Empty where there is none. */
  readonly domain: string;
}

export function splitAddress(address: string): Mailbox {
  const at = address.lastIndexOf('@');
  return at < 0
    ? { local: address, domain: '' }
    : { local: address.slice(0, at), domain: address.slice(at + 1) };
}

/** Names that Postfix itself sends from or to: split_addr(3) leaves them whole. */
const RESERVED = ['postmaster', 'mailer-daemon', 'double-bounce'];

/** A local part as split_addr(3) splits it: the extension has its delimiter, and is empty where there is none. */
export function splitExtension(
  local: string,
  { delimiters, ownerRequestSpecial }: Pick<RoutingSettings, 'delimiters' | 'ownerRequestSpecial'>,
): { readonly name: string; readonly extension: string } {
  const whole = { name: local, extension: '' };
  const lower = local.toLowerCase();
  if (RESERVED.includes(lower)) return whole;
  const isListManagers = lower.startsWith('owner-') || /.-request$/.test(lower);
  if (ownerRequestSpecial && delimiters.includes('-') && isListManagers) return whole;
  const at = [...local].findIndex((character) => delimiters.includes(character));
  return at <= 0 ? whole : { name: local.slice(0, at), extension: local.slice(at) };
}

/** The addresses on the right side of a table, each with a domain, as trivial-rewrite(8) completes them. */
export function addressesIn(value: string, settings: Pick<RoutingSettings, 'origin' | 'domain'>): string[] {
  const words = value.match(/(?:"(?:\\.|[^"\\])*"|<[^>]*>|[^\s,"<])+/g) ?? [];
  return words.map((word) => complete(word.replace(/^.*<([^>]*)>$/, '$1'), settings));
}

/** An address with a domain, and that with a dot. */
export function complete(
  address: string,
  { origin, domain }: Pick<RoutingSettings, 'origin' | 'domain'>,
): string {
  const whole = address.includes('@') ? address : `${address}@${origin}`;
  const short = domain !== undefined && domain !== '' && !splitAddress(whole).domain.includes('.');
  return short ? `${whole}.${domain}` : whole;
}
