import { CommandProblem, EXIT } from '../commands/problem.ts';
import type { TableKind } from '../mail-server/list-tables.ts';
import { DEFAULT_LMTP, isFullAddress, withLmtpValue } from '../mail-server/lmtp-address.ts';
import { oneSpelling, readOptions } from '../read-options.ts';

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

export const INSTALL_USAGE = `Usage: mlmmj-amime-receive install [options]

Sets up Postfix and Amavisd so that posts to mailing lists get their footers. Existing settings are added to, never
lost; each file that changes is kept, and "mlmmj-amime-receive uninstall" puts it back.

  --dry-run               show the exact changes and make none
  --transport KIND        where Postfix looks lists up: hash, mysql, pgsql, ldap, or none (leave transport_maps alone);
                          without it, what the host uses already, else hash with the lists that are in the spool
  --lookup-from FILE      a lookup table of this host whose database connection the new one uses
  --lmtp [ADDRESS]        route lists to the LMTP service (serve) instead of the pipe: unix:/PATH or inet:HOST:PORT, or
                          ${DEFAULT_LMTP}; with systemd's units for one on this host
  --pipe                  route them through the pipe again
  --systemd-config DIR    where systemd's units go (/etc/systemd/system), or none
  --spool DIR             where the lists are (/var/vmail/mlmmj, or /var/spool/mlmmj if only that is there)
  --user NAME             who owns the lists (whose all of them are, else mlmmj)
  --create-user           create that user and the spool
  --prefix DIR            where the program is installed: DIR/bin/mlmmj-amime-receive
  --mlmmj-receive PATH    mlmmj-receive, where it is not in /usr/local/bin or /usr/bin
  --postfix-config DIR    Postfix's configuration directory
  --amavis-config FILE    Amavisd's configuration file, or none
  --amavis-port PORT      where Amavisd takes the lists' mail (10027)
  --reinjection-port PORT where Postfix takes it back (10028)
  --dkim-domain DOMAIN    sign all lists' mail with this domain's key
  --help
`;

/**
 * Reads the command line of `install`.
 *
 * @throws CommandProblem with exit status 64 that names what is wrong.
 */
export function parseInstallArgs(args: readonly string[]): InstallOptions {
  const values = parse(args);
  const lookup = values.transport;
  if (lookup !== undefined && !LOOKUPS.includes(lookup as Lookup)) {
    throw usage(`--transport ${lookup}: one of ${LOOKUPS.join(', ')} is meant`);
  }
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
    amavisPort: port('amavis-port', values['amavis-port']),
    reinjectionPort: port('reinjection-port', values['reinjection-port']),
    spool: oneSpelling(values.spool),
    user: values.user,
    lookup: lookup as Lookup | undefined,
    lookupFrom: values['lookup-from'],
    dkimDomain: values['dkim-domain'],
    mlmmjReceive: values['mlmmj-receive'],
    route: values.lmtp !== undefined ? { lmtp: lmtp(values.lmtp) } : values.pipe ? 'pipe' : undefined,
    systemdConfig: values['systemd-config'] === 'none' ? 'none' : oneSpelling(values['systemd-config']),
  };
}

function parse(args: readonly string[]) {
  try {
    return readOptions({
      args: withLmtpValue(args, DEFAULT_LMTP),
      allowPositionals: false,
      options: {
        'dry-run': { type: 'boolean' },
        'create-user': { type: 'boolean' },
        prefix: { type: 'string' },
        'postfix-config': { type: 'string' },
        'amavis-config': { type: 'string' },
        'amavis-port': { type: 'string' },
        'reinjection-port': { type: 'string' },
        spool: { type: 'string' },
        user: { type: 'string' },
        transport: { type: 'string' },
        'lookup-from': { type: 'string' },
        'dkim-domain': { type: 'string' },
        'mlmmj-receive': { type: 'string' },
        lmtp: { type: 'string' },
        pipe: { type: 'boolean' },
        'systemd-config': { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw usage((error as Error).message);
  }
}

function usage(message: string): CommandProblem {
  return new CommandProblem(EXIT.usage, `${message} (see install --help)`);
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

function port(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < 1 || number > 65535)
    throw usage(`--${name} ${value}: that is no port`);
  return number;
}
