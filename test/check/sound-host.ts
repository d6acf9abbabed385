import { execFileSync } from 'node:child_process';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Finding } from '../../src/check/finding.ts';
import { command, LIST_USER, type PrivateHost, privateHost } from '../install/private-postfix.ts';

/** Stands for Amavisd: greets as a mail server does. */
let server: Server;
export let port: number;

beforeAll(async () => {
  server = createServer((socket) => socket.end('220 [127.0.0.1] ESMTP amavisd-new service ready\r\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as { port: number }).port;
});
afterAll(() => server.close());

export const MAIN = `recipient_delimiter = +
mlmmj_destination_recipient_limit = 1
mlmmj_time_limit = 1000s
`;

/** A host on which all is right, with one list; tests then break one thing. */
export function soundHost(
  more: { main?: string; master?: string; flags?: string; user?: string; program?: string } = {},
): PrivateHost & { list: string } {
  const host = privateHost(more.main ?? MAIN, more.master);
  const program = more.program ?? join(host.path, 'usr/bin/mlmmj-amime-receive');
  const receive = join(host.path, 'usr/bin/mlmmj-receive');
  writeFileSync(receive, '#!/bin/sh\n', { mode: 0o755 });
  writeFileSync(join(host.config, 'lists'), '/^news([+-].*)?@example\\.com$/ mlmmj:example.com/news\n');
  writeFileSync(
    join(host.config, 'main.cf'),
    `transport_maps = regexp:${host.config}/lists\nrelay_domains = example.com\n`,
    {
      flag: 'a',
    },
  );
  const transport = `mlmmj unix - n n - - pipe ${more.flags ?? 'flags=DORhu null_sender='} user=${more.user ?? LIST_USER} argv=${program} -L ${host.spool}/\${nexthop} --mlmmj-receive ${receive}\n`;
  writeFileSync(join(host.config, 'master.cf'), transport, { flag: 'a' });
  for (const name of ['main.cf', 'master.cf']) utimesSync(join(host.config, name), 1e9, 1e9);
  const list = join(host.spool, 'example.com/news');
  for (const directory of ['control', 'incoming', 'queue/discarded'])
    mkdirSync(join(list, directory), { recursive: true });
  const control = {
    listaddress: 'news@example.com\n',
    relayhost: '127.0.0.1\n',
    smtpport: `${port}\n`,
    footer_text: 'Footer\n',
  };
  for (const [name, text] of Object.entries(control)) writeFileSync(join(list, 'control', name), text);
  execFileSync('chown', ['-R', LIST_USER, host.spool]);
  return { ...host, list };
}

export async function findings(
  host: PrivateHost & { list: string },
  ...args: string[]
): Promise<{ status: number; wrong: Finding[]; all: Finding[] }> {
  const options = ['--postfix-config', host.config, '--amavis-port', String(port), '--json', ...args];
  const { status, out, err } = await command('check', options);
  expect(err).toBe('');
  const { ok, findings } = JSON.parse(out) as { ok: boolean; findings: Finding[] };
  expect(ok).toBe(status === 0);
  return { status, all: findings, wrong: findings.filter(({ level }) => level === 'wrong') };
}
