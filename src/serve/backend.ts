/** What the protocol asks of whoever takes the mail: a transaction is one message, from MAIL to the final dot (RFC 2033). */
import type { Limits } from './options.ts';
import type { Result } from './result.ts';

/** What the client sends after DATA: pieces of whose memory nothing else has a view. */
export interface MessageData extends AsyncIterable<Uint8Array> {
  /** Bytes so far as SIZE counts them. */
  readonly byteLength: number;
}

export interface LmtpBackend {
  readonly limits: Limits;

  /** MAIL. @param session named so in the log. @param sender '' for the null sender */
  mail(session: string, sender: string): LmtpTransaction;

  /** The first address of each list; rejects where some of them cannot be looked at. */
  lists(): Promise<readonly string[]>;

  /** Trouble with a connection, for the log. @param session '' where it is the server's */
  trouble(session: string, error: unknown): void;
}

export interface LmtpTransaction {
  /** RCPT. @returns why the recipient is refused, or null */
  rcpt(recipient: string): Promise<Result | null>;

  /**
   * DATA: reads the message to its end, also where it is refused. A client that goes away makes `data` throw.
   *
   * @returns what becomes of each recipient that was accepted, in their order (RFC 2033 §4.2). Never rejects.
   */
  data(data: MessageData): Promise<readonly Result[]>;

  /** Ends what is under way: the recipients without a result get this reason, and their mail waits. */
  abandon(reason: string): void;
}
