/** What becomes of mail to an address, from RCPT TO to who delivers it, as smtpd(8), cleanup(8) and local(8) have it. */
import { type Refusal, refusal } from './accept.ts';
import { complete, splitAddress } from './address.ts';
import { type Alias, findAlias, type LocalTarget } from './local-alias.ts';
import { type Asking, TableTrouble } from './lookup.ts';
import { type Resolved, resolve } from './resolve.ts';
import { type Rewriting, rewriteRecipient } from './rewrite.ts';
import type { RoutingSettings } from './settings.ts';

/** One delivery of a message to the address. */
export interface Delivery {
  /** The address in the end. */
  readonly recipient: string;
  readonly resolved: Resolved;
  /** What aliases(5) have for it: a command that local(8) runs, for instance. Undefined where the transport delivers. */
  readonly aliased: { readonly target: LocalTarget; readonly alias: Alias } | undefined;
}

export interface Fate {
  readonly address: string;
  /** What a stranger is told who sends to it; undefined where it is taken. */
  readonly refusal: Refusal | undefined;
  readonly rewritings: readonly Rewriting[];
  readonly deliveries: readonly Delivery[];
  /** Its expansion never ends, and mail waits. */
  readonly endless: boolean;
  /** A table that could not be asked: nothing else is known then. */
  readonly trouble: TableTrouble | undefined;
}

export function* follow(address: string, settings: RoutingSettings): Asking<Fate> {
  try {
    const whole = complete(address, settings);
    const refused = yield* refusal(whole, settings);
    const rewritings: Rewriting[] = [];
    const deliveries: Delivery[] = [];
    const endless = yield* deliver(whole, settings, { rewritings, deliveries, seen: new Set() });
    return { address, refusal: refused, rewritings, deliveries, endless, trouble: undefined };
  } catch (error) {
    if (!(error instanceof TableTrouble)) throw error;
    return { address, refusal: undefined, rewritings: [], deliveries: [], endless: false, trouble: error };
  }
}

interface Collected {
  readonly rewritings: Rewriting[];
  readonly deliveries: Delivery[];
  /** Names that local(8) has looked up: it ends loops itself. */
  readonly seen: Set<string>;
}

/** @returns whether the expansion never ends */
function* deliver(address: string, settings: RoutingSettings, collected: Collected): Asking<boolean> {
  const { recipients, rewritings, endless } = yield* rewriteRecipient(address, settings);
  collected.rewritings.push(...rewritings);
  if (endless) return true;
  let unending = false;
  for (const recipient of recipients) {
    const resolved = yield* resolve(recipient, settings);
    if (yield* expandAlias(recipient, resolved, settings, collected)) unending = true;
  }
  return unending;
}

function* expandAlias(
  recipient: string,
  resolved: Resolved,
  settings: RoutingSettings,
  collected: Collected,
): Asking<boolean> {
  const key = recipient.toLowerCase();
  const isLocal = resolved.transport === 'local' && !collected.seen.has(key);
  const alias = isLocal ? yield* findAlias(recipient, settings) : undefined;
  if (alias === undefined) {
    collected.deliveries.push({ recipient, resolved, aliased: undefined });
    return false;
  }
  collected.seen.add(key);
  let unending = false;
  for (const target of alias.targets) {
    if (target.kind !== 'address') {
      collected.deliveries.push({ recipient, resolved, aliased: { target, alias } });
      continue;
    }
    const next = withExtension(complete(target.text, settings), alias, settings);
    const nextResolved = yield* resolve(next, settings);
    // What stays local is delivered at once; the rest begins anew.
    const isEndless =
      nextResolved.transport === 'local'
        ? yield* expandAlias(next, nextResolved, settings, collected)
        : yield* deliver(next, settings, collected);
    if (isEndless) unending = true;
  }
  return unending;
}

function withExtension(address: string, { extension }: Alias, settings: RoutingSettings): string {
  if (!settings.propagates.has('alias')) return address;
  const { local, domain } = splitAddress(address);
  return `${local}${extension}@${domain}`;
}
