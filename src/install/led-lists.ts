import { readFileSync } from 'node:fs';
import { isListTable } from '../mail-server/list-tables.ts';
import { listEntries } from '../mail-server/main-cf.ts';
import { type Fate, follow } from '../mail-server/routing/follow.ts';
import type { Postmap } from '../mail-server/routing/postmap.ts';
import { type RoutingSettings, routingSettings } from '../mail-server/routing/settings.ts';
import type { LedList, SpooledList } from './host.ts';

/** Postfix's settings as they will be: what every installation needs for extensions is there then. */
export function plannedRouting(expanded: ReadonlyMap<string, string>): RoutingSettings {
  const propagates = expanded.get('propagate_unmatched_extensions') ?? '';
  const planned = new Map([
    ...expanded,
    ['recipient_delimiter', expanded.get('recipient_delimiter')?.trim() || '+'],
    ['propagate_unmatched_extensions', [...listEntries(propagates), 'virtual'].join(' ')],
  ]);
  return routingSettings(planned, (path) => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return '';
    }
  });
}

/**
 * The lists that tables of the host's own lead to the transport, by the way that mlmmj's README.postfix has it for
 * instance: a second table for them would be asked in vain, or take them from where they are.
 */
export async function ledLists(
  lists: readonly SpooledList[],
  settings: RoutingSettings,
  postmap: Postmap,
): Promise<Map<string, LedList>> {
  const delimiter = settings.delimiters[0]!;
  const fates = await postmap.answer(
    lists.flatMap(({ address }) => [
      follow(address, settings),
      follow(address.replace('@', `${delimiter}subscribe@`), settings),
    ]),
  );
  const led = new Map<string, LedList>();
  for (const [at, { address, nexthop }] of lists.entries()) {
    const [plain, command] = [fates[2 * at]!, fates[2 * at + 1]!].map((fate) => ledBy(fate, nexthop));
    if (plain !== undefined && command !== undefined && !isListTable(plain.table)) led.set(address, plain);
  }
  return led;
}

function ledBy({ refusal, deliveries }: Fate, nexthop: string): LedList | undefined {
  if (refusal !== undefined) return undefined;
  const delivery = deliveries.find(
    ({ resolved }) => resolved.transport === 'mlmmj' && resolved.nexthop === nexthop,
  );
  const table = delivery?.resolved.by.found?.table;
  return table === undefined ? undefined : { table, recipient: delivery!.recipient };
}
