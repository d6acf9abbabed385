/** One LMTP connection: smtp-server's, with what a list's service needs otherwise. */
import type { Socket } from 'node:net';
import { SMTPConnection, type SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import { SMTPStream } from 'smtp-server/lib/smtp-stream.js';
import { LISTS_COMMAND } from '../mail-server/lmtp-session.ts';
import { DataReader } from './data-reader.ts';
import { parsePathArgument } from './mailbox.ts';
import type { LmtpServer } from './server.ts';

/** Bytes. RFC 5321 asks for 512 and what the extensions add; addresses alone may be 1000 here. */
const COMMAND_LIMIT = 4096;

export const STOPPING = '4.3.2 the service is stopping';

export class LmtpConnection extends SMTPConnection {
  readonly #server: LmtpServer;
  #timer: NodeJS.Timeout | undefined;
  /** Whose idle clock runs: the client's socket, or the one that STARTTLS put around it. */
  #watched: Socket | undefined;
  /** It is answering LHLO, whose reply says what it knows beside the library's extensions. */
  #announcing = false;

  constructor(server: LmtpServer, socket: Socket, options: SMTPConnectionOptions | null | undefined) {
    super(server, socket, options);
    this.#server = server;
    this.#startClock();
  }

  /** smtp-server waits 100 ms for clients that talk too soon, which spammers do. Ours is the mail system. */
  override init(): void {
    this._setListeners(() => {
      if (this.#server.isFull)
        return this.send(421, `${this.name} too many connections, try again later`, false);
      this.connectionReady();
    });
  }

  override _armTimeout(socket: Socket = this._socket): void {
    if (socket !== this.#watched) this.#watched?.setTimeout(0);
    this.#watched = socket;
    super._armTimeout(socket);
  }

  /** Neither clock may outlive the connection: it would keep all of it in memory until it ran out. */
  override _onClose(): void {
    clearTimeout(this.#timer);
    this.#watched?.setTimeout(0);
    super._onClose();
  }

  /** A reply that brings its own enhanced code (RFC 2034) keeps it; the library knows one for each reply code only. */
  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    const bringsOne = typeof data === 'string' && /^[245]\.[0-9]{1,3}\.[0-9]{1,3} /.test(data);
    const announced = this.#announcing && Array.isArray(data) ? [...data, LISTS_COMMAND] : data;
    super.send(code, announced, bringsOne ? false : context);
  }

  override handler_EHLO(command: Buffer, callback: () => void): void {
    this.#announcing = true;
    super.handler_EHLO(command, callback);
    this.#announcing = false;
  }

  /**
   * Which lists there are (RFC 5321 §4.1.5 leaves commands with an X to whoever agrees on them): `check` asks for them on
   * a mail host that has no spool. Whoever may connect could find out by RCPT too.
   */
  handler_XLISTS(_command: Buffer, callback: () => void): void {
    this.#server
      .lists()
      .then(
        (lists) => this.send(250, [`${lists.length} lists`, ...lists], false),
        () => this.send(451, '4.3.0 which lists there are cannot be told'),
      )
      .finally(callback);
  }

  override _createParser(): SMTPStream {
    const parser = new LmtpStream({ maxCommandLength: COMMAND_LIMIT });
    parser.oncommand = (command, callback) => this._onCommand(command, callback);
    parser.on('error', (error) => this.send(421, `4.5.0 ${error.message}`));
    return parser;
  }

  override _parseAddressCommand(rawName: string, rawCommand: Buffer | string) {
    const command = rawCommand.toString();
    const colon = command.indexOf(':');
    if (colon < 0 || command.slice(0, colon).trim().toUpperCase() !== rawName.toUpperCase()) return false;
    const path = parsePathArgument(command.slice(colon + 1));
    if (path === undefined) return false;
    const { address, parameters, duplicate } = path;
    return { address, args: parameters, ...(duplicate === undefined ? {} : { duplicate }) };
  }

  /** Called at the start, and whenever a transaction has ended: by a reply to its data, by RSET or LHLO. */
  override _resetSession(): void {
    super._resetSession();
    this.#startClock();
    if (this.#server.isStopping) setImmediate(() => this.leave());
  }

  /** Whether nothing is lost if it is closed now. */
  get isIdle(): boolean {
    return !this.session.envelope?.mailFrom && !this._dataStream && !this._handlerPending;
  }

  /** Whether its message is complete and being delivered: the reply is worth waiting for. */
  get awaitsReply(): boolean {
    return Boolean(this._dataStream && this._parser && !this._parser._dataMode);
  }

  /** Closes it as soon as no message is under way. */
  leave(): void {
    if (this.isIdle) this.send(421, STOPPING);
  }

  /** A client that sends a byte now and then never comes to the idle timeout, and would stay for ever. */
  #startClock(): void {
    if (this.#server === undefined) return;
    clearTimeout(this.#timer);
    // What the client sent before it went away is still gone through.
    if (this._socket.destroyed) return;
    this.#timer = setTimeout(() => {
      if (!this.awaitsReply) this.send(421, '4.4.2 that took too long');
    }, this.#server.limits.transaction * 1000);
    this.#timer.unref();
  }
}

/** What follows DATA is read by our own rules; the commands by the library's. */
class LmtpStream extends SMTPStream {
  #reader = new DataReader();

  override startDataMode(maxBytes?: number | string | null) {
    this.#reader = new DataReader();
    return super.startDataMode(maxBytes);
  }

  override _feedDataStream(chunk: Buffer, done: (error?: Error | null) => void): void {
    const stream = this._dataStream!;
    const { bytes, consumed, ended } = this.#reader.read(chunk);
    this._countDataBytes(this.#reader.wireLength - this.dataBytes);
    if (ended) return this._endDataMode(bytes, chunk.subarray(consumed), done);
    if (bytes.length === 0 || !stream.writable || stream.write(bytes) || stream.destroyed) return done();
    // A stream that is destroyed never drains, it only closes.
    const resume = () => {
      stream.off('drain', resume);
      stream.off('close', resume);
      done();
    };
    stream.once('drain', resume);
    stream.once('close', resume);
  }
}
