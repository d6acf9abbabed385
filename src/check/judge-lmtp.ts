import { isOnThisHost } from '../mail-server/lmtp-address.ts';
import { seconds } from '../mail-server/main-cf.ts';
import { SOCKET_UNIT } from '../mail-server/units.ts';
import { DEFAULT_LIMITS, slowestAnswer } from '../serve/options.ts';
import type { LmtpRoute } from './facts.ts';
import { type Finding, note, right, wrong } from './finding.ts';

const INSTALL = 'mlmmj-amime-receive install --lmtp';

/** What Postfix makes use of, and what it costs where it is missing. */
const WANTED: Readonly<Record<string, string>> = {
  PIPELINING: 'each command waits for its answer',
  ENHANCEDSTATUSCODES: 'bounces say less of their reason',
  SMTPUTF8: 'posts with addresses that are not ASCII are bounced',
};

/** What is right and wrong with one way to an LMTP service, as a pure function of what was found. */
export function judgeLmtp(route: LmtpRoute): Finding[] {
  const subject = `LMTP service at ${route.nexthop}`;
  const { client, address } = route;
  if (address === undefined) {
    return [
      wrong(
        subject,
        'that is no address of an LMTP service',
        'unix:/PATH or inet:HOST:PORT, as in "lmtp(8)"',
      ),
    ];
  }
  return [
    judgeClient(subject, route.transport, client),
    ...judgeLimits(subject, route),
    ...judgeSocket(subject, route),
    ...judgeAnswer(subject, route),
    ...judgeService(subject, route),
  ];
}

function judgeClient(subject: string, transport: string, client: LmtpRoute['client']): Finding {
  if (client === undefined) return wrong(subject, `master.cf has no service "${transport}"`, INSTALL);
  const command = client.fields[6];
  if (command === 'lmtp') return right(subject, `${transport} is a client for it`);
  return wrong(
    subject,
    `${transport} in master.cf runs ${command}, which speaks no LMTP`,
    `rename or remove it, then ${INSTALL}`,
  );
}

function judgeLimits(subject: string, route: LmtpRoute): Finding[] {
  const { transport, recipientLimit, concurrencyLimit, dataDoneTimeout } = route;
  const limits = route.service?.options?.limits ?? DEFAULT_LIMITS;
  const findings: Finding[] = [];
  const bounded = (name: string, value: number, most: number, what: string) => {
    // 0 is Postfix's word for no limit.
    if (value > 0 && value <= most) findings.push(right(subject, `${transport}_${name} is ${value}`));
    else {
      findings.push(
        note(
          subject,
          `${transport}_${name} is ${value}: ${what}`,
          `postconf -e ${transport}_${name}=${most}`,
        ),
      );
    }
  };
  bounded(
    'destination_recipient_limit',
    recipientLimit,
    limits.deliveries,
    `a post to more than ${limits.deliveries} lists comes to the rest later`,
  );
  bounded(
    'destination_concurrency_limit',
    concurrencyLimit,
    limits.connections,
    `the service takes ${limits.connections} connections and sends others away for now`,
  );
  const slowest = slowestAnswer(limits);
  const waits = seconds(dataDoneTimeout) ?? 0;
  findings.push(
    waits > slowest
      ? right(subject, `Postfix waits ${dataDoneTimeout} for the answer to a post`)
      : wrong(
          subject,
          `Postfix waits only ${dataDoneTimeout} for an answer that may take ${slowest} s: posts would come twice`,
          `postconf -P ${transport}/unix/lmtp_data_done_timeout=${Math.max(600, slowest + 60)}s`,
        ),
  );
  return findings;
}

function judgeSocket(subject: string, { socket, chroot, transport }: LmtpRoute): Finding[] {
  if (socket === undefined) return [];
  const { path, isThere, outside, user, obstacle } = socket;
  if (!isThere && outside && chroot !== undefined) {
    return [
      wrong(
        subject,
        `${transport} runs in a chroot, from which the socket is not seen: it looks for ${path}`,
        `postconf -F ${transport}/unix/chroot=n`,
      ),
    ];
  }
  if (!isThere) return [wrong(subject, `there is no socket ${path}`, START)];
  if (obstacle === undefined) return [right(subject, `Postfix's user ${user} may connect`)];
  return [
    wrong(
      subject,
      obstacle === path
        ? `Postfix's user ${user} may not write to the socket`
        : `Postfix's user ${user} may not pass through ${obstacle}`,
      obstacle === path
        ? `SocketGroup= in ${SOCKET_UNIT}, or --socket-mode of the service, has to let its group in`
        : `chmod o+x ${obstacle}, or put the socket elsewhere`,
    ),
  ];
}

const START = `systemctl enable --now ${SOCKET_UNIT}, or start "mlmmj-amime-receive serve"; mail waits until then`;

function judgeAnswer(subject: string, route: LmtpRoute): Finding[] {
  const { trouble, greeting, keywords } = route.answer!;
  if (greeting === '') {
    // A socket that is missing was said already.
    if (route.socket?.isThere === false) return [];
    return [wrong(subject, `nothing answers (${trouble ?? 'no answer'})`, START)];
  }
  if (!greeting.startsWith('220')) {
    return [
      wrong(
        subject,
        `it answers "${greeting.slice(0, 80)}"`,
        greeting.startsWith('421')
          ? "the service's log says why"
          : 'something else listens there: correct the address',
      ),
    ];
  }
  if (keywords.size === 0) {
    return [
      wrong(subject, 'what answers there is no LMTP service (LHLO)', 'correct the address in transport_maps'),
    ];
  }
  const findings = [right(subject, `answers "${greeting.slice(0, 80)}"`)];
  if (trouble !== undefined) {
    findings.push(wrong(subject, `it broke off: ${trouble}`, "the service's log says why"));
  }
  if (!keywords.has('8BITMIME')) {
    findings.push(
      wrong(
        subject,
        'it does not announce 8BITMIME: Postfix would recode posts, and break their signatures',
        'something else than "mlmmj-amime-receive serve" listens there: correct the address',
      ),
    );
  }
  for (const [keyword, price] of Object.entries(WANTED)) {
    if (!keywords.has(keyword)) findings.push(note(subject, `it does not announce ${keyword}: ${price}`));
  }
  return [...findings, judgeSize(subject, Number(keywords.get('SIZE') ?? 0), route.messageSizeLimit)];
}

/** 0 is no limit on both sides. */
function judgeSize(subject: string, size: number, postfix: number): Finding {
  if (!(size > 0)) return right(subject, 'takes posts of any size');
  if (postfix > 0 && size >= postfix) return right(subject, `takes posts of up to ${size} bytes`);
  const asked = postfix > 0 ? `up to ${postfix}` : 'any';
  const what = `takes posts of up to ${size} bytes, and Postfix ${asked}: larger ones are bounced`;
  const mend = `serve --max-size, or postconf -e message_size_limit=${size}`;
  return postfix > 0 ? wrong(subject, what, mend) : note(subject, what, mend);
}

function judgeService(subject: string, { service, address }: LmtpRoute): Finding[] {
  if (service === undefined) {
    return isOnThisHost(address!)
      ? [note(subject, 'its process is not seen from here: who owns the lists there is not known')]
      : [];
  }
  const { user, options, writable } = service;
  const findings: Finding[] = [];
  if (user === undefined) {
    findings.push(wrong(subject, 'the user that its unit names does not exist', `${INSTALL} --create-user`));
  } else findings.push(right(subject, `${service.runs ? 'runs' : 'would run'} as ${user.name}`));
  const spool = options?.lists;
  if (spool !== undefined && writable !== undefined && !writable.some((path) => covers(path, spool))) {
    findings.push(
      wrong(
        subject,
        `its unit lets it only read ${spool}`,
        `ReadWritePaths=${spool} in mlmmj-amime.service, then systemctl daemon-reload and restart it`,
      ),
    );
  }
  return findings;
}

function covers(directory: string, path: string): boolean {
  return path === directory || path.startsWith(`${directory.replace(/\/+$/, '')}/`);
}
