import { statSync } from 'node:fs';
import { account, obstacleFor } from '../mail-server/accounts.ts';
import { type LmtpAddress, parseLmtpAddress } from '../mail-server/lmtp-address.ts';
import { askLmtp } from '../mail-server/lmtp-session.ts';
import { findService } from '../mail-server/service.ts';
import type { HostFacts, LmtpRoute, SocketFacts } from './facts.ts';

/** `mlmmj-lmtp:unix:/run/…` taken apart, where the transport is an lmtp(8) client of master.cf. */
export function lmtpRoute(
  answer: string,
  services: HostFacts['services'],
): { readonly transport: string; readonly nexthop: string } | undefined {
  const [, transport, nexthop] = /^([^:]+):(.+)$/.exec(answer) ?? [];
  if (transport === undefined || services.get(`${transport}/unix`)?.fields[6] !== 'lmtp') return undefined;
  return { transport, nexthop: nexthop! };
}

/**
 * Looks at one way to an LMTP service: the client in master.cf, the socket, and what the server says when it is asked
 * for recipients. Never fails: what is not there is a fact.
 */
export async function gatherLmtp(
  transport: string,
  nexthop: string,
  recipients: readonly string[],
  host: HostFacts,
  systemd: string | undefined,
): Promise<LmtpRoute> {
  const client = host.services.get(`${transport}/unix`);
  const { named, address, chroot } = clientAddress(transport, nexthop, host);
  const setting = (name: string) => host.settings.get(`${transport}_${name}`);
  const override = /-o \{?\s*lmtp_data_done_timeout\s*=\s*([^\s}]+)/.exec(client?.args ?? '')?.[1];
  return {
    transport,
    nexthop,
    client,
    address,
    chroot,
    recipientLimit: Number(setting('destination_recipient_limit') ?? 50),
    concurrencyLimit: Number(setting('destination_concurrency_limit') ?? 20),
    dataDoneTimeout: override ?? host.settings.get('lmtp_data_done_timeout') ?? '600s',
    messageSizeLimit: Number(host.settings.get('message_size_limit') ?? 10_240_000),
    socket:
      address?.kind === 'unix'
        ? socketFacts(
            address.path,
            named?.kind === 'unix' ? named.path : '',
            client?.fields[2],
            host.settings,
          )
        : undefined,
    answer: address === undefined ? undefined : await askLmtp(address, recipients),
    service: findService(address, systemd),
  };
}

/** Where a client connects to: as it is written, and as it is seen from outside of its chroot, if it is in one. */
export function clientAddress(
  transport: string,
  nexthop: string,
  host: HostFacts,
): {
  readonly named: LmtpAddress | undefined;
  readonly address: LmtpAddress | undefined;
  readonly chroot: string | undefined;
} {
  const client = host.services.get(`${transport}/unix`);
  const named = parseLmtpAddress(nexthop);
  const queue = host.settings.get('queue_directory') ?? '/var/spool/postfix';
  const isShutIn = client !== undefined && isChrooted(client.fields[3], host.settings);
  // lmtp(8): within a chroot, or without a slash, the path is one below the queue directory.
  const address =
    named?.kind === 'unix' && (isShutIn || !named.path.startsWith('/'))
      ? { kind: 'unix' as const, path: `${queue}/${named.path.replace(/^\/+/, '')}` }
      : named;
  return { named, address, chroot: isShutIn ? queue : undefined };
}

/** A dash is the default, which changed with Postfix 3.0. */
function isChrooted(field: string | undefined, settings: HostFacts['settings']): boolean {
  return field === 'y' || (field === '-' && Number(settings.get('compatibility_level') ?? 3) < 1);
}

function socketFacts(
  path: string,
  named: string,
  unprivileged: string | undefined,
  settings: HostFacts['settings'],
): SocketFacts {
  const owner = settings.get('mail_owner') ?? 'postfix';
  const user = unprivileged === 'n' ? undefined : account(owner);
  const outside = path !== named && isSocket(named);
  if (!isSocket(path)) return { path, isThere: false, outside, user: owner, obstacle: undefined };
  const obstacle = user && obstacleFor(user, path, 0o2);
  return { path, isThere: true, outside, user: owner, obstacle };
}

function isSocket(path: string): boolean {
  try {
    return statSync(path).isSocket();
  } catch {
    return false;
  }
}
