import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { listening } from './ports.ts';
import type { PrivateDirectory } from './private-directory.ts';

export interface Postfix {
  /** The configuration directory. */
  readonly config: string;
  readonly port: number;
  /** Runs postfix(1), postqueue(1), … on this instance; rejects where it fails. */
  run(program: string, ...args: string[]): Promise<string>;
  /** What stands in the mail log. */
  log(): string;
  start(): Promise<void>;
}

/** The services of Debian's master.cf that mail for lists needs, without chroot. */
const SERVICES = `pickup    unix  n       -       n       60      1       pickup
cleanup   unix  n       -       n       -       0       cleanup
qmgr      unix  n       -       n       300     1       qmgr
tlsmgr    unix  -       -       n       1000?   1       tlsmgr
rewrite   unix  -       -       n       -       -       trivial-rewrite
bounce    unix  -       -       n       -       0       bounce
defer     unix  -       -       n       -       0       bounce
trace     unix  -       -       n       -       0       bounce
verify    unix  -       -       n       -       1       verify
flush     unix  n       -       n       1000?   0       flush
proxymap  unix  -       -       n       -       -       proxymap
proxywrite unix -       -       n       -       1       proxymap
smtp      unix  -       -       n       -       -       smtp
relay     unix  -       -       n       -       -       smtp
showq     unix  n       -       n       -       -       showq
error     unix  -       -       n       -       -       error
retry     unix  -       -       n       -       -       error
discard   unix  -       -       n       -       -       discard
local     unix  -       n       n       -       -       local
virtual   unix  -       n       n       -       -       virtual
lmtp      unix  -       -       n       -       -       lmtp
anvil     unix  -       -       n       -       1       anvil
scache    unix  -       -       n       -       1       scache
postlog   unix-dgram n  -       n       -       1       postlogd
`;

/**
 * A mail host before anything of ours is installed, in the directory `name`: it takes mail for `mydestination` and
 * sends everything else to one relay host. `settings` are further main.cf lines.
 */
export function makePostfix(
  home: PrivateDirectory,
  name: string,
  port: number,
  settings: Readonly<Record<string, string>>,
): Postfix {
  const config = home.make(`${name}/postfix`);
  const log = join(home.path, name, 'maillog');
  const main: Record<string, string> = {
    compatibility_level: '3.6',
    queue_directory: home.make(`${name}/queue`),
    data_directory: join(home.path, name, 'data'),
    // Debian's packages list postfix-mysql.so there; a private instance has no dynamicmaps.cf of its own.
    meta_directory: '/etc/postfix',
    maillog_file: log,
    maillog_file_prefixes: home.path,
    inet_interfaces: '127.0.0.1',
    inet_protocols: 'ipv4',
    myhostname: 'mail.example.com',
    mydestination: '$myhostname, localhost',
    alias_maps: '',
    alias_database: '',
    mynetworks: '127.0.0.0/8',
    disable_dns_lookups: 'yes',
    smtp_dns_support_level: 'disabled',
    smtpd_tls_security_level: 'none',
    smtp_tls_security_level: 'none',
    // As iRedMail sets them.
    enable_original_recipient: 'no',
    enable_long_queue_ids: 'yes',
    smtputf8_enable: 'no',
    message_size_limit: '52428800',
    ...settings,
  };
  const lines = Object.entries(main).map(([name, value]) => `${name} = ${value}\n`);
  writeFileSync(join(config, 'main.cf'), lines.join(''));
  writeFileSync(join(config, 'master.cf'), `127.0.0.1:${port} inet n - n - - smtpd\n${SERVICES}`);
  return {
    config,
    port,
    async run(program, ...args) {
      const { stdout } = await execa(program, ['-c', config, ...args]);
      return stdout;
    },
    log: () => readFileSync(log, 'utf8'),
    async start() {
      // postfix(1) leaves a daemon behind that keeps its output open: nothing of ours may wait for that.
      await execa('postfix', ['-c', config, 'start'], { stdio: 'ignore' });
      await listening(port, 'postfix');
    },
  };
}
