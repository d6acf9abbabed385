import { oneSpelling, readArguments, wrongCall } from '../commands/read-arguments.ts';
import type { CommandSyntax } from '../commands/syntax.ts';
import { isFullAddress, LMTP_ADDRESS } from '../mail-server/lmtp-address.ts';
import { isAddress } from './choose-lists.ts';

export const CHECK = {
  name: 'check',
  operands: '[LISTDIR | ADDRESS]…',
  about: `Says what is right and what is wrong with Postfix, Amavisd, the LMTP service and the lists, and
how to mend it. Changes nothing and delivers nothing; where mail goes is worked out from Postfix's
settings and tables. A list is named by its directory, or by its address where it lives on another
host. Without names and --all it looks at all lists in the spool of the transport or the service.
Exit status 0 only when all is right, 1 where something is wrong, 77 where nothing is and
something could not be looked at.
`,
  options: {
    lmtp: {
      takes: 'word',
      as: 'ADDRESS',
      optionalValue: { without: '', looksLike: LMTP_ADDRESS },
      purpose: 'all lists have to be routed to the LMTP service',
      also: 'at unix:/PATH or inet:HOST:PORT, else where it was installed; without this option it is looked at where lists are routed to one',
      manual:
        'What is looked at is its client in master.cf, the socket, what it announces, and whether it knows the list.',
    },
    all: { takes: 'directory', as: 'SPOOL', purpose: 'all lists in a spool' },
    'postfix-config': { takes: 'directory', purpose: "Postfix's configuration directory" },
    'systemd-config': { takes: 'directory', purpose: "where systemd's units are" },
    'amavis-port': { takes: 'port', purpose: "where Amavisd takes the lists' mail", default: 10027 },
    log: {
      takes: 'file',
      purpose: 'count what a mail log says of posts, by list and reason, and look at nothing else',
      also: '- is standard input; addresses name the lists that are wanted',
      manual:
        'What counts are the lines of the pipe and of serve. A file whose name ends in .gz is unpacked.',
    },
    probe: {
      takes: 'word',
      as: 'ADDRESS',
      purpose: 'ask the running smtpd for ADDRESS as well, in one session without a message',
      also: 'policy services, greylisting and the log see it',
      manual: 'What is said is MAIL FROM:<>, RCPT and RSET.',
    },
    verbose: { purpose: 'all that was found of each list, where several are looked at' },
    json: { purpose: 'the findings, or the counts, as data' },
  },
} as const satisfies CommandSyntax;

/** What `check` was asked for; undefined is for the host to say. */
export interface CheckOptions {
  /** Directories and addresses of lists. */
  readonly names: readonly string[];
  /** A spool. */
  readonly all: string | undefined;
  /** All lists have to be routed to the service; '' is where it was installed. */
  readonly lmtp: string | undefined;
  readonly postfixConfig: string | undefined;
  readonly systemdConfig: string | undefined;
  readonly amavisPort: number | undefined;
  readonly log: string | undefined;
  readonly probe: string | undefined;
  readonly verbose: boolean;
  readonly json: boolean;
}

/** @throws CommandProblem with exit status 64 that names what is wrong */
export function parseCheckArgs(args: readonly string[]): CheckOptions {
  const { values, operands } = readArguments(CHECK, args);
  const { all, lmtp, log, probe } = values;
  if (lmtp && !isFullAddress(lmtp)) {
    throw wrongCall(CHECK, `--lmtp ${lmtp}: unix:/PATH or inet:HOST:PORT is meant`);
  }
  if (probe !== undefined && !isAddress(probe)) {
    throw wrongCall(CHECK, `--probe ${probe}: that is no address`);
  }
  if (all !== undefined && (operands.length > 0 || probe !== undefined)) {
    throw wrongCall(CHECK, 'either --all SPOOL or directories, not both');
  }
  const path = log === undefined ? undefined : operands.find((name) => !name.includes('@'));
  if (path !== undefined) {
    throw wrongCall(CHECK, `${path}: with --log, lists are named by their addresses`);
  }
  return {
    names: operands,
    all,
    lmtp,
    postfixConfig: oneSpelling(values['postfix-config']),
    systemdConfig: values['systemd-config'],
    amavisPort: values['amavis-port'],
    log,
    probe,
    verbose: values.verbose ?? false,
    json: values.json ?? false,
  };
}
