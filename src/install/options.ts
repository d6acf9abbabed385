import type { CommandProblem } from '../commands/problem.ts';
import { oneSpelling, readArguments, wrongCall } from '../commands/read-arguments.ts';
import type { CommandSyntax } from '../commands/syntax.ts';
import type { TableKind } from '../mail-server/list-tables.ts';
import { DEFAULT_LMTP, isFullAddress, LMTP_ADDRESS } from '../mail-server/lmtp-address.ts';

export type Lookup = TableKind | 'none';
const LOOKUPS: readonly Lookup[] = ['hash', 'mysql', 'pgsql', 'ldap', 'none'];

/** What `install` was asked for; undefined is for the host to say. */
export interface InstallOptions {
  readonly dryRun: boolean;
  readonly createUser: boolean;
  readonly prefix: string | undefined;
  readonly postfixConfig: string | undefined;
  /** `none` leaves Amavisd alone. */
  readonly amavisConfig: string | undefined;
  readonly amavisPort: number | undefined;
  readonly reinjectionPort: number | undefined;
  readonly spool: string | undefined;
  readonly user: string | undefined;
  readonly lookup: Lookup | undefined;
  readonly lookupFrom: string | undefined;
  readonly dkimDomain: string | undefined;
  readonly mlmmjReceive: string | undefined;
  /** Lists are routed to the LMTP service at this address, or through the pipe; undefined leaves it as it is. */
  readonly route: { readonly lmtp: string } | 'pipe' | undefined;
  /** `none` writes no units. */
  readonly systemdConfig: string | undefined;
}

export const INSTALL = {
  name: 'install',
  about: `Sets up Postfix and Amavisd so that posts to mailing lists get their footers. Existing settings
are added to, never lost; each file that changes is kept, and "mlmmj-amime-receive uninstall" puts
it back.
`,
  options: {
    'dry-run': { purpose: 'show the exact changes and make none' },
    transport: {
      takes: 'word',
      as: 'KIND',
      choices: LOOKUPS,
      purpose: `where Postfix looks lists up: ${LOOKUPS.slice(0, -1).join(', ')}, or none`,
      also: 'none leaves transport_maps alone; without this option what the host uses already, else hash with the lists that are in the spool',
    },
    'lookup-from': {
      takes: 'file',
      purpose: 'a lookup table of this host whose database connection the new one uses',
    },
    lmtp: {
      takes: 'word',
      as: 'ADDRESS',
      optionalValue: { without: DEFAULT_LMTP, looksLike: LMTP_ADDRESS },
      purpose: 'route lists to the LMTP service (serve) instead of the pipe',
      also: `unix:/PATH or inet:HOST:PORT, or ${DEFAULT_LMTP}; with systemd's units for one on this host`,
      manual: 'What was chosen stays until the other is asked for.',
    },
    pipe: { purpose: 'route them through the pipe again' },
    'systemd-config': {
      takes: 'directory',
      purpose: "where systemd's units go, or none",
      default: '/etc/systemd/system',
    },
    spool: {
      takes: 'directory',
      purpose: 'where the lists are',
      default: '/var/vmail/mlmmj, or /var/spool/mlmmj if only that is there',
    },
    user: {
      takes: 'word',
      as: 'NAME',
      purpose: 'who owns the lists',
      default: 'whose all of them are, else mlmmj',
    },
    'create-user': { purpose: 'create that user and the spool' },
    prefix: {
      takes: 'directory',
      purpose: 'where the program is installed: DIR/bin/mlmmj-amime-receive',
    },
    'mlmmj-receive': {
      takes: 'file',
      as: 'PATH',
      purpose: 'where mlmmj-receive is, if not in /usr/local/bin or /usr/bin',
    },
    'postfix-config': { takes: 'directory', purpose: "Postfix's configuration directory" },
    'amavis-config': { takes: 'file', purpose: "Amavisd's configuration file, or none" },
    'amavis-port': { takes: 'port', purpose: "where Amavisd takes the lists' mail", default: 10027 },
    'reinjection-port': { takes: 'port', purpose: 'where Postfix takes it back', default: 10028 },
    'dkim-domain': { takes: 'word', as: 'DOMAIN', purpose: "sign all lists' mail with this domain's key" },
  },
} as const satisfies CommandSyntax;

/**
 * Reads the command line of `install`.
 *
 * @throws CommandProblem with exit status 64 that names what is wrong.
 */
export function parseInstallArgs(args: readonly string[]): InstallOptions {
  const { values } = readArguments(INSTALL, args);
  const paths = ['prefix', 'postfix-config', 'spool', 'lookup-from', 'mlmmj-receive'] as const;
  for (const name of paths) absolute(name, values[name]);
  for (const name of ['amavis-config', 'systemd-config'] as const) {
    if (values[name] !== 'none') absolute(name, values[name]);
  }
  if (values.pipe && values.lmtp !== undefined) throw usage('either --lmtp or --pipe, not both');
  if (values.user !== undefined && !/^[a-z_][a-z0-9_.-]*$/i.test(values.user)) {
    throw usage(`--user ${values.user}: that is no user name`);
  }
  if (
    values['dkim-domain'] !== undefined &&
    !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(values['dkim-domain'])
  ) {
    throw usage(`--dkim-domain ${values['dkim-domain']}: that is no domain`);
  }
  return {
    dryRun: values['dry-run'] ?? false,
    createUser: values['create-user'] ?? false,
    prefix: values.prefix,
    postfixConfig: oneSpelling(values['postfix-config']),
    amavisConfig: values['amavis-config'] === 'none' ? 'none' : oneSpelling(values['amavis-config']),
    amavisPort: values['amavis-port'],
    reinjectionPort: values['reinjection-port'],
    spool: oneSpelling(values.spool),
    user: values.user,
    lookup: values.transport,
    lookupFrom: values['lookup-from'],
    dkimDomain: values['dkim-domain'],
    mlmmjReceive: values['mlmmj-receive'],
    route: values.lmtp !== undefined ? { lmtp: lmtp(values.lmtp) } : values.pipe ? 'pipe' : undefined,
    systemdConfig: values['systemd-config'] === 'none' ? 'none' : oneSpelling(values['systemd-config']),
  };
}

function usage(message: string): CommandProblem {
  return wrongCall(INSTALL, message);
}

/** An address is written into a table as it is given, so it says plainly what it is. */
function lmtp(value: string): string {
  if (!isFullAddress(value)) throw usage(`--lmtp ${value}: unix:/PATH or inet:HOST:PORT is meant`);
  if (value.startsWith('unix:')) absolute('lmtp', value.slice('unix:'.length));
  return value;
}

/** The paths end up in configuration files, where a relative one would mean something else, and blanks two things. */
function absolute(name: string, value: string | undefined): void {
  if (value === undefined) return;
  if (!value.startsWith('/')) throw usage(`--${name} ${value}: an absolute path is needed`);
  if (!/^[\w/.+@:=-]+$/.test(value))
    throw usage(`--${name} ${value}: only plain characters can stand in the files`);
}
