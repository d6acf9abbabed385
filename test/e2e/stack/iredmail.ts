/** How Postfix asks the database of an iRedMail host: the tables and settings that a list's mail passes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DatabaseKind, LDAP_BASE, LDAP_SUFFIX, READER } from './vmail.ts';

const ACTIVE = '(accountStatus=active)(!(domainStatus=disabled))(enabledService=mail)';
const NAMED = '(|(mail=%s)(shadowAddress=%s))';
const MLMMJ = '(objectClass=mailList)(enabledService=mlmmj)';

/** What comes after the connection, by table. */
const SQL_TABLES: Readonly<Record<string, string>> = {
  transport_maps_domain: `SELECT transport FROM domain WHERE domain='%s' AND active=1`,
  transport_maps_user: `SELECT mailbox.transport FROM mailbox, domain
    WHERE mailbox.username='%s' AND mailbox.domain=domain.domain AND mailbox.transport<>''
      AND mailbox.active=1 AND domain.active=1`,
  virtual_alias_maps: `SELECT forwardings.forwarding FROM forwardings, domain
    WHERE forwardings.address='%s' AND forwardings.domain='%d' AND forwardings.domain=domain.domain
      AND forwardings.active=1 AND domain.backupmx=0 AND domain.active=1`,
  virtual_mailbox_domains: `SELECT domain FROM domain WHERE domain='%s' AND backupmx=0 AND active=1`,
  virtual_mailbox_maps: `SELECT mailbox.maildir FROM mailbox, domain
    WHERE mailbox.username='%s' AND mailbox.domain=domain.domain AND mailbox.active=1 AND domain.active=1`,
};

const ALL = `search_base = ${LDAP_BASE}\nscope = sub`;
const DOMAINS = `search_base = ${LDAP_BASE}\nscope = one`;

const LDAP_TABLES: Readonly<Record<string, string>> = {
  transport_maps_user: ldapUserTransport('(objectClass=mailUser)'),
  catchall_maps: `search_base = ou=Users,domainName=%d,${LDAP_BASE}
scope = one
query_filter = (&(objectClass=mailUser)${ACTIVE}(|(mail=%s)(shadowAddress=%s)))
result_attribute = mailForwardingAddress`,
  transport_maps_domain: `${DOMAINS}
query_filter = (&(objectClass=mailDomain)(|(domainName=%s)(domainAliasName=%s))(accountStatus=active)(enabledService=mail))
result_attribute = mtaTransport`,
  virtual_alias_maps: `${ALL}
query_filter = (&${NAMED}${ACTIVE}(enabledService=deliver)(objectClass=mailAlias))
result_attribute = mailForwardingAddress`,
  virtual_group_maps: `${ALL}
query_filter = (&${ACTIVE}(enabledService=deliver)(|(&(memberOfGroup=%s)(objectClass=mailUser))(&${MLMMJ}${NAMED})))
result_attribute = mail`,
  virtual_mailbox_domains: `${DOMAINS}
query_filter = (&(objectClass=mailDomain)(|(domainName=%s)(&(enabledService=domainalias)(domainAliasName=%s)))(!(domainBackupMX=yes))(accountStatus=active)(enabledService=mail))
result_attribute = domainName`,
  virtual_mailbox_maps: `${ALL}
query_filter = (&(objectClass=mailUser)${NAMED}${ACTIVE}(enabledService=deliver))
result_attribute = mailMessageStore`,
};

function ldapUserTransport(who: string): string {
  return `search_base = domainName=%d,${LDAP_BASE}
scope = sub
query_filter = (&${who}${NAMED}${ACTIVE})
result_attribute = mtaTransport`;
}

export interface LookupOptions {
  /** With OpenLDAP, one lookup for the transports of users and lists, as iRedMail has it since it has mlmmj. */
  readonly userLookupHasLists: boolean;
}

/** The first lines of every table: where the database is and who asks. */
function connection(kind: DatabaseKind, port: number): string {
  return kind === 'ldap'
    ? `server_host = 127.0.0.1
server_port = ${port}
version = 3
bind = yes
start_tls = no
bind_dn = cn=${READER.name},${LDAP_SUFFIX}
bind_pw = ${READER.password}`
    : `user = ${READER.name}
password = ${READER.password}
hosts = 127.0.0.1:${port}
dbname = vmail`;
}

/** The tables of an iRedMail host whose database listens on a loopback port, in CONFIG/KIND. */
export function writeLookups(
  config: string,
  kind: DatabaseKind,
  port: number,
  { userLookupHasLists }: LookupOptions = { userLookupHasLists: false },
): void {
  mkdirSync(join(config, kind));
  const more = userLookupHasLists
    ? { transport_maps_user: ldapUserTransport(`(|(objectClass=mailUser)(&${MLMMJ}))`) }
    : {};
  const tables =
    kind === 'ldap'
      ? { ...LDAP_TABLES, ...more }
      : Object.fromEntries(Object.entries(SQL_TABLES).map(([name, sql]) => [name, `query = ${sql}`]));
  for (const [name, rest] of Object.entries(tables))
    writeFileSync(join(config, kind, `${name}.cf`), `${connection(kind, port)}\n${rest}\n`);
}

/** The name of a table in main.cf. */
export function lookup(config: string, kind: DatabaseKind, name: string): string {
  return `proxy:${kind}:${config}/${kind}/${name}.cf`;
}

/** What main.cf says of the database. The transports are those of a host that nobody has told of mailing lists. */
export function lookupSettings(config: string, kind: DatabaseKind): Record<string, string> {
  const tables = (...names: string[]) => names.map((name) => lookup(config, kind, name)).join(' ');
  return {
    virtual_alias_domains: '',
    virtual_mailbox_domains: tables('virtual_mailbox_domains'),
    virtual_mailbox_maps: tables('virtual_mailbox_maps'),
    virtual_alias_maps: tables('virtual_alias_maps', ...(kind === 'ldap' ? ['virtual_group_maps'] : [])),
    transport_maps: tables('transport_maps_user', 'transport_maps_domain'),
    virtual_transport: 'dovecot',
    recipient_delimiter: '+',
    proxy_read_maps:
      '$local_recipient_maps $mydestination $relay_domains $transport_maps $virtual_alias_maps $virtual_mailbox_domains $virtual_mailbox_maps',
  };
}
