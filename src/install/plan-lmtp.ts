import { CommandProblem } from '../commands/problem.ts';
import { ExitStatus } from '../errors.ts';
import {
  isOnThisHost,
  type LmtpAddress,
  listenArgument,
  parseLmtpAddress,
} from '../mail-server/lmtp-address.ts';
import { seconds } from '../mail-server/main-cf.ts';
import type { Service } from '../mail-server/master-cf.ts';
import { SERVICE_UNIT, SOCKET_UNIT } from '../mail-server/units.ts';
import { DEFAULT_LIMITS, slowestAnswer } from '../serve/options.ts';
import type { Draft } from './draft.ts';
import type { Host } from './host.ts';
import type { InstallOptions } from './options.ts';
import { lmtpClient, lmtpSettings } from './snippets.ts';
import { serviceUnit, socketUnit } from './write-units.ts';

const LMTP_KEY = 'mlmmj-lmtp/unix';

/** The client that speaks to the service, and its limits. */
export function planLmtpClient(draft: Draft, host: Host, address: LmtpAddress): void {
  const existing = host.services.get(LMTP_KEY);
  const client = existing === undefined ? lmtpClient() : mergeClient(existing, address);
  const waits = host.effective.get('lmtp_data_done_timeout') ?? '600s';
  const enough =
    (seconds(waits) ?? 0) > slowestAnswer(DEFAULT_LIMITS) || client.args.includes('lmtp_data_done_timeout=');
  // Lowered for another service: ours alone gets its own, so that no post is sent again that was taken.
  draft.service(
    LMTP_KEY,
    enough ? client : { ...client, args: `${client.args} -o lmtp_data_done_timeout=600s`.trim() },
  );
  for (const [name, limit] of lmtpSettings()) {
    const has = host.explicit.get(name);
    const fits = has !== undefined && Number(has) > 0 && Number(has) <= Number(limit);
    draft.setting(name, fits ? has : limit);
  }
}

function mergeClient(existing: Service, address: LmtpAddress): Service {
  const command = existing.fields[6];
  if (command !== 'lmtp') {
    throw new CommandProblem(
      ExitStatus.Wrong,
      `the service "mlmmj-lmtp" in master.cf runs ${command}: rename it or remove it`,
    );
  }
  // In a chroot the socket's path would mean another file.
  const fields = existing.fields.map((field, at) => (at === 3 && address.kind === 'unix' ? 'n' : field));
  return { ...existing, fields };
}

/** Whether the service's units are this installation's business: the lists and their owner have to be here then. */
export function wantsUnits(
  host: Host,
  options: InstallOptions,
  address: LmtpAddress,
  lists: { readonly user: string; readonly spool: string },
): boolean {
  if (host.systemd === undefined || !isOnThisHost(address)) return false;
  // A port on this host may be a container's.
  return (
    address.kind === 'unix' ||
    options.createUser ||
    (host.users.has(lists.user) && host.directories.has(lists.spool))
  );
}

/** How many directories below the spool a list lies for the service, and the `--layout` that says so. */
export function chooseLayout(host: Host): { readonly layout: string | undefined; readonly depth: number } {
  const args = host.unit?.args ?? [];
  const at = args.findIndex((word) => /^--layout(?:=|$)/.test(word));
  if (at >= 0) {
    const layout = args[at]!.includes('=') ? args[at]!.slice('--layout='.length) : (args[at + 1] ?? '');
    return { layout: undefined, depth: layout.split('/').length };
  }
  const flat = host.lists.length > 0 && host.lists.every(({ nexthop }) => !nexthop.includes('/'));
  if (flat && host.unit === undefined) return { layout: '%u', depth: 1 };
  return { layout: undefined, depth: 2 };
}

export function planUnits(
  draft: Draft,
  host: Host,
  options: InstallOptions,
  address: LmtpAddress,
  lists: { readonly user: string; readonly spool: string },
): void {
  const directory = host.systemd!;
  const paths = [`${directory}/${SERVICE_UNIT}`, `${directory}/${SOCKET_UNIT}`] as const;
  const [service, socket] = paths.map((path) => host.files.get(path));
  const fresh = service === undefined;
  const wishes = {
    program: host.program,
    address,
    spool: fresh ? lists.spool : options.spool,
    user: fresh ? lists.user : options.user,
    group: host.groups.owner,
    mailGroup: host.groups.mail,
    layout: chooseLayout(host).layout,
    mlmmjReceive: options.mlmmjReceive,
  };
  draft.file(paths[0], serviceUnit(service, wishes));
  draft.file(paths[1], socketUnit(socket, { ...wishes, user: lists.user }));
}

/** Where no units are written somebody else starts the service. */
export function noteService(draft: Draft, address: LmtpAddress, spool: string): void {
  draft.notes.push(
    isOnThisHost(address)
      ? `start the service where the lists are: mlmmj-amime-receive serve --lists ${spool} --listen ${listenArgument(address)}`
      : 'the host of the lists sends their mail through this Postfix: its address must be in mynetworks',
  );
}

/** The address of `--lmtp`, which was judged when it was read. */
export function addressOf(lmtp: string): LmtpAddress {
  const address = parseLmtpAddress(lmtp);
  if (address === undefined)
    throw new CommandProblem(ExitStatus.Usage, `${lmtp} is no address of an LMTP service`);
  return address;
}
