/** Where Postfix takes an address, asked of its own tables through postmap(1). */
import { existsSync, realpathSync } from 'node:fs';
import { listEntries } from '../mail-server/main-cf.ts';
import { parsePipeArgs, pipeAttribute, type Service } from '../mail-server/master-cf.ts';
import { firstTrouble } from '../mail-server/postconf.ts';
import { run } from '../mail-server/run.ts';
import type { HostFacts, Lookup } from './facts.ts';

type Host = HostFacts & { readonly config: string };

/** What Postfix would find for the list's addresses, plain and with a command's extension. */
export async function gatherLookups(
  addresses: readonly string[],
  delimiter: string,
  host: Host,
): Promise<Lookup[]> {
  const isClient = ({ fields }: Service) => fields[6] === 'lmtp';
  if (host.transport === undefined && ![...host.services.values()].some(isClient)) return [];
  const results: Lookup[] = [];
  for (const address of addresses) {
    for (const extension of ['', `${delimiter}subscribe`])
      results.push(await lookup(splitAddress(address, extension), host));
  }
  return results;
}

/** An address in the parts that tables are asked for. */
interface Parts {
  readonly local: string;
  /** With its delimiter; empty where there is none. */
  readonly extension: string;
  readonly domain: string;
}

function splitAddress(address: string, extension: string): Parts {
  const at = address.lastIndexOf('@');
  return { local: address.slice(0, at), extension, domain: address.slice(at + 1) };
}

function full({ local, extension, domain }: Parts): string {
  return `${local}${extension}@${domain}`;
}

/** virtual(5) aliases that lead to one another are as deep as this at most. */
const ALIAS_DEPTH = 5;

/** What transport_maps says of an address, or else of the one that virtual_alias_maps makes of it. */
async function lookup(parts: Parts, host: Host): Promise<Lookup> {
  const address = full(parts);
  let current = parts;
  for (let depth = 0; depth < ALIAS_DEPTH; depth++) {
    const { answer, trouble } = await ask(transportKeys(current), host.transportMaps, host);
    if (trouble !== undefined) return { address, answer: undefined, directory: undefined, trouble };
    if (answer !== undefined)
      return { address, answer, directory: directoryFor(answer, host), trouble: undefined };
    const target = await aliasOf(current, host);
    if (target === undefined || full(target) === full(current)) break;
    current = target;
  }
  return { address, answer: undefined, directory: undefined, trouble: undefined };
}

/** transport(5): the whole address, without its extension, its domain, each domain above that, and everything. */
function transportKeys(parts: Parts): string[] {
  const above = parts.domain.split('.').map((_, at, labels) => `.${labels.slice(at).join('.')}`);
  return [...addressKeys(parts), parts.domain, ...above.slice(1), '*'];
}

function addressKeys(parts: Parts): string[] {
  return [...new Set([full(parts), full({ ...parts, extension: '' })])];
}

/** The one address that virtual(5) puts in an address' place; where there are several, none is the list's. */
async function aliasOf(parts: Parts, host: Host): Promise<Parts | undefined> {
  const keys = [...addressKeys(parts), `@${parts.domain}`];
  const { answer, key } = await ask(keys, host.settings.get('virtual_alias_maps') ?? '', host);
  if (answer === undefined || !/^[^\s,]*@[^\s,@]+$/.test(answer)) return undefined;
  const extension = key === full(parts) ? '' : parts.extension;
  const target = splitAddress(answer, extension);
  return target.local === '' ? { ...parts, domain: target.domain } : target;
}

interface Asked {
  readonly key?: string;
  readonly answer?: string | undefined;
  readonly trouble?: string;
}

/** Asks for each key in all tables, the most exact key first. */
async function ask(keys: readonly string[], tables: string, host: Host): Promise<Asked> {
  for (const key of keys) {
    for (const entry of listEntries(tables)) {
      // proxymap(8) is only another way to the same table, and one that needs a running Postfix.
      const table = entry.replace(/^proxy:/, '');
      // regexp_table(5): patterns see the whole address alone.
      if (key !== keys[0] && /^(?:regexp|pcre|tcp):/.test(table)) continue;
      const asked = await run('postmap', ['-c', host.config, '-q', key, table]);
      if (/: fatal: /.test(asked.stderr)) return { trouble: `${table}: ${firstTrouble(asked.stderr)}` };
      const answer = asked.stdout.trim();
      if (answer !== '') return { key, answer };
    }
  }
  return {};
}

/** The directory that the transport would be given for `mlmmj:NEXTHOP`, links followed. */
function directoryFor(answer: string, host: HostFacts): string | undefined {
  const named = /^mlmmj:(.+)$/.exec(answer)?.[1];
  if (named === undefined || host.transport === undefined) return undefined;
  const pipe = parsePipeArgs(host.transport.args);
  const { argv } = pipe;
  const nexthop = pipeAttribute(pipe, 'flags')?.includes('h') ? named.toLowerCase() : named;
  const option = argv.find((word, at) => argv[at - 1] === '-L' || /^-L./.test(word));
  const path = option
    ?.replace(/^-L/, '')
    .replace(/^\{(.*)\}$/, '$1')
    .replace(/\$[{(]?nexthop[})]?/, () => nexthop);
  if (path === undefined) return undefined;
  return existsSync(path) ? realpathSync(path) : path;
}
