/** What cleanup(8) makes of a recipient: canonical(5) and virtual(5), over and over. */
import { addressesIn, splitAddress, splitExtension } from './address.ts';
import { hasDomain } from './domains.ts';
import { type Asking, type Found, find, type Key } from './lookup.ts';
import type { RoutingSettings } from './settings.ts';

export interface AddressFound {
  readonly found: Found;
  /** What had to be left off for the table to know the address, delimiter included. */
  readonly extension: string;
}

/** Seeks an address as mail_addr_find(3) does. */
export function* findAddress(
  tables: readonly string[],
  address: string,
  settings: RoutingSettings,
): Asking<AddressFound | undefined> {
  if (tables.length === 0) return undefined;
  const { local, domain } = splitAddress(address);
  const { name, extension } = splitExtension(local, settings);
  const isOurs =
    domain.toLowerCase() === settings.origin.toLowerCase() ||
    (yield* hasDomain(settings, 'mydestination', domain));
  const bare = [`${name}@${domain}`, ...(isOurs ? [name] : [])];
  const keys: Key[] = [{ text: address, partial: false }];
  const add = (text: string) => keys.push({ text, partial: true });
  if (extension !== '') add(bare[0]!);
  if (isOurs) {
    add(local);
    if (extension !== '') add(name);
  }
  add(`@${domain}`);
  const found = yield* find(tables, keys);
  if (found === undefined) return undefined;
  return { found, extension: extension !== '' && bare.includes(found.key) ? extension : '' };
}

/** One step of rewriting: which table said so, and what it made of the address. */
export interface Rewriting {
  readonly parameter: RewritingParameter;
  readonly address: string;
  readonly found: Found;
  readonly becomes: readonly string[];
}

export type RewritingParameter = 'recipient_canonical_maps' | 'canonical_maps' | 'virtual_alias_maps';

/** What a table makes of an address, as mail_addr_map(3) has it. */
function* rewrite(
  parameter: RewritingParameter,
  tables: readonly string[],
  address: string,
  propagates: boolean,
  settings: RoutingSettings,
): Asking<Rewriting | undefined> {
  const match = yield* findAddress(tables, address, settings);
  if (match === undefined) return undefined;
  const { found, extension } = match;
  const { local } = splitAddress(address);
  // `@other.domain` keeps who it is for.
  const value = found.value.startsWith('@')
    ? `${local.slice(0, local.length - extension.length)}${found.value}`
    : found.value;
  const becomes = addressesIn(value, settings).map((target) => {
    const mailbox = splitAddress(target);
    return `${mailbox.local}${propagates ? extension : ''}@${mailbox.domain}`;
  });
  return { parameter, address, found, becomes };
}

/** cleanup(8)'s bound for canonical(5); more is one that never ends. */
const CANONICAL_LIMIT = 10;

/** Bounds of virtual(5): virtual_alias_recursion_limit and virtual_alias_expansion_limit have a default of 1000. */
const VIRTUAL_LIMIT = 1000;

export interface Rewritten {
  readonly recipients: readonly string[];
  readonly rewritings: readonly Rewriting[];
  /** The expansion never ends: cleanup(8) puts the message off. */
  readonly endless: boolean;
}

export function* rewriteRecipient(address: string, settings: RoutingSettings): Asking<Rewritten> {
  const rewritings: Rewriting[] = [];
  let current = address;
  for (const [parameter, tables] of [
    ['recipient_canonical_maps', settings.recipientCanonical],
    ['canonical_maps', settings.canonical],
  ] as const) {
    for (let count = 0; count < CANONICAL_LIMIT; count++) {
      const step = yield* rewrite(parameter, tables, current, settings.propagates.has('canonical'), settings);
      const target = step?.becomes[0];
      if (target === undefined || target.toLowerCase() === current.toLowerCase()) break;
      rewritings.push(step!);
      current = target;
    }
  }
  const recipients = yield* expandVirtual(current, settings, rewritings);
  return { recipients: recipients ?? [current], rewritings, endless: recipients === undefined };
}

/** Undefined where it never ends. */
function* expandVirtual(
  address: string,
  settings: RoutingSettings,
  rewritings: Rewriting[],
): Asking<string[] | undefined> {
  const recipients = [address];
  const itself = new Set<string>();
  for (let at = 0; at < recipients.length; at++) {
    if (recipients.length > VIRTUAL_LIMIT) return undefined;
    for (let count = 0; !itself.has(recipients[at]!.toLowerCase()); count++) {
      if (count >= VIRTUAL_LIMIT) return undefined;
      const current = recipients[at]!;
      const propagates = settings.propagates.has('virtual');
      const step = yield* rewrite('virtual_alias_maps', settings.virtualAlias, current, propagates, settings);
      if (step === undefined || step.becomes.length === 0) break;
      rewritings.push(step);
      const [first, ...others] = step.becomes;
      recipients[at] = first!;
      recipients.push(...others);
      // An address may stand in its own expansion once.
      if (step.becomes.some((target) => target.toLowerCase() === current.toLowerCase())) {
        itself.add(current.toLowerCase());
      }
    }
  }
  return [...new Set(recipients)];
}
