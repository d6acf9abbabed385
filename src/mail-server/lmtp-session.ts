/** What an LMTP server says of itself and of recipients. Nothing is delivered: RCPT is followed by RSET. */
import { connect } from 'node:net';
import { textOfBytes } from '../host/byte-string.ts';
import { Dialogue } from './dialogue.ts';
import type { LmtpAddress } from './lmtp-address.ts';

/** What a server answered; where it stopped answering, `trouble` says so and the rest is what came before. */
export interface LmtpAnswer {
  readonly trouble: string | undefined;
  /** The first line; empty where there was none. */
  readonly greeting: string;
  /** The keywords of LHLO in upper case with their parameters; empty where it was refused. */
  readonly keywords: ReadonlyMap<string, string>;
  /** The reply to each recipient, code and text. */
  readonly replies: ReadonlyMap<string, string>;
}

/** Milliseconds for each answer. A service that is up answers at once; Postfix itself would wait for minutes. */
const PATIENCE = 5000;

/** Asks an LMTP server. Never fails: silence is a fact too. */
export async function askLmtp(address: LmtpAddress, recipients: readonly string[]): Promise<LmtpAnswer> {
  const keywords = new Map<string, string>();
  const replies = new Map<string, string>();
  let greeting = '';
  let trouble: string | undefined;
  const socket = connect(address.kind === 'unix' ? { path: address.path } : { ...address });
  const dialogue = new Dialogue(socket, PATIENCE);
  try {
    const [first = ''] = await dialogue.reply();
    greeting = first;
    if (first.startsWith('220')) {
      const lhlo = await dialogue.command('LHLO localhost');
      if (lhlo[0]?.startsWith('250')) {
        for (const line of lhlo.slice(1)) {
          const [keyword = '', ...rest] = line.slice(4).trim().split(/\s+/);
          keywords.set(keyword.toUpperCase(), rest.join(' '));
        }
        for (const recipient of recipients) {
          await dialogue.command('MAIL FROM:<>');
          replies.set(recipient, (await dialogue.command(`RCPT TO:<${recipient}>`)).join(' '));
          await dialogue.command('RSET');
        }
      }
      await dialogue.command('QUIT');
    }
  } catch (error) {
    trouble = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
  } finally {
    socket.destroy();
  }
  return { trouble, greeting, keywords, replies };
}

/** What our service calls the extension that says which lists it has. */
export const LISTS_COMMAND = 'XLISTS';

/**
 * Asks our service which lists it has: their addresses, or undefined where whatever answers there does not say it. Never
 * fails.
 */
export async function askLists(address: LmtpAddress): Promise<readonly string[] | undefined> {
  const socket = connect(address.kind === 'unix' ? { path: address.path } : { ...address });
  const dialogue = new Dialogue(socket, PATIENCE);
  try {
    const [greeting = ''] = await dialogue.reply();
    if (!greeting.startsWith('220')) return undefined;
    const keywords = await dialogue.command('LHLO localhost');
    if (!keywords.some((line) => line.slice(4).trim().toUpperCase() === LISTS_COMMAND)) return undefined;
    const [first = '', ...lists] = await dialogue.command(LISTS_COMMAND);
    await dialogue.command('QUIT');
    return first.startsWith('250') ? lists.map((line) => textOfBytes(line.slice(4).trim())) : undefined;
  } catch {
    return undefined;
  } finally {
    socket.destroy();
  }
}
