/** Where Postfix takes addresses, simulated from its own settings and tables: all addresses at once. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { parsePipeArgs, pipeAttribute } from '../mail-server/master-cf.ts';
import { type Delivery, type Fate, follow } from '../mail-server/routing/follow.ts';
import { Postmap } from '../mail-server/routing/postmap.ts';
import { type RoutingSettings, routingSettings } from '../mail-server/routing/settings.ts';
import type { HostFacts, Lookup, Way } from './facts.ts';
import { lmtpRoute } from './gather-lmtp.ts';

/** A list's addresses as people use them: to post, and with a command's extension. */
export function usedAddresses(addresses: readonly string[], delimiter: string): string[] {
  return addresses.flatMap((address) => {
    const at = address.lastIndexOf('@');
    if (at <= 0 || /[\s<>]/.test(address)) return [];
    return [address, `${address.slice(0, at)}${delimiter}subscribe${address.slice(at)}`];
  });
}

/** Looks up addresses; what the tables answered is kept, as the same domains and lists are asked for again. */
export class AddressLookups {
  readonly #host: HostFacts & { readonly config: string };
  readonly #settings: RoutingSettings;
  readonly #postmap: Postmap;

  constructor(host: HostFacts & { readonly config: string }) {
    this.#host = host;
    this.#settings = routingSettings(host.settings, readIfThere);
    this.#postmap = new Postmap(host.config);
  }

  /** By address. */
  async of(addresses: readonly string[]): Promise<Map<string, Lookup>> {
    if (this.#host.postfixTrouble !== undefined) return new Map();
    const wanted = [...new Set(addresses)];
    const fates = await this.#postmap.answer(wanted.map((address) => follow(address, this.#settings)));
    return new Map(fates.map((fate) => [fate.address, { ...fate, ways: waysOf(fate, this.#host) }]));
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function waysOf({ deliveries }: Fate, host: HostFacts): Way[] {
  return deliveries.map((delivery) => wayOf(delivery, host));
}

function wayOf({ recipient, resolved, aliased }: Delivery, host: HostFacts): Way {
  const { transport, nexthop, by } = resolved;
  if (aliased !== undefined) {
    const { table, key } = aliased.alias.found;
    const { kind, text } = aliased.target;
    const mlmmj = kind === 'command' ? mlmmjCommand(text) : undefined;
    return {
      kind: 'command',
      recipient,
      answer: kind === 'command' ? `|${text}` : text,
      parameter: 'alias_maps',
      entry: { table, key },
      directory: mlmmj?.directory,
      addsFooters: mlmmj?.program === 'mlmmj-amime-receive',
    };
  }
  const answer = `${transport}:${nexthop}`;
  return {
    kind:
      lmtpRoute(answer, host.services) !== undefined ? 'lmtp' : transport === 'error' ? 'error' : 'transport',
    recipient,
    answer,
    parameter: by.parameter,
    entry: by.found && { table: by.found.table, key: by.found.key },
    directory: transport === 'mlmmj' ? directoryFor(nexthop, host) : undefined,
    addsFooters: true,
  };
}

/** mlmmj's program in an alias, and the list that it is given. */
function mlmmjCommand(command: string): { program: string; directory: string } | undefined {
  const words = command.split(/\s+/);
  const program = words.map((word) => /(?:^|\/)(mlmmj-(?:amime-)?receive)$/.exec(word)?.[1]).find(Boolean);
  const at = words.findIndex((word) => /^-L/.test(word));
  const path = at < 0 ? undefined : words[at] === '-L' ? words[at + 1] : words[at]!.slice('-L'.length);
  return program === undefined || path === undefined ? undefined : { program, directory: real(path) };
}

/** The directory that the transport would be given for `mlmmj:NEXTHOP`, links followed. */
function directoryFor(named: string, host: HostFacts): string | undefined {
  if (host.transport === undefined) return undefined;
  const pipe = parsePipeArgs(host.transport.args);
  const { argv } = pipe;
  const nexthop = pipeAttribute(pipe, 'flags')?.includes('h') ? named.toLowerCase() : named;
  const option = argv.find((word, at) => argv[at - 1] === '-L' || /^-L./.test(word));
  const path = option
    ?.replace(/^-L/, '')
    .replace(/^\{(.*)\}$/, '$1')
    .replace(/\$[{(]?nexthop[})]?/, () => nexthop);
  return path === undefined ? undefined : real(path);
}

function real(path: string): string {
  return existsSync(path) ? realpathSync(path) : path.replace(/(?<=.)\/+$/, '');
}
