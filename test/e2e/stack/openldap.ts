import { spawn } from 'node:child_process';
import { chownSync, copyFileSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { account } from './account.ts';
import { listening } from './ports.ts';
import type { PrivateDirectory } from './private-directory.ts';
import { type DatabaseList, LDAP_SUFFIX, READER, vmailEntries } from './vmail.ts';

const SCHEMA = new URL('vmail.schema', import.meta.url).pathname;

/** OpenLDAP with the schema of an iRedMail host, and lists in it. */
export async function startOpenLdap(
  home: PrivateDirectory,
  port: number,
  lists: readonly DatabaseList[],
): Promise<void> {
  const { uid, gid } = account('openldap');
  const directory = home.make('openldap');
  const data = home.make('openldap/data');
  chownSync(data, uid, gid);
  copyFileSync(SCHEMA, join(directory, 'vmail.schema'));
  const config = join(directory, 'slapd.conf');
  writeFileSync(
    config,
    `include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include ${directory}/vmail.schema
modulepath /usr/lib/ldap
moduleload back_mdb
database mdb
maxsize 16777216
suffix "${LDAP_SUFFIX}"
directory ${data}
dbnosync
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="cn=${READER.name},${LDAP_SUFFIX}" read by * none
`,
  );
  const asServer = ['-u', 'openldap', '-g', 'openldap', '-f', config];
  const entries = { input: vmailEntries(lists), uid, gid, cwd: directory };
  await execa('/usr/sbin/slapadd', ['-q', '-f', config], entries);
  const output = openSync(join(directory, 'log'), 'a');
  // In the foreground, so that its process is the one that was started.
  const listen = ['-h', `ldap://127.0.0.1:${port}/`, '-d', '0'];
  const server = spawn('/usr/sbin/slapd', [...asServer, ...listen], { stdio: ['ignore', output, output] });
  home.record('slapd', server.pid);
  await listening(port, 'slapd', server);
}
