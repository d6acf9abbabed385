import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Dialogue } from '../../src/mail-server/dialogue.ts';
import { freePorts, listening } from '../e2e/stack/ports.ts';
import { makeQueue } from '../helpers/postfix-queue.ts';

/** A Postfix in a directory of its own that really runs, and writes down what each of its transports was given. */
export interface RunningPostfix {
  readonly config: string;
  /** The last line that smtpd answers to `RCPT TO`, as a stranger is told. */
  rcpt(addresses: readonly string[]): Promise<Map<string, string>>;
  /** What becomes of a message to each address, whether or not a stranger may send it. */
  deliver(addresses: readonly string[]): Promise<Map<string, string[]>>;
  stop(): void;
}

/** Transports that write down whom they were given, and where it should have gone. */
const TRANSPORTS = ['smtp', 'relay', 'virtual', 'mlmmj', 'dovecot', 'other'];

export async function runningPostfix(
  main: (config: string) => string,
  tables: Readonly<Record<string, string>>,
): Promise<RunningPostfix> {
  const path = mkdtempSync(join(tmpdir(), 'amime-postfix-'));
  chmodSync(path, 0o755);
  const config = join(path, 'etc');
  mkdirSync(config);
  makeQueue(path);
  const [outside, inside] = (await freePorts(2)) as [number, number];
  const log = join(path, 'log');
  const record = join(path, 'record');
  writeFileSync(record, '');
  chmodSync(record, 0o666);
  const script = join(path, 'write-down');
  writeFileSync(script, `#!/bin/sh\ncat >/dev/null\nprintf '%s\\n' "$*" >> ${record}\n`, { mode: 0o755 });
  const pipe = (name: string) =>
    `${name} unix - n n - - pipe user=nobody argv=${script} $` +
    `{queue_id} ${name} $` +
    `{nexthop} $` +
    '{recipient}';
  writeFileSync(
    join(config, 'master.cf'),
    `127.0.0.1:${outside} inet n - n - - smtpd
127.0.0.1:${inside} inet n - n - - smtpd -o mynetworks=127.0.0.0/8 -o smtpd_reject_unlisted_recipient=no
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
${TRANSPORTS.map(pipe).join('\n')}
`,
  );
  writeFileSync(
    join(config, 'main.cf'),
    `compatibility_level = 3.6
queue_directory = ${path}/queue
data_directory = ${path}/data
meta_directory = /etc/postfix
maillog_file = ${log}
maillog_file_prefixes = ${path}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.example.com
mynetworks = 192.0.2.1
smtpd_peername_lookup = no
smtpd_junk_command_limit = 10000
local_transport = local
mailbox_transport = other:mailbox
${TRANSPORTS.map((name) => `${name}_destination_recipient_limit = 1\n`).join('')}${/^alias_maps/m.test(main(config)) ? '' : 'alias_maps =\n'}${main(config).replaceAll('SCRIPT', script)}
`,
  );
  for (const [name, text] of Object.entries(tables)) {
    const [type, file] = name.includes(':') ? (name.split(':') as [string, string]) : ['', name];
    writeFileSync(join(config, file), text.replaceAll('SCRIPT', script));
    if (type !== '')
      execFileSync(type === 'alias' ? 'postalias' : 'postmap', [
        ...['-c', config],
        `${type === 'alias' ? 'hash' : type}:${join(config, file)}`,
      ]);
  }
  execFileSync('postfix', ['-c', config, 'start'], { stdio: 'ignore' });
  for (const port of [outside, inside]) await listening(port, 'postfix');

  /** What became of a message, and of those that local(8) made of it. */
  const endOf = async (id: string): Promise<string[]> => {
    const text = await until(() => {
      const said = readFileSync(log, 'utf8');
      return new RegExp(`${id}: removed|${id}:.*status=deferred`).test(said) ? said : undefined;
    });
    const ended = [...text.matchAll(new RegExp(`${id}: to=.* status=(\\w+) \\((.*)\\)$`, 'gm'))];
    const forwarded: string[] = [];
    const ends = ended.flatMap(([, status, what = '']) => {
      const next = /^forwarded as (\w+)/.exec(what)?.[1];
      if (next !== undefined) forwarded.push(next);
      const local = /^delivered to (?:command|file): /.exec(what);
      if (local !== null) return [what.slice('delivered to '.length).replace(': ', ' ')];
      return status === 'sent' ? [] : [`${status}: ${what}`];
    });
    for (const next of forwarded) ends.push(...(await endOf(next)));
    const written = readFileSync(record, 'utf8').split('\n');
    const own = written.filter((line) => line.startsWith(`${id} `)).map((line) => line.slice(id.length + 1));
    return [...own, ...ends];
  };

  return {
    config,
    async rcpt(addresses) {
      const smtp = await session(outside);
      const replies = new Map<string, string>();
      for (const address of addresses) {
        await smtp.command('MAIL FROM:<>');
        replies.set(address, await smtp.command(`RCPT TO:<${address}>`));
        await smtp.command('RSET');
      }
      await smtp.quit();
      return replies;
    },
    async deliver(addresses) {
      const smtp = await session(inside);
      const queued = new Map<string, string>();
      const results = new Map<string, string[]>();
      for (const address of addresses) {
        await smtp.command('MAIL FROM:<>');
        await smtp.command(`RCPT TO:<${address}>`);
        await smtp.command('DATA');
        const reply = await smtp.command('Subject: x\r\n\r\nx\r\n.');
        const id = /queued as (\w+)/.exec(reply)?.[1];
        if (id === undefined) results.set(address, [reply.startsWith('451 ') ? 'waits' : reply]);
        else queued.set(address, id);
      }
      await smtp.quit();
      for (const [address, id] of queued) results.set(address, (await endOf(id)).sort());
      return results;
    },
    stop() {
      execFileSync('postfix', ['-c', config, 'stop'], { stdio: 'ignore' });
      rmSync(path, { recursive: true, force: true });
    },
  };
}

async function until<Value>(look: () => Value | undefined): Promise<Value> {
  for (;;) {
    const value = look();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function session(port: number) {
  const socket = connect(port, '127.0.0.1');
  const dialogue = new Dialogue(socket, 60_000);
  await dialogue.reply();
  await dialogue.command('EHLO client.example.org');
  return {
    command: async (line: string) => (await dialogue.command(line)).at(-1)!,
    async quit() {
      await dialogue.command('QUIT');
      socket.destroy();
    },
  };
}
