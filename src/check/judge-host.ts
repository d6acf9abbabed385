import { seconds } from '../install/main-cf.ts';
import { parsePipeArgs, pipeAttribute, type Service } from '../install/master-cf.ts';
import type { HostFacts } from './facts.ts';
import { type Finding, note, right, wrong } from './finding.ts';

const POSTFIX = 'Postfix';
const INSTALL = 'mlmmj-amime-receive install';

/** Our own deadline's default, after which a delivery gives up so that Postfix keeps the mail. */
const OWN_DEADLINE = 900;

/** What is right and wrong with the mail system, as a pure function of what was found. */
export function judgeHost(host: HostFacts): Finding[] {
  return [judgeMlmmj(host), ...judgePostfix(host), ...judgeAmavis(host)];
}

function judgeMlmmj(host: HostFacts): Finding {
  const { path, runs } = host.mlmmjReceive;
  if (runs) return right('mlmmj', `${path} can be run`);
  return wrong(
    'mlmmj',
    `${path} is missing or cannot be run`,
    'install mlmmj, or name it in the transport: --mlmmj-receive PATH',
  );
}

function judgePostfix(host: HostFacts): Finding[] {
  if (host.postfixTrouble !== undefined) {
    return [
      wrong(POSTFIX, host.postfixTrouble, 'install Postfix, or name its directory: --postfix-config DIR'),
    ];
  }
  const { transport } = host;
  if (transport === undefined) {
    return [wrong(POSTFIX, 'master.cf has no service "mlmmj"', INSTALL)];
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
    host.transportMaps.trim() === ''
      ? wrong(POSTFIX, 'transport_maps is empty: no address leads to a list', INSTALL)
      : right(POSTFIX, `transport_maps is ${host.transportMaps}`),
  ];
}

function judgeTransport(host: HostFacts, transport: Service): Finding[] {
  const pipe = parsePipeArgs(transport.args);
  const flags = pipeAttribute(pipe, 'flags') ?? '';
  const user = pipeAttribute(pipe, 'user') ?? '';
  const program = pipe.argv[0] ?? '';
  const findings: Finding[] = [];
  if (transport.fields[6] !== 'pipe' || !program.endsWith('/mlmmj-amime-receive')) {
    findings.push(
      wrong(POSTFIX, `the transport runs ${program || transport.fields[6]}: posts get no footer`, INSTALL),
    );
  } else if (!host.programRuns) {
    const by = user === '' ? '' : ` by ${user}`;
    findings.push(wrong(POSTFIX, `${program} is missing or cannot be run${by}`, 'make install'));
  } else findings.push(right(POSTFIX, `the transport runs ${program}`));
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

function judgeTimeLimit(limit: string | undefined): Finding {
  const allowed = limit === undefined ? undefined : seconds(limit);
  if (allowed !== undefined && allowed > OWN_DEADLINE) return right(POSTFIX, `a delivery may take ${limit}`);
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
