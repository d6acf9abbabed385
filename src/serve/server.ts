/** The LMTP server: what a connection may do, and how all of them come to an end. */
import type { Socket } from 'node:net';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import type { SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import type { Certificate } from './certificate.ts';
import { LmtpConnection, STOPPING } from './connection.ts';
import type { FoundList } from './find-list.ts';
import type { AllowedPeers } from './listen-address.ts';
import type { Limits } from './options.ts';
import { failed, Refusal, type Result, replyText } from './result.ts';
import { Transaction, type TransactionResult, type TransactionTools } from './transaction.ts';

export interface LmtpServerOptions {
  readonly hostname: string | undefined;
  readonly allow: AllowedPeers;
  readonly tls: Certificate | undefined;
  /** `ListFinder.find`. */
  readonly findList: (address: string) => Promise<FoundList>;
  readonly tools: TransactionTools;
  /** For the log and the numbers. */
  readonly onRefused: (session: string, recipient: string, result: Result) => void;
  readonly onTaken: (session: string, result: TransactionResult, milliseconds: number) => void;
  readonly onTrouble: (session: string, error: unknown) => void;
}

const TOO_MANY: Result = { code: 452, enhanced: '4.5.3', text: 'too many recipients for one message' };

export class LmtpServer extends SMTPServer {
  readonly limits: Limits;
  readonly #lmtp: LmtpServerOptions;
  readonly #transactions = new WeakMap<SMTPServerSession, Transaction>();
  /** Those whose message is being taken, also when their client has gone. */
  readonly #running = new Set<Transaction>();
  #stopping = false;
  #allDone: () => void = () => undefined;

  constructor(options: LmtpServerOptions) {
    const { limits } = options.tools;
    super({
      lmtp: true,
      logger: false,
      authOptional: true,
      disableReverseLookup: true,
      // The last three are jokes of the library.
      disabledCommands: [
        ...['AUTH', 'XCLIENT', 'XFORWARD', 'HELP', 'WIZ', 'SHELL', 'KILL'],
        ...(options.tls === undefined ? ['STARTTLS'] : []),
      ],
      hideENHANCEDSTATUSCODES: false,
      heloResponse: '%s',
      size: limits.size,
      socketTimeout: limits.idle * 1000,
      ...(options.hostname === undefined ? {} : { name: options.hostname }),
      ...(options.tls === undefined ? {} : options.tls),
      onConnect: (session, callback) => {
        if (options.allow.admits(session.remoteAddress)) return callback();
        // For the mail system this is trouble of ours, as long as nobody says otherwise: the mail waits.
        callback(Object.assign(new Error('you may not connect: see --allow'), { responseCode: 421 }));
      },
      onMailFrom: ({ address }, session, callback) => {
        this.#transactions.set(session, new Transaction(address, options.tools));
        callback();
      },
      onRcptTo: ({ address }, session, callback) => {
        void this.#accept(address, session).then((refusal) => callback(refusal));
      },
      onData: (stream, session, callback) => {
        this.#take(stream, session).then(
          (replies) => callback(null, replies),
          (error) => {
            options.onTrouble(session.id, error);
            callback(new Refusal(failed(error)));
          },
        );
      },
    });
    this.limits = limits;
    this.#lmtp = options;
    // Whoever has it listen learns from the call why it cannot.
    this.on('error', (error) => {
      if (this.server.listening) options.onTrouble('', error);
    });
  }

  get isFull(): boolean {
    return this.connections.size > this.limits.connections;
  }

  get isStopping(): boolean {
    return this.#stopping;
  }

  override connect(socket: Socket, options?: SMTPConnectionOptions | null): void {
    const connection = new LmtpConnection(this, socket, options);
    this.connections.add(connection);
    // A client that breaks its connection; whatever message was under way knows already. An encrypted one tells twice.
    let told: unknown;
    connection.on('error', (error) => {
      if (error === told) return;
      told = error;
      this.#lmtp.onTrouble(connection.id, error);
    });
    connection.init();
  }

  /**
   * Takes no new connections and no new messages; resolves when the messages under way are delivered, or given up
   * after `milliseconds`.
   */
  async stop(milliseconds: number): Promise<void> {
    this.#stopping = true;
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    const done = new Promise<void>((resolve) => {
      this.#allDone = resolve;
    });
    for (const connection of this.#lmtpConnections) connection.leave();
    if (this.#running.size === 0) this.#allDone();
    const timer = setTimeout(() => {
      for (const transaction of this.#running) transaction.abandon('the service is stopping');
      for (const connection of this.#lmtpConnections) {
        if (!connection.awaitsReply) connection.send(421, STOPPING);
      }
    }, milliseconds);
    await Promise.race([Promise.all([closed, done]), after(milliseconds + LAST_MOMENTS)]);
    clearTimeout(timer);
  }

  get #lmtpConnections(): LmtpConnection[] {
    return [...this.connections].filter((connection) => connection instanceof LmtpConnection);
  }

  /** @returns why the recipient is refused, or null */
  async #accept(recipient: string, session: SMTPServerSession): Promise<Refusal | null> {
    let result: Result;
    try {
      const found = await this.#lmtp.findList(recipient);
      if (this.#transactions.get(session)?.add({ ...found, recipient }) === true) return null;
      result = TOO_MANY;
    } catch (error) {
      result = failed(error);
    }
    this.#lmtp.onRefused(session.id, recipient, result);
    return new Refusal(result);
  }

  /** @returns one reply for each recipient that was accepted, also for the same one twice (RFC 2033, section 4.2) */
  async #take(
    stream: AsyncIterable<Uint8Array> & { byteLength: number },
    session: SMTPServerSession,
  ): Promise<(string | Error)[]> {
    const begun = performance.now();
    const transaction = this.#transactions.get(session)!;
    this.#transactions.delete(session);
    this.#running.add(transaction);
    try {
      const taken = await transaction.take(stream);
      this.#lmtp.onTaken(session.id, taken, performance.now() - begun);
      return taken.recipients.map(({ result }) => {
        return result.code === 250 ? replyText(result) : new Refusal(result);
      });
    } finally {
      this.#running.delete(transaction);
      if (this.#running.size === 0 && this.#stopping) this.#allDone();
    }
  }
}

/** Milliseconds in which what was given up is cleaned away and the last replies leave. */
const LAST_MOMENTS = 7000;

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}
