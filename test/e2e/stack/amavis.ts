import { spawn } from 'node:child_process';
import { chmodSync, chownSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { account } from './account.ts';
import { listening } from './ports.ts';
import type { PrivateDirectory } from './private-directory.ts';

export interface Amavis {
  readonly config: string;
  readonly log: string;
  /** The DNS name and text of the public key for a domain that was given a key. */
  readonly dkimRecord: string;
  start(): Promise<void>;
}

/**
 * An Amavisd that filters for a host already: it listens on a port of its own, gives mail back to Postfix
 * elsewhere, and signs for `domains`. It knows nothing of mailing lists until the policy bank is installed.
 */
export async function makeAmavis(
  home: PrivateDirectory,
  ports: { filter: number; lists: number },
  domains: readonly string[],
): Promise<Amavis> {
  const directory = home.make('amavis');
  const work = home.make('amavis/home');
  const { uid, gid } = account('amavis');
  chownSync(work, uid, gid);
  const key = join(directory, 'dkim.pem');
  await execa('/usr/bin/openssl', ['genrsa', '-out', key, '2048']);
  const { stdout } = await execa('/usr/bin/openssl', ['rsa', '-in', key, '-pubout', '-outform', 'DER'], {
    encoding: 'buffer',
  });
  const config = join(directory, 'amavisd.conf');
  const log = join(directory, 'log');
  writeFileSync(log, '');
  chownSync(log, uid, gid);
  chownSync(key, 0, gid);
  chmodSync(key, 0o640);
  writeFileSync(
    config,
    `use strict;
$MYHOME = '${work}';
$TEMPBASE = '${work}';
$QUARANTINEDIR = undef;
$daemon_user = 'amavis';
$daemon_group = 'amavis';
$max_servers = 2;
$enable_db = 0;
$DO_SYSLOG = 0;
$LOGFILE = '${log}';
$log_level = 2;
$myhostname = 'mail.example.com';
$mydomain = 'example.com';
@local_domains_maps = ( [".$mydomain"] );
$inet_socket_port = ${ports.filter};
$forward_method = 'smtp:[127.0.0.1]:9';   # the discard port: mail that comes back this way is lost, and noticed
$notify_method = $forward_method;
@bypass_virus_checks_maps = (1);
@bypass_spam_checks_maps = (1);
${domains.map((domain) => `dkim_key('${domain}', 'dkim', '${key}');`).join('\n')}
1;
`,
  );
  return {
    config,
    log,
    dkimRecord: `v=DKIM1; k=rsa; p=${Buffer.from(stdout).toString('base64')}`,
    async start() {
      const output = openSync(join(directory, 'stderr'), 'a');
      const server = spawn('/usr/sbin/amavisd', ['-c', config, 'foreground'], {
        stdio: ['ignore', output, output],
      });
      home.record('amavisd', server.pid);
      try {
        await listening(ports.lists, 'amavisd', server);
      } catch (error) {
        const said = readFileSync(join(directory, 'stderr'), 'utf8') + readFileSync(log, 'utf8');
        throw new Error(`amavisd did not come up:\n${said.slice(-2000)}`, { cause: error });
      }
    },
  };
}
