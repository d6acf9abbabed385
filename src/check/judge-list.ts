import type { HostFacts, ListFacts, LmtpRoute, Lookup } from './facts.ts';
import { type Finding, note, right, unknown, wrong } from './finding.ts';
import { isClosed, judgeFooters } from './judge-footers.ts';
import { judgeLeftovers } from './judge-leftovers.ts';

/** What is right and wrong with a list, as a pure function of what was found. */
export function judgeList(
  list: ListFacts,
  host: HostFacts,
  routes: readonly LmtpRoute[],
  insistsOnLmtp: boolean,
): Finding[] {
  const subject = list.addresses[0] ?? list.directory;
  const unseen = list.closed.map((path) =>
    unknown(subject, `${path} is closed to you`, `sudo mlmmj-amime-receive check ${list.directory}`),
  );
  if (list.trouble !== undefined) {
    // What cannot be looked at is the reason for whatever else was found.
    if (unseen.length > 0) return unseen;
    return [
      wrong(subject, list.trouble, `look at ${list.directory}: it should be a mailing list's directory`),
    ];
  }
  return [
    judgeOwner(subject, list, host),
    ...judgeIncoming(subject, list, host),
    judgeAddress(subject, list),
    ...judgeDelimiter(subject, list, host),
    ...judgeFooters(subject, list, host),
    ...judgeRelay(subject, list),
    ...judgeLookups(subject, list.directory, list.lookups, routes, insistsOnLmtp),
    ...judgeLeftovers(subject, list, host),
    ...unseen,
  ];
}

function judgeOwner(subject: string, list: ListFacts, host: HostFacts): Finding {
  if (host.user === undefined)
    return note(subject, `belongs to user id ${list.ownerUid}; whose it should be is not known`);
  if (list.ownerUid === host.user.uid) return right(subject, `belongs to ${host.user.name}`);
  return wrong(
    subject,
    `belongs to user id ${list.ownerUid} and not to ${host.user.name}: mlmmj-receive refuses it`,
    `chown -R ${host.user.name} ${list.directory}`,
  );
}

/** Of a list with the right owner: of another's, everything is wrong. */
function judgeIncoming(subject: string, list: ListFacts, host: HostFacts): Finding[] {
  if (list.unwritable === undefined || list.ownerUid !== host.user?.uid) return [];
  const what = list.unwritable.startsWith(list.directory)
    ? `${list.unwritable} is closed to ${host.user.name}`
    : `${host.user.name} may not pass through ${list.unwritable}`;
  return [
    wrong(subject, `${what}: posts cannot be taken`, `ls -ld ${list.unwritable}, and correct owner or mode`),
  ];
}

function judgeAddress(subject: string, list: ListFacts): Finding {
  const obstacle =
    list.flaw?.file === 'listaddress'
      ? `${list.flaw.trouble}: mail waits in Postfix's queue`
      : list.addresses.length === 0
        ? 'listaddress is missing: mlmmj takes mail and leaves it in incoming/'
        : undefined;
  return obstacle === undefined
    ? right(subject, `control/listaddress is ${list.addresses.join(', ')}`)
    : wrong(
        subject,
        `control/${obstacle}`,
        `write the list's address to ${list.directory}/control/listaddress`,
      );
}

function judgeDelimiter(subject: string, list: ListFacts, host: HostFacts): Finding[] {
  if (list.flaw?.file === 'delimiter') {
    return [
      wrong(
        subject,
        `control/${list.flaw.trouble}: mail waits in Postfix's queue`,
        `write one of recipient_delimiter's characters to ${list.directory}/control/delimiter, or remove it`,
      ),
    ];
  }
  if (host.postfixTrouble !== undefined) return [];
  if (list.delimiter !== '' && host.recipientDelimiter.includes(list.delimiter)) {
    return [right(subject, `its delimiter "${list.delimiter}" is Postfix's`)];
  }
  return [
    wrong(
      subject,
      `its delimiter is "${list.delimiter}" and Postfix's "${host.recipientDelimiter}": commands do not reach it`,
      `write one of recipient_delimiter's characters to ${list.directory}/control/delimiter`,
    ),
  ];
}

function judgeRelay(subject: string, list: ListFacts): Finding[] {
  if (['relayhost', 'smtpport'].some((name) => isClosed(list, name))) return [];
  const { host, port, listens } = list.relay;
  if (listens) return [right(subject, `sends to ${host} port ${port}, where something listens`)];
  return [
    wrong(
      subject,
      `sends to ${host} port ${port}, where nothing listens`,
      `start what should listen there, or correct control/relayhost and control/smtpport in ${list.directory}`,
    ),
  ];
}

/**
 * Where Postfix takes a list's mail.
 *
 * @param directory the list's; undefined for one that lives on another host
 * @param insistsOnLmtp whether it has to be the LMTP service
 */
export function judgeLookups(
  subject: string,
  directory: string | undefined,
  lookups: readonly Lookup[],
  routes: readonly LmtpRoute[],
  insistsOnLmtp: boolean,
): Finding[] {
  return lookups.map((lookup) => {
    const route = routes.find(({ transport, nexthop }) => lookup.answer === `${transport}:${nexthop}`);
    if (route !== undefined) return judgeServed(subject, directory, lookup, route);
    return judgeLookup(subject, directory, lookup, insistsOnLmtp);
  });
}

/** What the LMTP service said when it was asked for the recipient. */
function judgeServed(
  subject: string,
  directory: string | undefined,
  lookup: Lookup,
  route: LmtpRoute,
): Finding {
  const { address, answer } = lookup;
  const reply = route.answer?.replies.get(address);
  if (reply === undefined) return note(subject, `${address} leads to ${answer}, which could not be asked`);
  if (reply.startsWith('2')) return right(subject, `${address} leads to ${answer}, which takes it`);
  const said = reply.slice(0, 100);
  if (reply.startsWith('5')) {
    return wrong(
      subject,
      `${address} leads to ${answer}, which has no such list: ${said}`,
      `--lists and --layout of the service have to lead to ${directory ?? "the list's directory there"}`,
    );
  }
  return wrong(
    subject,
    `${address} leads to ${answer}, which puts it off: ${said}`,
    "the service's log says why",
  );
}

function judgeLookup(
  subject: string,
  own: string | undefined,
  lookup: Lookup,
  insistsOnLmtp: boolean,
): Finding {
  const { address, answer, directory, trouble } = lookup;
  if (trouble !== undefined)
    return wrong(
      subject,
      `transport_maps cannot be asked: ${trouble}`,
      'mend that table: all mail waits for it',
    );
  if (answer === undefined) {
    return wrong(
      subject,
      `transport_maps does not know ${address}`,
      'mlmmj-amime-receive install, or add the list to your table',
    );
  }
  if (insistsOnLmtp) {
    return wrong(
      subject,
      `${address} leads to ${answer}, and not to the LMTP service`,
      'mlmmj-amime-receive install --lmtp, or correct what transport_maps says of it',
    );
  }
  if (directory !== undefined && own === undefined) return right(subject, `${address} leads to ${directory}`);
  if (directory !== undefined && directory === own)
    return right(subject, `${address} leads here (${answer})`);
  const where = directory === undefined ? 'which is not the transport mlmmj' : `that is ${directory}`;
  return wrong(subject, `${address} leads to ${answer}, ${where}`, `correct the entry for ${subject}`);
}
