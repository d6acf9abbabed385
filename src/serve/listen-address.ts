/** Where the service listens, and for whom. Pure. */
import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';

export interface TcpAddress {
  readonly kind: 'tcp';
  readonly host: string;
  readonly port: number;
}

export type ListenAddress =
  | TcpAddress
  | { readonly kind: 'unix'; readonly path: string }
  /** The socket that systemd hands over as descriptor 3. */
  | { readonly kind: 'systemd' };

/** `127.0.0.1:2424`, `[::1]:2424`, `unix:/path` or `systemd`; `undefined` for anything else. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  if (text === 'systemd') return { kind: 'systemd' };
  if (text.startsWith('unix:')) {
    const path = text.slice('unix:'.length);
    return path.startsWith('/') && !path.includes('\0') ? { kind: 'unix', path } : undefined;
  }
  return parseTcp(text);
}

/** The address and port that `--metrics` takes, and `--listen` besides its other forms. */
export function parseTcp(text: string): TcpAddress | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):([0-9]{1,5})$/.exec(text);
  if (match === null) return undefined;
  const host = match[1] ?? match[2]!;
  const port = Number(match[3]);
  // Names are not resolved: whether an address is this host's own must be plain to see.
  const isAddress = match[1] === undefined ? isIPv4(host) : isIPv6(host);
  return isAddress && port <= 65_535 ? { kind: 'tcp', host, port } : undefined;
}

/** Whether only this host can reach an address. Every other network holds strangers. */
export function isLoopback(host: string): boolean {
  return isIPv4(host) ? host.startsWith('127.') : LOOPBACK.check(host, 'ipv6') || mappedLoopback(host);
}

const LOOPBACK = new BlockList();
LOOPBACK.addAddress('::1', 'ipv6');

function mappedLoopback(host: string): boolean {
  return /^::ffff:127\./i.test(host);
}

/** The peers that may connect, besides those on this host. */
export class AllowedPeers {
  readonly #networks = new BlockList();
  #count = 0;

  /** @returns false where the text is neither an address nor a network */
  add(text: string): boolean {
    const slash = text.indexOf('/');
    const address = slash < 0 ? text : text.slice(0, slash);
    const version = isIP(address);
    if (version === 0) return false;
    const widest = version === 4 ? 32 : 128;
    const prefix = slash < 0 ? widest : Number(/^[0-9]{1,3}$/.exec(text.slice(slash + 1))?.[0] ?? Number.NaN);
    if (!(prefix <= widest)) return false;
    this.#networks.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6');
    this.#count++;
    return true;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** @param address '' for a peer on a Unix socket, whom the file's permissions have judged */
  admits(address: string): boolean {
    if (address === '' || isLoopback(address)) return true;
    const plain = address.replace(/^::ffff:(?=[0-9.]+$)/i, '');
    const version = isIP(plain);
    return version !== 0 && this.#networks.check(plain, version === 4 ? 'ipv4' : 'ipv6');
  }
}
