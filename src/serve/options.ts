/** The arguments of `mlmmj-amime-receive serve`. Pure. */
import type { CommandProblem } from '../commands/problem.ts';
import { readArguments, wrongCall } from '../commands/read-arguments.ts';
import type { CommandSyntax } from '../commands/syntax.ts';
import { type Layout, parseLayout } from '../list/layout.ts';
import { printable } from '../printable.ts';
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

const LIMITS = 'Limits';

export const SERVE = {
  name: 'serve',
  about: `Takes mail for lists over LMTP (RFC 2033), puts the footers in and hands it to mlmmj-receive.

In Postfix's master.cf and transport map, where both run on one host:
  mlmmj-lmtp unix - - n - - lmtp
  news@lists.example.org  mlmmj-lmtp:unix:/run/mlmmj-amime/lmtp.sock
`,
  options: {
    lists: {
      takes: 'directory',
      isNeeded: true,
      purpose: 'the directory that holds the lists',
      also: 'needed',
    },
    layout: {
      takes: 'word',
      as: 'PATH',
      purpose: 'where a list lives in it: %u is its name, %d its domain',
      default: DEFAULT_LAYOUT,
    },
    listen: {
      takes: 'word',
      as: 'ADDRESS:PORT',
      purpose: 'or unix:/PATH, or systemd for a socket from systemd',
      default: DEFAULT_LISTEN,
    },
    'socket-mode': { takes: 'word', as: 'MODE', purpose: 'permissions of a Unix socket', default: '0666' },
    allow: {
      takes: 'word',
      as: 'NETWORK[,...]',
      isRepeatable: true,
      purpose: 'who may connect',
      also: 'needed wherever others than this host can',
    },
    hostname: { takes: 'word', as: 'NAME', purpose: 'how the service calls itself' },
    'tls-cert': { takes: 'file', purpose: 'the certificate with which STARTTLS is offered' },
    'tls-key': { takes: 'file', purpose: 'its key' },
    metrics: {
      takes: 'word',
      as: 'ADDRESS:PORT',
      purpose: 'numbers for Prometheus at http://ADDRESS:PORT/metrics',
    },
    'mlmmj-receive': {
      takes: 'file',
      as: 'PATH',
      purpose: 'the absolute path of mlmmj-receive',
      default: '/usr/local/bin/mlmmj-receive, else /usr/bin/mlmmj-receive',
    },
    F: { purpose: 'do not work in the background', also: 'handed on to mlmmj-receive' },
    P: { purpose: 'store posts, do not process them', also: 'handed on to mlmmj-receive' },
    'max-size': {
      takes: 'word',
      as: 'BYTES',
      group: LIMITS,
      purpose: 'of a message, with K, M or G',
      default: '1G',
    },
    'max-connections': {
      takes: 'number',
      group: LIMITS,
      purpose: 'at once',
      default: DEFAULT_LIMITS.connections,
    },
    'max-deliveries': {
      takes: 'number',
      group: LIMITS,
      purpose: 'at once, more wait in order',
      also: 'also lists for one message',
      default: DEFAULT_LIMITS.deliveries,
    },
    'idle-seconds': {
      takes: 'number',
      group: LIMITS,
      purpose: 'without a word from the client',
      default: DEFAULT_LIMITS.idle,
    },
    'transaction-seconds': {
      takes: 'number',
      group: LIMITS,
      purpose: 'for one message to come in',
      default: DEFAULT_LIMITS.transaction,
    },
    'wait-seconds': {
      takes: 'number',
      group: LIMITS,
      purpose: "for a message's turn to come",
      default: DEFAULT_LIMITS.wait,
    },
    'delivery-seconds': {
      takes: 'number',
      group: LIMITS,
      purpose: "for one list's mlmmj-receive",
      default: DEFAULT_LIMITS.delivery,
    },
    'shutdown-seconds': {
      takes: 'number',
      group: LIMITS,
      purpose: 'for messages in flight after SIGTERM',
      default: DEFAULT_LIMITS.shutdown,
    },
  },
  closing: `SIGTERM ends it when the messages in flight are done; SIGHUP makes it read the certificate again.
One line on standard error for each recipient says what became of the message.
`,
} as const satisfies CommandSyntax;

/** @throws CommandProblem with exit status 64 that names what is wrong */
export function parseServeArgs(args: readonly string[]): ServeOptions {
  const { values } = readArguments(SERVE, args);
  const layout = parseLayout(values.layout ?? DEFAULT_LAYOUT);
  if (typeof layout === 'string') throw wrong(`--layout: ${layout}`);
  const listen = parseListenAddress(values.listen ?? DEFAULT_LISTEN);
  if (listen === undefined) {
    throw wrong('--listen needs ADDRESS:PORT, unix:/PATH or systemd (an address, not a name)');
  }
  const allow = new AllowedPeers();
  for (const network of (values.allow ?? []).flatMap((value) => value.split(','))) {
    if (!allow.add(network.trim())) throw wrong(`--allow needs addresses or networks: ${network}`);
  }
  if (listen.kind === 'tcp') demandAllowance(listen.host, allow);
  return {
    lists: absolute('lists', values.lists).replace(/(?<=.)\/+$/, ''),
    listen,
    layout,
    allow,
    socketMode: socketMode(values['socket-mode']),
    hostname: hostname(values.hostname),
    tls: tls(values['tls-cert'], values['tls-key']),
    metrics: metrics(values.metrics),
    mlmmjReceive: values['mlmmj-receive'] && absolute('mlmmj-receive', values['mlmmj-receive']),
    receiveFlags: (['F', 'P'] as const).filter((flag) => values[flag]).map((flag) => `-${flag}`),
    limits: {
      size: size(values['max-size']),
      connections: values['max-connections'] ?? DEFAULT_LIMITS.connections,
      deliveries: values['max-deliveries'] ?? DEFAULT_LIMITS.deliveries,
      idle: values['idle-seconds'] ?? DEFAULT_LIMITS.idle,
      transaction: values['transaction-seconds'] ?? DEFAULT_LIMITS.transaction,
      wait: values['wait-seconds'] ?? DEFAULT_LIMITS.wait,
      delivery: values['delivery-seconds'] ?? DEFAULT_LIMITS.delivery,
      shutdown: values['shutdown-seconds'] ?? DEFAULT_LIMITS.shutdown,
    },
  };
}

function absolute(name: string, path: string): string {
  if (!path.startsWith('/') || path.includes('\0')) throw wrong(`--${name} needs an absolute path`);
  return path;
}

/**
 * Whoever can connect can post to every list as anyone. So an address that others can reach needs a word about who
 * they are.
 *
 * @throws CommandProblem
 */
function demandAllowance(host: string, allow: AllowedPeers): void {
  if (isLoopback(host) || !allow.isEmpty) return;
  throw wrong(`${host} can be reached by others: say who may connect with --allow`);
}

function tls(certificate: string | undefined, key: string | undefined): ServeOptions['tls'] {
  if (certificate === undefined && key === undefined) return undefined;
  if (certificate === undefined || key === undefined) {
    throw wrong('--tls-cert and --tls-key go together');
  }
  return { certificate: absolute('tls-cert', certificate), key: absolute('tls-key', key) };
}

function metrics(text: string | undefined): ServeOptions['metrics'] {
  if (text === undefined) return undefined;
  const address = parseTcp(text);
  if (address === undefined) throw wrong('--metrics needs ADDRESS:PORT');
  return address;
}

function hostname(text: string | undefined): string | undefined {
  if (text !== undefined && !/^[A-Za-z0-9._-]{1,255}$/.test(text)) {
    throw wrong('--hostname needs a host name');
  }
  return text;
}

function socketMode(text: string | undefined): number {
  if (text === undefined) return 0o666;
  if (!/^0?[0-7]{3}$/.test(text)) throw wrong('--socket-mode needs an octal mode, 0660 for instance');
  return Number.parseInt(text, 8);
}

function size(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LIMITS.size;
  const match = /^([0-9]{1,12})([KMG]?)$/.exec(text);
  const bytes = Number(match?.[1]) * { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 }[match?.[2] ?? '']!;
  // What is larger could not be announced to the byte.
  if (!(bytes > 0 && bytes <= Number.MAX_SAFE_INTEGER)) {
    throw wrong('--max-size needs a number of bytes, 50M for instance');
  }
  return bytes;
}

function wrong(message: string): CommandProblem {
  return wrongCall(SERVE, printable(message, 200));
}
