import { splitAddress } from '../mail-server/routing/address.ts';
import type { HostFacts, LmtpRoute, Lookup, Way } from './facts.ts';
import { type Finding, note, right, unknown, wrong } from './finding.ts';

/** What the judgement of an address needs besides. */
export interface Routing {
  readonly host: HostFacts;
  readonly routes: readonly LmtpRoute[];
  /** Whether each list has to be behind the LMTP service. */
  readonly insistsOnLmtp: boolean;
}

/**
 * What becomes of mail to a list's addresses.
 *
 * @param own the list's directory; undefined for one that lives on another host
 */
export function judgeLookups(
  subject: string,
  own: string | undefined,
  lookups: readonly Lookup[],
  routing: Routing,
): Finding[] {
  return [
    ...judgeRefusals(subject, lookups, routing.host),
    ...lookups.flatMap((lookup) => judgeLookup(subject, own, lookup, routing)),
  ];
}

/** An address and its extensions are mostly refused together: one finding for one cause. */
function judgeRefusals(subject: string, lookups: readonly Lookup[], host: HostFacts): Finding[] {
  const causes = new Map<string, Lookup[]>();
  for (const lookup of lookups) {
    if (lookup.refusal === undefined) continue;
    const cause = `${lookup.refusal.reason} ${splitAddress(lookup.address).domain}`;
    causes.set(cause, [...(causes.get(cause) ?? []), lookup]);
  }
  return [...causes.values()].map((refused) => judgeRefusal(subject, refused, host));
}

function judgeLookup(subject: string, own: string | undefined, lookup: Lookup, routing: Routing): Finding[] {
  const { address, trouble, refusal, endless, ways } = lookup;
  // It is the table's fault, and said of the table; the list is not in order for that.
  if (trouble !== undefined) {
    return [
      judgeTrouble(trouble.table, trouble.message),
      unknown(subject, 'where its mail goes is not known', `mend ${trouble.table} first`),
    ];
  }
  if (endless) {
    const table = lookup.rewritings.at(-1)?.found.table;
    return [
      wrong(
        subject,
        `${address} is rewritten without an end: its mail waits`,
        `correct ${table}: ${chain(lookup)}`,
      ),
    ];
  }
  const arrivals = ways.filter((way) => way.kind === 'lmtp' || isList(way, own));
  if (arrivals.length === 0) {
    // Whoever is refused gets nowhere, and what would come after that is no second cause.
    return refusal === undefined ? ways.map((way) => judgeAway(subject, lookup, way)) : [];
  }
  const findings = arrivals.map((way) => judgeArrival(subject, own, lookup, way, routing));
  const others = ways.filter((way) => !arrivals.includes(way)).map(({ recipient }) => recipient);
  if (others.length > 0) findings.push(note(subject, `${address} goes to ${others.join(', ')} as well`));
  // A list that would be reached is not reached by those who are refused.
  return refusal === undefined ? findings : findings.filter(({ level }) => level !== 'right');
}

function isList({ directory }: Way, own: string | undefined): boolean {
  return directory !== undefined && (own === undefined || directory === own);
}

/** Closed tables are not the mail server's trouble, but that of whoever asks. */
function judgeTrouble(table: string, what: string): Finding {
  if (/permission denied/i.test(what) && process.geteuid?.() !== 0) {
    return unknown('Postfix', `${table} is closed to you: ${what}`, 'sudo mlmmj-amime-receive check');
  }
  return wrong('Postfix', `${table} cannot be asked: ${what}`, 'mend that table: mail waits for it');
}

function judgeRefusal(subject: string, refused: readonly Lookup[], { settings }: HostFacts): Finding {
  const { address, refusal } = refused[0]!;
  const { code, reason, parameters } = refusal!;
  const said = `Postfix refuses ${refused.map((lookup) => lookup.address).join(', ')} (${code} ${reason})`;
  if (reason === 'Relay access denied') {
    const { domain } = splitAddress(address);
    return wrong(
      subject,
      `Postfix refuses all mail for ${domain} (${code} ${reason}): it is in none of ${parameters.join(', ')}`,
      `mlmmj-amime-receive install, or add ${domain} to relay_domains`,
    );
  }
  const tables = parameters.map((name) => `${name} (${settings.get(name)?.trim() || 'empty'})`);
  return wrong(
    subject,
    `${said}: ${tables.length === 1 ? `it is not in ${tables[0]}` : `it is in none of ${tables.join(', ')}`}`,
    `add it there${tables.length === 1 ? '' : ', to the first or as an alias'}${
      tables.some((table) => table.includes('sql:'))
        ? '; with iRedMail, its row in forwardings is missing'
        : ''
    }`,
  );
}

/** What was made of the address before its transport was sought; empty where nothing was. */
function chain({ rewritings }: Lookup): string {
  return rewritings
    .map(({ address, becomes, found }) => `${address} becomes ${becomes.join(', ')} by ${found.table}`)
    .join('; ');
}

/** How the address came to be another one; empty where it did not. */
function via(lookup: Lookup, { recipient }: Way): string {
  const tables = [...new Set(lookup.rewritings.map(({ found }) => found.table))];
  if (recipient.toLowerCase() === lookup.address.toLowerCase() || tables.length === 0) return '';
  return `, as ${recipient} by ${tables.join(', ')}`;
}

/** Mail that comes to something else than the list. */
function judgeAway(subject: string, lookup: Lookup, way: Way): Finding {
  const { address } = lookup;
  const { kind, answer, parameter, entry, directory } = way;
  const by = entry === undefined ? parameter : `${entry.key} in ${entry.table}`;
  const path = via(lookup, way);
  if (kind === 'error') {
    return wrong(
      subject,
      `${address} is bounced by ${by} (${answer.replace(/^error:(?:\d\.\d+\.\d+ )?/, '')})${path}`,
      entry === undefined ? `give ${way.recipient} an alias in virtual_alias_maps` : `correct ${by}`,
    );
  }
  if (entry === undefined) {
    return wrong(
      subject,
      `transport_maps does not know ${way.recipient}: ${address} leads to ${answer} by ${by}${path}`,
      'mlmmj-amime-receive install, or add the list to your table',
    );
  }
  const what = directory === undefined ? 'which is not the list' : `that is ${directory}`;
  return wrong(subject, `${address} leads to ${answer}, ${what}, by ${by}${path}`, `correct ${by}`);
}

function judgeArrival(
  subject: string,
  own: string | undefined,
  lookup: Lookup,
  way: Way,
  { routes, insistsOnLmtp }: Routing,
): Finding {
  const { address } = lookup;
  const { answer, entry, directory } = way;
  const path = via(lookup, way);
  const table = entry === undefined ? '' : ` by ${entry.table}`;
  const route = routes.find(({ transport, nexthop }) => answer === `${transport}:${nexthop}`);
  if (route !== undefined) return judgeServed(subject, own, address, way, table + path, route);
  if (insistsOnLmtp) {
    return wrong(
      subject,
      `${address} leads to ${answer}, and not to the LMTP service${path}`,
      `mlmmj-amime-receive install --lmtp, or correct what ${entry?.table ?? way.parameter} says of it`,
    );
  }
  if (!way.addsFooters) {
    return wrong(
      subject,
      `${address} leads to mlmmj-receive by ${entry!.key} in ${entry!.table}: posts get no footer`,
      `put mlmmj-amime-receive in its place in ${entry!.table}, then run newaliases`,
    );
  }
  return own === undefined
    ? right(subject, `${address} leads to ${directory}${table}${path}`)
    : right(subject, `${address} leads here (${answer})${table}${path}`);
}

/** What the LMTP service said when it was asked for the recipient. */
function judgeServed(
  subject: string,
  directory: string | undefined,
  address: string,
  { answer, recipient }: Way,
  by: string,
  route: LmtpRoute,
): Finding {
  const reply = route.answer?.replies.get(recipient);
  if (reply === undefined)
    return note(subject, `${address} leads to ${answer}${by}, which could not be asked`);
  if (reply.startsWith('2')) return right(subject, `${address} leads to ${answer}${by}, which takes it`);
  const said = reply.slice(0, 100);
  if (reply.startsWith('5')) {
    return wrong(
      subject,
      `${address} leads to ${answer}${by}, which has no such list: ${said}`,
      `--lists and --layout of the service have to lead to ${directory ?? "the list's directory there"}`,
    );
  }
  return wrong(
    subject,
    `${address} leads to ${answer}${by}, which puts it off: ${said}`,
    "the service's log says why",
  );
}
