import type { HostFacts, ListFacts, Lookup } from './facts.ts';
import { type Finding, note, right, unknown, wrong } from './finding.ts';
import { isClosed, judgeFooters } from './judge-footers.ts';
import { judgeLeftovers } from './judge-leftovers.ts';
import { judgeLookups, type Routing } from './judge-lookups.ts';

/** What a list is called in findings. */
export function subjectOf({ addresses, directory }: ListFacts): string {
  return addresses[0] ?? directory;
}

/** What is right and wrong with a list, as a pure function of what was found. */
export function judgeList(list: ListFacts, lookups: readonly Lookup[], routing: Routing): Finding[] {
  const { host } = routing;
  const subject = subjectOf(list);
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
    ...judgeRelay(subject, list, host),
    ...judgeLookups(subject, list.directory, lookups, routing),
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

function judgeRelay(subject: string, list: ListFacts, { amavis, amavisIsHere }: HostFacts): Finding[] {
  if (['relayhost', 'smtpport'].some((name) => isClosed(list, name))) return [];
  const { host, port, listens } = list.relay;
  if (listens) return [right(subject, `sends to ${host} port ${port}, where something listens`)];
  // A dead Amavisd is one cause, however many lists send to it, and is said where Amavisd is.
  if (amavisIsHere && amavis.greeting === undefined && port === amavis.port && isLoopback(host)) return [];
  return [
    wrong(
      subject,
      `sends to ${host} port ${port}, where nothing listens`,
      'start what should listen there, or correct control/relayhost and control/smtpport',
    ),
  ];
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
