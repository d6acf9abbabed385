import { AMAVIS_PORT, bankFacts, REINJECTION_PORT } from '../mail-server/amavis.ts';
import type { DatabaseKind } from '../mail-server/list-tables.ts';
import { parseParameters } from '../mail-server/main-cf.ts';
import { parseMasterCf, type Service, serviceKey } from '../mail-server/master-cf.ts';
import { SNIPPETS } from './embedded.ts';

/** What a host puts in place of the snippets' own paths and ports. */
export interface Adaptation {
  readonly program: string;
  readonly spool: string;
  readonly user: string;
  readonly mlmmjReceive: string | undefined;
  readonly amavisPort: number;
  readonly reinjectionPort: number;
  /** Whose DKIM key signs; undefined leaves the choice to Amavisd. */
  readonly dkimDomain: string | undefined;
}

/** The three services of master.cf.snippet, adapted. */
export function masterServices(to: Adaptation): { transport: Service; reinjection: Service; out: Service } {
  const adapt = (text: string) =>
    text
      .replaceAll('/usr/bin/mlmmj-amime-receive', to.program)
      .replaceAll('/var/vmail/mlmmj', to.spool)
      .replaceAll('user=mlmmj', `user=${to.user}`)
      .replaceAll(':10028', `:${to.reinjectionPort}`);
  const services = parseMasterCf(SNIPPETS['postfix/master.cf.snippet']).map((service) => ({
    ...service,
    name: adapt(service.name),
    args: adapt(service.args),
  }));
  const find = (key: string) => services.find((service) => serviceKey(service) === key)!;
  const transport = find('mlmmj/unix');
  const own = to.mlmmjReceive === undefined ? '' : ` --mlmmj-receive ${to.mlmmjReceive}`;
  return {
    transport: { ...transport, args: transport.args + own },
    reinjection: find(`127.0.0.1:${to.reinjectionPort}/inet`),
    out: find('mlmmj-out/unix'),
  };
}

/** amavis/policy-bank.conf with the host's ports, and with the signing domain where one was named. */
export function policyBank(to: Adaptation): string {
  const ports: Readonly<Record<string, number>> = {
    [AMAVIS_PORT]: to.amavisPort,
    [REINJECTION_PORT]: to.reinjectionPort,
  };
  // In one pass: one of the new ports may be the other's old one.
  const text = SNIPPETS['amavis/policy-bank.conf'].replace(/1002[78]/g, (port) => String(ports[port]));
  return to.dkimDomain === undefined
    ? text
    : text.replace("# d => 'example.com',", `d => '${to.dkimDomain}',`);
}

const DKIM_DOMAIN = /^([ \t]*)(?:#[ \t]*)?d[ \t]*=>[ \t]*'[^'\n]*',/m;

/** A policy bank that somebody adapted, with the ports and the signing domain of this installation and nothing else. */
export function adaptedBank(bank: string, to: Adaptation): string {
  const { amavisPort, reinjectionPort } = bankFacts(bank);
  const ports = new Map([
    [String(amavisPort), to.amavisPort],
    [String(reinjectionPort), to.reinjectionPort],
  ]);
  const moved = bank.replace(/(?<![\w.])\d{2,5}(?![\w.])/g, (port) => String(ports.get(port) ?? port));
  return to.dkimDomain === undefined
    ? moved
    : moved.replace(DKIM_DOMAIN, (_, indent) => `${indent}d => '${to.dkimDomain}',`);
}

/**
 * The table of senders whose mail leaves by mlmmj-out, naming the directory that it lies in. A next hop that
 * default_transport names is named here too: the table takes that parameter's place.
 */
export function senderTable(configDirectory: string, nexthop = ''): string {
  return SNIPPETS['postfix/mlmmj-out.regexp']
    .replaceAll('/etc/postfix', configDirectory)
    .replace(/mlmmj-out:$/m, (entry) => entry + nexthop);
}

/** A client with what the host's usual one was given: an address to send from, for instance. */
export function likeUsual(out: Service, usual: Service | undefined): Service {
  const options = (usual?.args ?? '').match(/-o (?:\{[^{}]*\}|\S+)/g) ?? [];
  const own = options.filter((option) => !/^-o \{?\s*syslog_name\b/.test(option));
  return { ...out, args: [...own, out.args].join(' ') };
}

/** The table of lists: what it held (or the example's explanations) and a line for each list it lacks. */
export function listTable(
  existing: string | undefined,
  table: string,
  lists: readonly { readonly address: string; readonly nexthop: string }[],
): string {
  const text =
    existing ??
    SNIPPETS['postfix/transport_maps_maillist'].replaceAll(
      'hash:/etc/postfix/transport_maps_maillist',
      table,
    );
  return withEntries(
    text,
    lists.map((list) => [list.address, `mlmmj:${list.nexthop}`]),
  );
}

/**
 * The table of lists behind the LMTP service: what it held (or the example's explanations) and a line for each list that
 * it lacks. Lines that lead to the address used until now lead to the new one; others are somebody's own.
 */
export function lmtpTable(
  existing: string | undefined,
  table: string,
  lists: readonly string[],
  address: string,
  until: string | undefined,
): string {
  const example = SNIPPETS['postfix/lmtp.transport.snippet']
    .replaceAll('hash:/etc/postfix/lmtp_transport', table)
    .replaceAll('/etc/postfix/lmtp_transport', table.slice(table.indexOf(':') + 1))
    .replace(/^(?=[^#\s])/gm, '#');
  const text = (existing ?? example).replace(/^([^#\s]\S*\s+)mlmmj-lmtp:(\S+)$/gm, (line, key, to) =>
    to === until ? `${key}mlmmj-lmtp:${address}` : line,
  );
  return withEntries(
    text,
    lists.map((list) => [list, `mlmmj-lmtp:${address}`]),
  );
}

/** The entries of a transport(5) table, keys in lower case as postmap(1) folds them. */
export function tableEntries(text: string | undefined): Map<string, string> {
  // A line that begins with a blank goes on with the one before.
  const logical = (text ?? '').replace(/^\s*#.*\n/gm, '').replace(/\r?\n[ \t]+/g, ' ');
  const lines = logical.split('\n').filter((line) => /^[^#\s]/.test(line));
  return new Map(
    lines.map((line) => {
      const [, key, value] = /^(\S+)\s*(.*?)\s*$/.exec(line)!;
      return [key!.toLowerCase(), value!];
    }),
  );
}

function withEntries(text: string, entries: readonly (readonly [key: string, value: string])[]): string {
  const known = tableEntries(text);
  const missing = entries.filter(([key]) => !known.has(key.toLowerCase()));
  if (missing.length === 0) return text;
  const lines = missing.map(([key, value]) => `${key}\t${value}\n`);
  return `${text.endsWith('\n') ? text : `${text}\n`}${lines.join('')}`;
}

/** A table without the lines for some keys. */
export function withoutEntries(text: string, keys: readonly string[]): string {
  const unwanted = new Set(keys.map((key) => key.toLowerCase()));
  const lines = text.split(/(?<=\n)/);
  return lines.filter((line) => !unwanted.has(/^[^#\s]\S*/.exec(line)?.[0].toLowerCase() ?? '')).join('');
}

/** A database table that answers with the LMTP service for each list that it finds. */
export function routedTable(text: string, address: string): string {
  const without = text.replace(/^result_format\s*=.*\n?(?:[ \t]+\S.*\n?)*/gm, '');
  // %s, the list's own answer, is left out: what is there decides that it is a list, not where it lives.
  const format = `result_format = mlmmj-lmtp:${address.replaceAll('%', '%%')}\n`;
  return `${without.endsWith('\n') ? without : `${without}\n`}${format}`;
}

/** The client of lmtp.master.cf.snippet. */
export function lmtpClient(): Service {
  return parseMasterCf(SNIPPETS['postfix/lmtp.master.cf.snippet'])[0]!;
}

/** The client's own limits, as lmtp.main.cf.snippet has them. */
export function lmtpSettings(): [name: string, limit: string][] {
  return [...parseParameters(SNIPPETS['postfix/lmtp.main.cf.snippet'])].filter(([name]) =>
    name.startsWith('mlmmj-lmtp_'),
  );
}

/** What a lookup table says of the question and the answer; all else says where the database is, and who asks how. */
const QUESTION = new Set([
  ...['query', 'domain', 'result_format', 'expansion_limit', 'require_result_set'],
  ...['query_filter', 'scope', 'result_attribute', 'special_result_attribute', 'terminal_result_attribute'],
  ...['leaf_result_attribute', 'recursion_limit', 'size_limit', 'debuglevel'],
  // How SQL tables were written before Postfix 2.2, and LDAP tables before 2.3.
  ...['table', 'select_field', 'where_field', 'additional_conditions', 'select_function'],
  ...['cache', 'cache_expiry', 'cache_size'],
]);

/**
 * The lookup of transport_maps_maillist.cf.KIND with the connection of a table that the host has already (its
 * `name = value` text): iRedMail keeps the password in a dozen such files. Undefined where that table has no
 * password: a lookup that cannot log in would stop all mail, so none is written.
 */
export function databaseTable(kind: DatabaseKind, path: string, connection: string): string | undefined {
  const have = parseParameters(connection.replace(/^\s*#.*\n/gm, '').replace(/\r?\n[ \t]+/g, ' '));
  const secret = kind === 'ldap' ? 'bind_pw' : 'password';
  if (!have.get(secret) || have.get(secret)!.startsWith('REPLACE-WITH')) return undefined;
  const base = have.get('search_base');
  if (base !== undefined) have.set('search_base', fixedBase(base));
  const lines: string[] = [];
  const written = new Set<string>();
  let end = 0;
  let width = 0;
  for (const line of SNIPPETS[`postfix/transport_maps_maillist.cf.${kind}`].split('\n')) {
    const name = /^([a-z_]+)\s*=/.exec(line)?.[1];
    if (name === undefined || QUESTION.has(name)) {
      lines.push(line);
      continue;
    }
    width = line.indexOf('=') - 1;
    const value = have.get(name);
    if (value !== undefined) lines.push(`${name.padEnd(width)} = ${value}`);
    written.add(name);
    end = lines.length;
  }
  const more = [...have].filter(([name]) => !QUESTION.has(name) && !written.has(name));
  lines.splice(end, 0, ...more.map(([name, value]) => `${name.padEnd(width)} = ${value}`));
  return lines.join('\n').replaceAll(`/etc/postfix/${kind}/transport_maps_maillist.cf`, path);
}

/**
 * What all entries are below. Of `ou=Users,domainName=%d,o=domains,…`, which finds the users of one domain, that is
 * `o=domains,…`: lists have a branch of their own, and an alias domain has none.
 */
function fixedBase(base: string): string {
  const names = base.split(/(?<!\\),/);
  return names.slice(names.findLastIndex((name) => name.includes('%')) + 1).join(',');
}

/** `1;` as the last statement of an Amavisd configuration, with what may stand behind it. */
const TRUE_VALUE = /^[ \t]*1;[^\n]*\s*(?![\s\S])/m;

/** What follows perl does not run. */
const END_OF_CODE = /^__(?:END|DATA)__$/m;

/** An Amavisd configuration that reads one more file; as it was where it does so already. */
export function withInclude(config: string, file: string): string {
  const line = includeLine(file);
  if (config.includes(line)) return config;
  const end = config.search(END_OF_CODE);
  const code = end < 0 ? config : config.slice(0, end);
  const rest = config.slice(code.length);
  const at = code.search(TRUE_VALUE);
  if (at < 0) return `${code === '' || code.endsWith('\n') ? code : `${code}\n`}${line}\n1;\n${rest}`;
  return `${code.slice(0, at)}${line}\n${code.slice(at)}${rest}`;
}

/** The same, taken back. */
export function withoutInclude(config: string, file: string): string {
  return config.replace(`${includeLine(file)}\n`, '');
}

function includeLine(file: string): string {
  return `include_config_files('${file}');`;
}
