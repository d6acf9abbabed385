/** Addresses of the LMTP service, as they stand behind the transport's name in a Postfix table. Pure. */

/** Where an LMTP service is reached. */
export type LmtpAddress =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'inet'; readonly host: string; readonly port: number };

/** Where the units make the service listen. */
export const DEFAULT_LMTP = 'unix:/run/mlmmj-amime/lmtp.sock';

/** Postfix's lmtp_tcp_port, where an address names none. */
const LMTP_PORT = 24;

/** A host in brackets is not looked up in MX, which lmtp(8) does not do anyway; IPv6 addresses need them. */
const INET = /^(?:inet:)?(?:\[(?:ipv6:)?([^\]\s]+)\]|([^:[\]\s,]+))(?::([0-9]{1,5}))?$/i;

/**
 * Reads `unix:PATH`, `inet:HOST:PORT`, or what else lmtp(8) takes as its destination: without `inet:`, with the host in
 * brackets, without a port. Undefined where it is none of these, a list of destinations included.
 */
export function parseLmtpAddress(text: string): LmtpAddress | undefined {
  if (text.startsWith('unix:')) {
    const path = text.slice('unix:'.length);
    return path === '' || /[\s\0]/.test(path) ? undefined : { kind: 'unix', path };
  }
  const match = INET.exec(text);
  if (match === null) return undefined;
  const port = match[3] === undefined ? LMTP_PORT : Number(match[3]);
  return port > 0 && port < 65_536 ? { kind: 'inet', host: match[1] ?? match[2]!, port } : undefined;
}

/** Whether an address says plainly what it is, as people are asked to write it: `unix:/PATH` or `inet:HOST:PORT`. */
export function isFullAddress(text: string): boolean {
  return /^(?:unix:\/|inet:.+:\d+$)/.test(text) && parseLmtpAddress(text) !== undefined;
}

/** Whether an address leads to this host, so that the service's units belong here. */
export function isOnThisHost(address: LmtpAddress): boolean {
  if (address.kind === 'unix') return true;
  return address.host === 'localhost' || address.host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(address.host);
}

/** The same for systemd's `ListenStream=`, which takes no names. */
export function listenStream(address: LmtpAddress): string {
  if (address.kind === 'unix') return address.path;
  const host = address.host === 'localhost' ? '127.0.0.1' : address.host;
  return `${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}

/** The same for `serve --listen`. */
export function listenArgument(address: LmtpAddress): string {
  return `${address.kind === 'unix' ? 'unix:' : ''}${listenStream(address)}`;
}

/** What an argument looks like that is an address, and no list's directory. */
export const LMTP_ADDRESS = /^(?:unix|inet):/;
