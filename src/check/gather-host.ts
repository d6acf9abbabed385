import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { routedTo } from '../install/routed-to.ts';
import { account, mayUse } from '../mail-server/accounts.ts';
import { AMAVIS_PORT, amavisPlace, bankFacts } from '../mail-server/amavis.ts';
import { lookupTable } from '../mail-server/list-tables.ts';
import { DEFAULT_LMTP, parseLmtpAddress } from '../mail-server/lmtp-address.ts';
import { parsePipeArgs, pipeAttribute, type Service } from '../mail-server/master-cf.ts';
import { Postconf, postfixConfigDirectory } from '../mail-server/postconf.ts';
import { identifyProgram, type ProgramIdentity } from '../mail-server/program.ts';
import { findService } from '../mail-server/service.ts';
import type { HostFacts } from './facts.ts';
import { signsOneClick } from './gather-amavis.ts';
import { gatherMlmmjReceive, mlmmjVersion } from './gather-mlmmj.ts';

export interface HostOptions {
  readonly postfixConfig: string | undefined;
  /** Where Amavisd takes the lists' mail; undefined for where the installed policy bank has it. */
  readonly amavisPort: number | undefined;
  /** Where the LMTP service is, if that was said; empty for where the installation has it, or would. */
  readonly lmtp: string | undefined;
  /** Where systemd's units are, if not where systemd itself looks. */
  readonly systemd: string | undefined;
}

/** Looks at Postfix's configuration, mlmmj's programs and Amavisd's port. Never fails: what is not there is a fact. */
export async function gatherHost(options: HostOptions): Promise<HostFacts & { readonly config: string }> {
  const place = amavisPlace(undefined, existsSync);
  const port = options.amavisPort ?? installedPort(place?.bank) ?? AMAVIS_PORT;
  const amavis = { port, greeting: await greeting('127.0.0.1', port) };
  const amavisIsHere = place !== undefined;
  const signs = signsOneClick(place);
  try {
    const config = options.postfixConfig ?? (await postfixConfigDirectory());
    const postconf = new Postconf(config);
    const [services, explicit, expanded] = await Promise.all([
      postconf.services(),
      postconf.parameters('explicit'),
      postconf.parameters('expanded'),
    ]);
    const transport = services.get('mlmmj/unix');
    const pipeUser =
      transport && account(pipeAttribute(parsePipeArgs(transport.args), 'user')?.split(':')[0]);
    const installed = routedTo(config, expanded.get('transport_maps') ?? '', lmtpTables(config));
    const lmtp = options.lmtp === '' ? (installed ?? DEFAULT_LMTP) : (options.lmtp ?? installed);
    const service = lmtp === undefined ? undefined : findService(parseLmtpAddress(lmtp), options.systemd);
    const user = service === undefined ? pipeUser : service.user;
    const receive = gatherMlmmjReceive(transport, service?.options, user);
    return {
      config,
      postfixTrouble: undefined,
      services,
      settings: expanded,
      transport,
      lmtp,
      service,
      user,
      program: await transportProgram(transport),
      programRuns:
        transport !== undefined && mayUse(parsePipeArgs(transport.args).argv[0] ?? '', pipeUser, 0o1),
      mlmmjReceive: receive,
      mlmmjVersion: await mlmmjVersion(receive.path),
      recipientLimit: explicit.get('mlmmj_destination_recipient_limit'),
      timeLimit: explicit.get('mlmmj_time_limit') ?? expanded.get('command_time_limit'),
      recipientDelimiter: expanded.get('recipient_delimiter') ?? '',
      transportMaps: expanded.get('transport_maps') ?? '',
      amavis,
      amavisIsHere,
      signsOneClick: signs,
    };
  } catch (error) {
    return {
      config: options.postfixConfig ?? '',
      postfixTrouble: (error as Error).message,
      services: new Map(),
      settings: new Map(),
      transport: undefined,
      lmtp: options.lmtp,
      service: undefined,
      user: undefined,
      programRuns: false,
      program: undefined,
      mlmmjReceive: gatherMlmmjReceive(undefined, undefined, undefined),
      mlmmjVersion: undefined,
      recipientLimit: undefined,
      timeLimit: undefined,
      recipientDelimiter: '',
      transportMaps: '',
      amavis,
      amavisIsHere,
      signsOneClick: signs,
    };
  }
}

/** Only what has our name is asked: a transport may run anything. */
async function transportProgram(transport: Service | undefined): Promise<ProgramIdentity | undefined> {
  const program = transport && parsePipeArgs(transport.args).argv[0];
  return program?.endsWith('/mlmmj-amime-receive') ? identifyProgram(program) : undefined;
}

function installedPort(bank: string | undefined): number | undefined {
  try {
    return bank === undefined ? undefined : bankFacts(readFileSync(bank, 'latin1')).amavisPort;
  } catch {
    return undefined;
  }
}

/** The tables that lead lists to the LMTP service, as they are called. */
function lmtpTables(config: string): Map<string, string | undefined> {
  const paths = (['hash', 'mysql', 'pgsql', 'ldap'] as const).map(
    (lookup) => lookupTable(lookup, config, 'hash', 'lmtp').path,
  );
  return new Map(paths.map((path) => [path, textIfOpen(path)] as const));
}

/** A table with a password is closed to everybody but root and Postfix. */
function textIfOpen(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

const PATIENCE = 3000;

/** The first line that a server says; an empty one where it says nothing, undefined where nothing listens. */
export function greeting(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const done = (line: string | undefined) => {
      socket.destroy();
      resolve(line);
    };
    let connected = false;
    socket.setTimeout(PATIENCE, () => done(connected ? '' : undefined));
    socket.once('connect', () => {
      connected = true;
    });
    socket.once('data', (bytes) => done(bytes.toString('latin1').split(/\r?\n/)[0]!));
    socket.once('error', () => done(undefined));
    socket.once('close', () => done(connected ? '' : undefined));
  });
}

/** Whether something listens at a port, asked once for each: many lists send to one. */
export function listening(): (host: string, port: number) => Promise<boolean> {
  const known = new Map<string, Promise<boolean>>();
  return (host, port) => {
    const key = `${host} ${port}`;
    const asked = known.get(key) ?? greeting(host, port).then((line) => line !== undefined);
    known.set(key, asked);
    return asked;
  };
}
