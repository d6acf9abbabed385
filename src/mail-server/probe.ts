/** What the running smtpd(8) answers when it is asked for one recipient. Nothing is sent: RCPT is followed by RSET. */
import { connect } from 'node:net';
import { Dialogue } from './dialogue.ts';
import { listEntries } from './main-cf.ts';
import type { Service } from './master-cf.ts';

export interface SmtpAddress {
  readonly host: string;
  readonly port: number;
}

/** Milliseconds for each answer: postscreen(8) waits before it greets, and policy services take their time. */
const PATIENCE = 60_000;

/** @returns the last line of the reply to RCPT, or of what was refused before it. @throws where nothing answers */
export async function probeRecipient(at: SmtpAddress, recipient: string, helo: string): Promise<string> {
  const socket = connect({ host: at.host, port: at.port });
  const dialogue = new Dialogue(socket, PATIENCE);
  try {
    const greeting = await dialogue.reply();
    if (!isPositive(greeting)) return last(greeting);
    // The null sender is what no sender's policy has a say in (RFC 5321 §4.5.5).
    for (const line of [`EHLO ${helo}`, 'MAIL FROM:<>']) {
      const reply = await dialogue.command(line);
      if (!isPositive(reply)) return last(reply);
    }
    const answer = last(await dialogue.command(`RCPT TO:<${recipient}>`));
    await dialogue.command('RSET');
    await dialogue.command('QUIT');
    return answer;
  } finally {
    socket.destroy();
  }
}

function isPositive(reply: readonly string[]): boolean {
  return last(reply).startsWith('2');
}

function last(reply: readonly string[]): string {
  return reply.at(-1) ?? '';
}

/** Ports by the names that master.cf has for them. */
const NAMED_PORTS: Readonly<Record<string, number>> = {
  smtp: 25,
  submission: 587,
  submissions: 465,
  smtps: 465,
};

/** Where master.cf has mail from elsewhere come in: port 25, else the first port that smtpd(8) has. */
export function smtpAddress(
  services: ReadonlyMap<string, Service>,
  settings: ReadonlyMap<string, string>,
): SmtpAddress | undefined {
  const listening = [...services.values()]
    .filter(({ fields }) => fields[0] === 'inet' && /^(?:smtpd|postscreen)$/.test(fields[6] ?? ''))
    .map(({ name }) => addressOf(name, settings.get('inet_interfaces') ?? 'all'))
    .filter((address) => address !== undefined);
  return listening.find(({ port }) => port === 25) ?? listening[0];
}

/** `smtp`, `127.0.0.1:2525`, `[::1]:smtp` */
function addressOf(name: string, interfaces: string): SmtpAddress | undefined {
  const [, host, service] = /^(?:\[?(.*?)\]?:)?([^:]+)$/.exec(name) ?? [];
  const port = NAMED_PORTS[service ?? ''] ?? Number(service);
  if (!(port > 0 && port < 65_536)) return undefined;
  if (host) return { host, port };
  const [first = 'all'] = listEntries(interfaces);
  // A name stands for whatever it resolves to, which is this host.
  return {
    host: /^(?:all|loopback-only)$/i.test(first) ? '127.0.0.1' : first.replace(/^\[(.*)\]$/, '$1'),
    port,
  };
}
