import { seconds } from '../mail-server/main-cf.ts';
import { parsePipeArgs, pipeAttribute, type Service } from '../mail-server/master-cf.ts';
import { DEFAULT_DEADLINE_SECONDS } from '../transport/arguments.ts';
import { VERSION } from '../version.ts';
import type { HostFacts, ListFacts, LmtpRoute, Lookup } from './facts.ts';
import { type Finding, note, right, unknown, wrong } from './finding.ts';
import { judgeLists } from './judge-lists.ts';
import { judgeLmtp } from './judge-lmtp.ts';

const POSTFIX = 'Postfix';
const INSTALL = 'mlmmj-amime-receive install';
const AS_ROOT = 'sudo mlmmj-amime-receive check';

/** What is right and wrong with the mail system, as a pure function of what was found. */
export function judgeHost(
  host: HostFacts,
  lists: readonly ListFacts[],
  lookups: readonly Lookup[],
  routes: readonly LmtpRoute[],
): Finding[] {
  return [
    ...judgeMlmmj(host, lookups, routes),
    ...judgeLists(host, lists),
    ...judgePostfix(host, lookups, routes),
    ...routes.flatMap(judgeLmtp),
    ...judgeAmavis(host),
  ];
}

/** Where all lists are behind a service whose process is not here, mlmmj is where that is. */
function judgeMlmmj(host: HostFacts, lookups: readonly Lookup[], routes: readonly LmtpRoute[]): Finding[] {
  const { path, runs, processTrouble } = host.mlmmjReceive;
  if (routes.length > 0 && host.service === undefined && !isPiped(lookups)) return [];
  if (!runs) {
    return [
      wrong(
        'mlmmj',
        `${path} is missing or cannot be run`,
        'install mlmmj, or name it in the transport: --mlmmj-receive PATH',
      ),
    ];
  }
  if (processTrouble === undefined) return [right('mlmmj', `${path} can be run`)];
  return [
    wrong(
      'mlmmj',
      `${processTrouble}: mail waits in Postfix's queue, as ${path} would take it and leave it in incoming/`,
      'install mlmmj whole, or name another one: --mlmmj-receive PATH',
    ),
  ];
}

function isPiped(lookups: readonly Lookup[]): boolean {
  return lookups.some(({ ways }) => ways.some(({ answer }) => answer.startsWith('mlmmj:')));
}

function judgePostfix(host: HostFacts, lookups: readonly Lookup[], routes: readonly LmtpRoute[]): Finding[] {
  if (host.postfixTrouble !== undefined) {
    return [
      wrong(POSTFIX, host.postfixTrouble, 'install Postfix, or name its directory: --postfix-config DIR'),
    ];
  }
  const { transport } = host;
  if (routes.length > 0 && !isPiped(lookups)) return [judgeTransportMaps(host)];
  // aliases(5) alone: no transport has a part in it.
  const ways = lookups.flatMap((lookup) => lookup.ways);
  const isAliased = ways.some(({ kind, directory }) => kind === 'command' && directory !== undefined);
  if (isAliased && !isPiped(lookups)) return [];
  if (transport === undefined) {
    const service = host.services.get('mlmmj-lmtp/unix');
    if (service === undefined) return [wrong(POSTFIX, 'master.cf has no service "mlmmj"', INSTALL)];
    return [
      note(
        POSTFIX,
        'nothing is known of the lists behind its client mlmmj-lmtp',
        'mlmmj-amime-receive check LIST@DOMAIN, or check --lmtp ADDRESS',
      ),
      judgeTransportMaps(host),
    ];
  }
  return [
    ...judgeTransport(host, transport),
    host.recipientLimit === '1'
      ? right(POSTFIX, 'mlmmj_destination_recipient_limit is 1')
      : wrong(
          POSTFIX,
          `mlmmj_destination_recipient_limit is ${host.recipientLimit ?? 'not set'}: a message to two lists reaches one`,
          'postconf -e mlmmj_destination_recipient_limit=1',
        ),
    judgeTimeLimit(host.timeLimit),
    judgeTransportMaps(host),
  ];
}

function judgeTransportMaps({ transportMaps }: HostFacts): Finding {
  return transportMaps.trim() === ''
    ? wrong(POSTFIX, 'transport_maps is empty: no address leads to a list', INSTALL)
    : right(POSTFIX, `transport_maps is ${transportMaps}`);
}

function judgeTransport(host: HostFacts, transport: Service): Finding[] {
  const pipe = parsePipeArgs(transport.args);
  const flags = pipeAttribute(pipe, 'flags') ?? '';
  const user = pipeAttribute(pipe, 'user') ?? '';
  const program = pipe.argv[0] ?? '';
  const findings = [judgeProgram(host, transport, program, user)];
  if (!flags.includes('R')) {
    findings.push(wrong(POSTFIX, 'the transport lacks flag R: bounces cannot be told from posts', INSTALL));
  } else if (!flags.includes('D') || pipeAttribute(pipe, 'null_sender') === undefined) {
    findings.push(
      note(
        POSTFIX,
        `the transport has flags=${flags}: recipient or null sender may have to be guessed`,
        INSTALL,
      ),
    );
  } else
    findings.push(
      right(POSTFIX, `the transport has flags=${flags} null_sender=${pipeAttribute(pipe, 'null_sender')}`),
    );
  findings.push(
    host.user === undefined
      ? wrong(
          POSTFIX,
          `the transport's user "${user}" does not exist`,
          `create it, or ${INSTALL} --create-user`,
        )
      : right(POSTFIX, `the transport's user is ${host.user.name}`),
  );
  return findings;
}

function judgeProgram(host: HostFacts, transport: Service, program: string, user: string): Finding {
  const { program: identity } = host;
  if (transport.fields[6] !== 'pipe' || identity === undefined) {
    return wrong(
      POSTFIX,
      `the transport runs ${program || transport.fields[6]}: posts get no footer`,
      INSTALL,
    );
  }
  const home = program.replace(/\/bin\/[^/]*$/, '');
  switch (identity.kind) {
    case 'closed':
      return unknown(POSTFIX, `what ${program} is, which is closed to you`, AS_ROOT);
    case 'script':
      return wrong(
        POSTFIX,
        `${program} is the shell script of that name, which runs altermime: an upgrade of iRedMail writes it again`,
        `mv ${program} ${program}.script, then make install PREFIX=${home}`,
      );
    case 'foreign':
      return wrong(
        POSTFIX,
        `${program} is not this program: it does not say so when asked for --version`,
        `move it away, then make install PREFIX=${home}`,
      );
  }
  if (identity.kind === 'missing' || !host.programRuns) {
    const by = user === '' ? '' : ` by ${user}`;
    return wrong(POSTFIX, `${program} is missing or cannot be run${by}`, 'make install');
  }
  if (identity.version === VERSION) return right(POSTFIX, `the transport runs ${program}`);
  return note(
    POSTFIX,
    `the transport runs ${program} ${identity.version}, and this is ${VERSION}`,
    `make install PREFIX=${home}`,
  );
}

function judgeTimeLimit(limit: string | undefined): Finding {
  const allowed = limit === undefined ? undefined : seconds(limit);
  if (allowed !== undefined && allowed > DEFAULT_DEADLINE_SECONDS)
    return right(POSTFIX, `a delivery may take ${limit}`);
  return wrong(
    POSTFIX,
    `a delivery may take only ${limit ?? 'an unknown time'}: past that, mail is bounced and not kept`,
    'postconf -e mlmmj_time_limit=1000s',
  );
}

function judgeAmavis(host: HostFacts): Finding[] {
  const { port, greeting } = host.amavis;
  if (greeting?.startsWith('220')) return [right('Amavisd', `answers on port ${port}`)];
  if (!host.amavisIsHere)
    return [note('Amavisd', `nothing answers on port ${port}: the lists' mail is not signed here`)];
  const said =
    greeting === undefined ? 'nothing listens' : `no mail server answers ("${greeting.slice(0, 40)}")`;
  return [
    wrong(
      'Amavisd',
      `${said} on port ${port}`,
      'restart Amavisd after the installation; its log says what is wrong',
    ),
  ];
}
