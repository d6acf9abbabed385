import type { Change } from '../../src/install/change.ts';
import type { Host } from '../../src/install/host.ts';
import { parseInstallArgs } from '../../src/install/options.ts';
import { planInstallation } from '../../src/install/plan.ts';
import { parseParameters } from '../../src/mail-server/main-cf.ts';
import { parseService, serviceKey } from '../../src/mail-server/master-cf.ts';

/** A host with these main.cf settings and services, and nothing else remarkable. */
export function host(more: Partial<Host> & { main?: string; master?: string } = {}): Host {
  const explicit = parseParameters(more.main ?? '');
  const defaults = parseParameters(`recipient_delimiter =
propagate_unmatched_extensions = canonical, virtual
local_recipient_maps = proxy:unix:passwd.byname $alias_maps
mydestination = mail.example.com, localhost
relay_domains = \${{$compatibility_level} <level {2} ? {$mydestination} : {}}
relay_recipient_maps =
virtual_mailbox_domains =
transport_maps =`);
  const effective = new Map([...defaults, ...explicit]);
  const expanded = new Map([
    ...effective,
    ...(explicit.has('relay_domains') ? [] : [['relay_domains', ''] as const]),
  ]);
  const services = (more.master ?? '').split('\n').filter(Boolean).map(parseService);
  return {
    config: '/etc/postfix',
    tableType: 'hash',
    program: '/usr/bin/mlmmj-amime-receive',
    amavis: {
      bank: '/etc/amavis/conf.d/60-mlmmj-amime-receive',
      main: undefined,
      theirs: undefined,
      policies: new Map(),
      bankIsAsInstalled: false,
    },
    files: new Map(),
    stale: new Set(),
    connections: new Map(),
    users: new Set(['mlmmj']),
    directories: new Set(['/var/vmail/mlmmj']),
    lists: [],
    passedOver: [],
    strangers: [],
    aliasPipes: [],
    listsOwner: undefined,
    ledBy: [],
    led: new Map(),
    aliasDomains: new Set(),
    groups: { owner: 'mlmmj', mail: 'postfix' },
    lmtp: undefined,
    systemd: '/etc/systemd/system',
    unit: undefined,
    explicit,
    effective,
    expanded,
    services: new Map(services.map((service) => [serviceKey(service), service])),
    ...more,
  };
}

export function plan(from: Host, ...args: string[]) {
  return planInstallation(from, parseInstallArgs(args)!);
}

export function setting(changes: readonly Change[], name: string): string | undefined {
  const change = changes.find((change) => change.kind === 'setting' && change.name === name);
  return change?.kind === 'setting' ? change.after : undefined;
}

export function service(changes: readonly Change[], key: string): string | undefined {
  const change = changes.find((change) => change.kind === 'service' && change.key === key);
  return change?.kind === 'service' ? change.after : undefined;
}

export function file(changes: readonly Change[], path: string): string | undefined {
  const change = changes.find((change) => change.kind === 'file' && change.path === path);
  return change?.kind === 'file' ? change.after : undefined;
}
