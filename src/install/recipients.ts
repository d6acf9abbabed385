import { listEntries } from '../mail-server/main-cf.ts';
import type { Host, SpooledList } from './host.ts';

/** What makes Postfix accept mail for lists that a file lists: a transport alone does not make an address known. */
export interface RecipientTables {
  /** Parameters to which the table of lists has to be added. */
  readonly add: readonly string[];
  /** Domains of lists that Postfix takes no mail for yet. */
  readonly relay: readonly string[];
  readonly notes: readonly string[];
}

/** Which domains each address class names, and which parameter names its recipients. */
const CLASSES = [
  ['mydestination', 'local_recipient_maps'],
  ['virtual_mailbox_domains', 'virtual_mailbox_maps'],
  ['relay_domains', 'relay_recipient_maps'],
] as const;

/** A table among the domains (`hash:…`, `/file`). */
const TABLE = /^[\w-]+:|^\//;

export function recipientTables(host: Host, lists: readonly SpooledList[]): RecipientTables {
  const add = new Set<string>();
  const relay = new Set<string>();
  const notes = new Set<string>();
  const domains = new Set(lists.map((list) => list.address.split('@')[1]!.toLowerCase()));
  const value = (name: string) => host.expanded.get(name) ?? '';
  for (const domain of domains) {
    if (names(value('virtual_alias_domains'), domain) || host.aliasDomains.has(domain)) {
      notes.add(
        `${domain} is a virtual alias domain, whose addresses have no transport: give its lists aliases in a domain that has one, or make it a relay domain`,
      );
      continue;
    }
    const found = CLASSES.find(([parameter]) => names(value(parameter), domain));
    if (found !== undefined) {
      // An empty recipient table accepts every address of the class; naming one list there would refuse all others.
      if (value(found[1]).trim() !== '') add.add(found[1]);
    } else if (
      CLASSES.some(([parameter]) => listEntries(value(parameter)).some((entry) => TABLE.test(entry)))
    ) {
      notes.add(`make sure that Postfix takes mail for ${domain} and knows its lists`);
    } else {
      relay.add(domain);
      // With no relay domain before, nobody else's addresses can be refused by naming the lists'.
      const alone = value('relay_domains').trim() === '';
      if (alone || value('relay_recipient_maps').trim() !== '') add.add('relay_recipient_maps');
    }
  }
  return { add: [...add], relay: [...relay], notes: [...notes] };
}

function names(list: string, domain: string): boolean {
  return listEntries(list).some((entry) => entry.toLowerCase() === domain);
}
