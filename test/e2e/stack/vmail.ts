/** The database of an iRedMail host: what its lookups read, with iRedMail's names. */

export type DatabaseKind = 'mysql' | 'pgsql' | 'ldap';

/** A mailing list that the database knows. */
export interface DatabaseList {
  readonly address: string;
  readonly active: boolean;
  /** Addresses that are the list's, too. */
  readonly aliases?: readonly string[];
}

export const READER = { name: 'vmail', password: 'an everyday secret' } as const;
export const LDAP_SUFFIX = 'dc=example,dc=com';
export const LDAP_BASE = `o=domains,${LDAP_SUFFIX}`;

export const domainOf = (address: string) => address.slice(address.indexOf('@') + 1);
export const transportOf = (address: string) => `mlmmj:${address.split('@').reverse().join('/')}`;

/** The tables that lookups read, with the columns that they use; for MariaDB and PostgreSQL. */
export const VMAIL_TABLES = `
CREATE TABLE domain (
  domain VARCHAR(255) NOT NULL PRIMARY KEY,
  transport VARCHAR(255) NOT NULL DEFAULT 'dovecot',
  backupmx SMALLINT NOT NULL DEFAULT 0,
  active SMALLINT NOT NULL DEFAULT 1
);
CREATE TABLE alias_domain (
  alias_domain VARCHAR(255) NOT NULL PRIMARY KEY,
  target_domain VARCHAR(255) NOT NULL,
  active SMALLINT NOT NULL DEFAULT 1
);
CREATE TABLE mailbox (
  username VARCHAR(255) NOT NULL PRIMARY KEY,
  domain VARCHAR(255) NOT NULL DEFAULT '',
  maildir VARCHAR(255) NOT NULL DEFAULT '',
  transport VARCHAR(255) NOT NULL DEFAULT '',
  active SMALLINT NOT NULL DEFAULT 1
);
CREATE TABLE maillists (
  address VARCHAR(255) NOT NULL PRIMARY KEY,
  domain VARCHAR(255) NOT NULL DEFAULT '',
  transport VARCHAR(255) NOT NULL DEFAULT '',
  active SMALLINT NOT NULL DEFAULT 1
);
CREATE TABLE forwardings (
  address VARCHAR(255) NOT NULL DEFAULT '',
  forwarding VARCHAR(255) NOT NULL DEFAULT '',
  domain VARCHAR(255) NOT NULL DEFAULT '',
  dest_domain VARCHAR(255) NOT NULL DEFAULT '',
  is_maillist SMALLINT NOT NULL DEFAULT 0,
  is_alias SMALLINT NOT NULL DEFAULT 0,
  active SMALLINT NOT NULL DEFAULT 1,
  PRIMARY KEY (address, forwarding)
);`;

/** The rows of some lists: in SQL, a list is an alias of itself. */
export function vmailRows(lists: readonly DatabaseList[]): string {
  const domains = [...new Set(lists.map(({ address }) => domainOf(address)))];
  const rows = lists.flatMap(({ address, active, aliases = [] }) => {
    const [domain, on] = [domainOf(address), active ? 1 : 0];
    const forwarding = (from: string, isAlias: 0 | 1) =>
      `INSERT INTO forwardings VALUES ('${from}', '${address}', '${domainOf(from)}', '${domain}', ${1 - isAlias}, ${isAlias}, ${on});`;
    return [
      `INSERT INTO maillists VALUES ('${address}', '${domain}', '${transportOf(address)}', ${on});`,
      forwarding(address, 0),
      ...aliases.map((alias) => forwarding(alias, 1)),
    ];
  });
  return [...domains.map((domain) => `INSERT INTO domain (domain) VALUES ('${domain}');`), ...rows].join(
    '\n',
  );
}

/** The entries of some lists, as mlmmjadmin makes them. */
export function vmailEntries(lists: readonly DatabaseList[]): string {
  const entry = (dn: string, ...attributes: string[]) => `dn: ${dn}\n${attributes.join('\n')}\n`;
  const domains = [...new Set(lists.map(({ address }) => domainOf(address)))];
  return [
    entry(LDAP_SUFFIX, 'objectClass: dcObject', 'objectClass: organization', 'dc: example', 'o: example'),
    entry(
      `cn=${READER.name},${LDAP_SUFFIX}`,
      'objectClass: person',
      `cn: ${READER.name}`,
      'sn: vmail',
      `userPassword: ${READER.password}`,
    ),
    entry(LDAP_BASE, 'objectClass: organization', 'o: domains'),
    ...domains.flatMap((domain) => [
      entry(
        `domainName=${domain},${LDAP_BASE}`,
        'objectClass: mailDomain',
        `domainName: ${domain}`,
        'accountStatus: active',
        'enabledService: mail',
        'mtaTransport: dovecot',
      ),
      entry(`ou=Groups,domainName=${domain},${LDAP_BASE}`, 'objectClass: organizationalUnit', 'ou: Groups'),
    ]),
    ...lists.map(({ address, active, aliases = [] }) =>
      entry(
        `mail=${address},ou=Groups,domainName=${domainOf(address)},${LDAP_BASE}`,
        'objectClass: mailList',
        `mail: ${address}`,
        `mtaTransport: ${transportOf(address)}`,
        `accountStatus: ${active ? 'active' : 'disabled'}`,
        ...['mail', 'deliver', 'mlmmj'].map((service) => `enabledService: ${service}`),
        ...aliases.map((alias) => `shadowAddress: ${alias}`),
      ),
    ),
  ].join('\n');
}
