/** The LMTP server: what a connection may do, and how all of them come to an end. */
import type { Socket } from 'node:net';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import type { SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import type { LmtpBackend, LmtpTransaction, MessageData } from './backend.ts';
import type { Certificate } from './certificate.ts';
import { LmtpConnection, STOPPING } from './connection.ts';
import type { AllowedPeers } from './listen-address.ts';
import type { Limits } from './options.ts';
import { failed, Refusal, replyText } from './result.ts';

export interface LmtpServerOptions {
  readonly hostname: string | undefined;
  readonly allow: AllowedPeers;
  readonly tls: Certificate | undefined;
}

export class LmtpServer extends SMTPServer {
  readonly limits: Limits;
  readonly #backend: LmtpBackend;
  readonly #transactions = new WeakMap<SMTPServerSession, LmtpTransaction>();
  /** Those whose message is being taken, also when their client has gone. */
  readonly #running = new Set<LmtpTransaction>();
  #stopping = false;
  #allDone: () => void = () => undefined;

  constructor(options: LmtpServerOptions, backend: LmtpBackend) {
    const { limits } = backend;
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
        this.#transactions.set(session, backend.mail(session.id, address));
        callback();
      },
      onRcptTo: ({ address }, session, callback) => {
        const transaction = this.#transactions.get(session)!;
        transaction.rcpt(address).then(
          (refusal) => callback(refusal === null ? null : new Refusal(refusal)),
          (error) => {
            backend.trouble(session.id, error);
            callback(new Refusal(failed(error)));
          },
        );
      },
      onData: (stream, session, callback) => {
        this.#take(stream, session).then(
          (replies) => callback(null, replies),
          (error) => {
            backend.trouble(session.id, error);
            callback(new Refusal(failed(error)));
          },
        );
      },
    });
    this.limits = limits;
    this.#backend = backend;
    // Whoever has it listen learns from the call why it cannot.
    this.on('error', (error) => {
      if (this.server.listening) backend.trouble('', error);
    });
  }

  /** The addresses of all lists, the first one of each. */
  lists(): Promise<readonly string[]> {
    return this.#backend.lists();
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
      this.#backend.trouble(connection.id, error);
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

  /** @returns one reply for each recipient that was accepted, also for the same one twice (RFC 2033 §4.2) */
  async #take(data: MessageData, session: SMTPServerSession): Promise<(string | Error)[]> {
    const transaction = this.#transactions.get(session)!;
    this.#transactions.delete(session);
    this.#running.add(transaction);
    try {
      const results = await transaction.data(data);
      return results.map((result) => (result.code === 250 ? replyText(result) : new Refusal(result)));
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
