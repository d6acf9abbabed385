import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { amavisPlace } from '../install/layouts.ts';
import { parsePipeArgs, pipeAttribute, type Service } from '../install/master-cf.ts';
import { Postconf, postfixConfigDirectory } from '../install/postconf.ts';
import type { HostFacts } from './facts.ts';

export interface HostOptions {
  readonly postfixConfig: string | undefined;
  readonly amavisPort: number;
}

/** Looks at Postfix's configuration, mlmmj's programs and Amavisd's port. Never fails: what is not there is a fact. */
export async function gatherHost(options: HostOptions): Promise<HostFacts & { readonly config: string }> {
  const amavis = { port: options.amavisPort, greeting: await greeting('127.0.0.1', options.amavisPort) };
  const amavisIsHere = amavisPlace(undefined, existsSync) !== undefined;
  try {
    const config = options.postfixConfig ?? (await postfixConfigDirectory());
    const postconf = new Postconf(config);
    const [services, explicit, expanded] = await Promise.all([
      postconf.services(),
      postconf.parameters('explicit'),
      postconf.parameters('expanded'),
    ]);
    const transport = services.get('mlmmj/unix');
    const user = transport && account(pipeAttribute(parsePipeArgs(transport.args), 'user')?.split(':')[0]);
    return {
      config,
      postfixTrouble: undefined,
      transport,
      user,
      programRuns: transport !== undefined && runs(parsePipeArgs(transport.args).argv[0] ?? '', user),
      mlmmjReceive: mlmmjReceive(transport, user),
      recipientLimit: explicit.get('mlmmj_destination_recipient_limit'),
      timeLimit: explicit.get('mlmmj_time_limit') ?? expanded.get('command_time_limit'),
      recipientDelimiter: expanded.get('recipient_delimiter') ?? '',
      transportMaps: expanded.get('transport_maps') ?? '',
      amavis,
      amavisIsHere,
    };
  } catch (error) {
    return {
      config: options.postfixConfig ?? '',
      postfixTrouble: (error as Error).message,
      transport: undefined,
      user: undefined,
      programRuns: false,
      mlmmjReceive: mlmmjReceive(undefined, undefined),
      recipientLimit: undefined,
      timeLimit: undefined,
      recipientDelimiter: '',
      transportMaps: '',
      amavis,
      amavisIsHere,
    };
  }
}

/** The mlmmj-receive that the transport names, else the one that the program would find. */
function mlmmjReceive(transport: Service | undefined, user: HostFacts['user']): HostFacts['mlmmjReceive'] {
  const argv = transport === undefined ? [] : parsePipeArgs(transport.args).argv;
  const named = argv.indexOf('--mlmmj-receive');
  const standard = ['/usr/local/bin/mlmmj-receive', '/usr/bin/mlmmj-receive'];
  const path = (named >= 0 ? argv[named + 1] : standard.find(existsSync)) ?? '/usr/bin/mlmmj-receive';
  return { path, runs: runs(path, user) };
}

/** Whether a user may execute a file, as far as its own permissions say. */
function runs(path: string, user: HostFacts['user']): boolean {
  return mayUse(path, user, 0o1);
}

/** Whether a user may use a file for something (4 read, 1 execute), whoever is asking here. */
export function mayUse(path: string, user: HostFacts['user'], bit: 0o4 | 0o1): boolean {
  try {
    const { uid, gid, mode } = statSync(path);
    if (!statSync(path).isFile()) return false;
    if (user === undefined) {
      accessSync(path, bit === 0o4 ? constants.R_OK : constants.X_OK);
      return true;
    }
    if (user.uid === uid) return (mode & (bit << 6)) !== 0;
    return (mode & (user.gid === gid ? bit << 3 : bit)) !== 0;
  } catch {
    return false;
  }
}

function account(name: string | undefined): HostFacts['user'] {
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [login, , uid, gid] = line.split(':');
    if (login === name && name !== undefined) return { name, uid: Number(uid), gid: Number(gid) };
  }
  return undefined;
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
