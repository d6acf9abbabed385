/** The arguments of `mlmmj-amime-receive serve`. Pure. */
import { type Layout, parseLayout } from '../list/layout.ts';
import type { CertificateFiles } from './certificate.ts';
import {
  AllowedPeers,
  isLoopback,
  type ListenAddress,
  parseListenAddress,
  parseTcp,
  type TcpAddress,
} from './listen-address.ts';

export interface ServeOptions {
  /** The spool: absolute, without slashes at its end. */
  readonly lists: string;
  readonly listen: ListenAddress;
  readonly socketMode: number;
  readonly layout: Layout;
  readonly allow: AllowedPeers;
  readonly hostname: string | undefined;
  readonly tls: CertificateFiles | undefined;
  readonly metrics: TcpAddress | undefined;
  readonly mlmmjReceive: string | undefined;
  /** mlmmj-receive's own flags, for each of its calls. */
  readonly receiveFlags: readonly string[];
  readonly limits: Limits;
}

/** Each with its reason; all can be set. */
export interface Limits {
  /** Bytes of a message as it comes over the wire. Memory does not depend on it; it only has to be announced. */
  readonly size: number;
  /** Connections at once. One more is told 421, and Postfix tries again. */
  readonly connections: number;
  /** mlmmj-receive processes at once, and lists in one message. */
  readonly deliveries: number;
  /** Seconds without a byte from the client. Postfix keeps a connection for at most 300 seconds to use it again. */
  readonly idle: number;
  /** Seconds from the greeting, or the last message, to the end of the next: a client that drips byte by byte. */
  readonly transaction: number;
  /** Seconds that a message waits for its turn. With `delivery` this stays below the 600 for which Postfix waits. */
  readonly wait: number;
  /** Seconds for one list's delivery once the message is there. */
  readonly delivery: number;
  /** Seconds for which messages in flight may go on after SIGTERM. */
  readonly shutdown: number;
}

export const DEFAULT_LIMITS: Limits = {
  size: 1_073_741_824,
  connections: 100,
  deliveries: 20,
  idle: 300,
  transaction: 900,
  wait: 120,
  delivery: 300,
  shutdown: 60,
};

/** Seconds after which the service has answered at the latest: it waits for a turn, then for mlmmj-receive. */
export function slowestAnswer({ wait, delivery }: Pick<Limits, 'wait' | 'delivery'>): number {
  return wait + delivery;
}

const DEFAULT_LISTEN = '127.0.0.1:2424';
const DEFAULT_LAYOUT = '%d/%u';

export type ServeArguments =
  | { readonly kind: 'serve'; readonly options: ServeOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly message: string };

const NAMES = [
  'lists',
  'listen',
  'socket-mode',
  'layout',
  'allow',
  'hostname',
  'tls-cert',
  'tls-key',
  'metrics',
  'mlmmj-receive',
  'max-size',
  'max-connections',
  'max-deliveries',
  'idle-seconds',
  'transaction-seconds',
  'wait-seconds',
  'delivery-seconds',
  'shutdown-seconds',
];

export function parseServeArguments(args: readonly string[]): ServeArguments {
  const given = new Map<string, string[]>();
  const receiveFlags: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const argument = args[at]!;
    if (argument === '--help' || argument === '-h') return { kind: 'help' };
    if (argument === '-F' || argument === '-P') {
      receiveFlags.push(argument);
      continue;
    }
    const match = /^--([a-z-]+)(?:=(.*))?$/s.exec(argument);
    const name = match?.[1];
    if (name === undefined || !NAMES.includes(name)) return wrong(`unknown argument "${argument}"`);
    const value = match?.[2] ?? args[++at];
    if (value === undefined || value === '') return wrong(`--${name} needs a value`);
    given.set(name, [...(given.get(name) ?? []), value]);
  }
  try {
    return { kind: 'serve', options: { ...optionsOf(given), receiveFlags } };
  } catch (error) {
    if (error instanceof WrongArgument) return wrong(error.message);
    throw error;
  }
}

class WrongArgument extends Error {}

function optionsOf(given: ReadonlyMap<string, readonly string[]>): Omit<ServeOptions, 'receiveFlags'> {
  const one = (name: string): string | undefined => {
    const values = given.get(name);
    if (values !== undefined && values.length > 1) throw new WrongArgument(`--${name} was given twice`);
    return values?.[0];
  };
  const path = (name: string): string | undefined => {
    const value = one(name);
    if (value !== undefined && (!value.startsWith('/') || value.includes('\0'))) {
      throw new WrongArgument(`--${name} needs an absolute path`);
    }
    return value;
  };

  const lists = path('lists')?.replace(/(?<=.)\/+$/, '');
  if (lists === undefined) throw new WrongArgument('--lists is needed: the directory that holds the lists');
  const layout = parseLayout(one('layout') ?? DEFAULT_LAYOUT);
  if (typeof layout === 'string') throw new WrongArgument(`--layout: ${layout}`);
  const listen = parseListenAddress(one('listen') ?? DEFAULT_LISTEN);
  if (listen === undefined) {
    throw new WrongArgument('--listen needs ADDRESS:PORT, unix:/PATH or systemd (an address, not a name)');
  }
  const allow = new AllowedPeers();
  for (const network of (given.get('allow') ?? []).flatMap((value) => value.split(','))) {
    if (!allow.add(network.trim()))
      throw new WrongArgument(`--allow needs addresses or networks: ${network}`);
  }
  if (listen.kind === 'tcp') demandAllowance(listen.host, allow);
  return {
    lists,
    listen,
    layout,
    allow,
    socketMode: socketMode(one('socket-mode')),
    hostname: hostname(one('hostname')),
    tls: tls(path('tls-cert'), path('tls-key')),
    metrics: metrics(one('metrics')),
    mlmmjReceive: path('mlmmj-receive'),
    limits: {
      size: size(one('max-size')),
      connections: count('max-connections', one('max-connections'), DEFAULT_LIMITS.connections),
      deliveries: count('max-deliveries', one('max-deliveries'), DEFAULT_LIMITS.deliveries),
      idle: count('idle-seconds', one('idle-seconds'), DEFAULT_LIMITS.idle),
      transaction: count('transaction-seconds', one('transaction-seconds'), DEFAULT_LIMITS.transaction),
      wait: count('wait-seconds', one('wait-seconds'), DEFAULT_LIMITS.wait),
      delivery: count('delivery-seconds', one('delivery-seconds'), DEFAULT_LIMITS.delivery),
      shutdown: count('shutdown-seconds', one('shutdown-seconds'), DEFAULT_LIMITS.shutdown),
    },
  };
}

/**
 * Whoever can connect can post to every list as anyone. So an address that others can reach needs a word about who
 * they are.
 *
 * @throws an error whose message says so
 */
export function demandAllowance(host: string, allow: AllowedPeers): void {
  if (isLoopback(host) || !allow.isEmpty) return;
  throw new WrongArgument(`${host} can be reached by others: say who may connect with --allow`);
}

function tls(certificate: string | undefined, key: string | undefined): ServeOptions['tls'] {
  if (certificate === undefined && key === undefined) return undefined;
  if (certificate === undefined || key === undefined) {
    throw new WrongArgument('--tls-cert and --tls-key go together');
  }
  return { certificate, key };
}

function metrics(text: string | undefined): ServeOptions['metrics'] {
  if (text === undefined) return undefined;
  const address = parseTcp(text);
  if (address === undefined) throw new WrongArgument('--metrics needs ADDRESS:PORT');
  return address;
}

function hostname(text: string | undefined): string | undefined {
  if (text !== undefined && !/^[A-Za-z0-9._-]{1,255}$/.test(text)) {
    throw new WrongArgument('--hostname needs a host name');
  }
  return text;
}

function socketMode(text: string | undefined): number {
  if (text === undefined) return 0o666;
  if (!/^0?[0-7]{3}$/.test(text))
    throw new WrongArgument('--socket-mode needs an octal mode, 0660 for instance');
  return Number.parseInt(text, 8);
}

function size(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LIMITS.size;
  const match = /^([0-9]{1,12})([KMG]?)$/.exec(text);
  const bytes = Number(match?.[1]) * { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 }[match?.[2] ?? '']!;
  // What is larger could not be announced to the byte.
  if (!(bytes > 0 && bytes <= Number.MAX_SAFE_INTEGER)) {
    throw new WrongArgument('--max-size needs a number of bytes, 50M for instance');
  }
  return bytes;
}

/** A word where a number belongs would switch the limit off. */
function count(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const value = /^[0-9]{1,6}$/.test(text) ? Number(text) : 0;
  if (value < 1) throw new WrongArgument(`--${name} needs a number from 1 to 999999`);
  return value;
}

function wrong(message: string): ServeArguments {
  return { kind: 'wrong', message: message.replace(/[^ -~]+/g, '?').slice(0, 200) };
}

export const SERVE_USAGE = `Usage: mlmmj-amime-receive serve --lists DIR [options]

Takes mail for lists over LMTP (RFC 2033), puts the footers in and hands it to mlmmj-receive.

In Postfix's master.cf and transport map, where both run on one host:
  mlmmj-lmtp unix - - n - - lmtp
  news@lists.example.org  mlmmj-lmtp:unix:/run/mlmmj-amime/lmtp.sock

  --lists DIR              the spool: the directory that holds the lists (needed)
  --layout PATH            where a list lives in it: %u is its name, %d its domain (default ${DEFAULT_LAYOUT})
  --listen ADDRESS:PORT    or unix:/PATH, or systemd for a socket from systemd (default ${DEFAULT_LISTEN})
  --socket-mode MODE       permissions of a Unix socket (default 0666)
  --allow NETWORK[,...]    who may connect; needed wherever others than this host can
  --hostname NAME          how the service calls itself
  --tls-cert FILE --tls-key FILE   offer STARTTLS
  --metrics ADDRESS:PORT   numbers for Prometheus at http://ADDRESS:PORT/metrics
  --mlmmj-receive PATH     default: /usr/local/bin/mlmmj-receive, else /usr/bin/mlmmj-receive
  -F, -P                   handed on to it: do not work in the background; store posts, do not process them

Limits:
  --max-size BYTES           of a message, with K, M or G (default 1G)
  --max-connections N        at once (default ${DEFAULT_LIMITS.connections})
  --max-deliveries N         at once, more wait in order; also lists for one message (default ${DEFAULT_LIMITS.deliveries})
  --idle-seconds N           without a word from the client (default ${DEFAULT_LIMITS.idle})
  --transaction-seconds N    for one message to come in (default ${DEFAULT_LIMITS.transaction})
  --wait-seconds N           for a message's turn to come (default ${DEFAULT_LIMITS.wait})
  --delivery-seconds N       for one list's mlmmj-receive (default ${DEFAULT_LIMITS.delivery})
  --shutdown-seconds N       for messages in flight after SIGTERM (default ${DEFAULT_LIMITS.shutdown})

SIGTERM ends it when the messages in flight are done; SIGHUP makes it read the certificate again.
One line on standard error for each recipient says what became of the message.
`;
