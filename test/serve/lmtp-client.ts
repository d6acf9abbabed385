/** An LMTP client that does nothing but deliver: one message after another over one connection, pipelined. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export class LmtpClient {
  readonly #socket: Socket;
  #received = '';
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (piece: Buffer) => {
      this.#received += piece.toString('latin1');
      this.#wake();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#received += '000 closed\r\n';
      this.#wake();
    });
  }

  static async connect(port: number): Promise<LmtpClient> {
    const socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    await once(socket, 'connect');
    const client = new LmtpClient(socket);
    await client.#replies(1);
    socket.write('LHLO bench\r\n');
    await client.#replies(1);
    return client;
  }

  /**
   * @param wire the message with CRLF and its dots stuffed, without the final dot
   * @returns for each recipient the reply to the data, or the one with which it was refused
   */
  async deliver(sender: string, recipients: readonly string[], wire: Buffer): Promise<string[]> {
    const commands = [
      `MAIL FROM:<${sender}>`,
      ...recipients.map((recipient) => `RCPT TO:<${recipient}>`),
      'DATA',
    ];
    this.#socket.write(`${commands.join('\r\n')}\r\n`);
    const replies = (await this.#replies(commands.length)).slice(1);
    if (replies.pop()?.startsWith('354') !== true) return replies;
    this.#socket.write(wire);
    this.#socket.write('.\r\n');
    const accepted = replies.filter((reply) => reply.startsWith('250'));
    const results = await this.#replies(accepted.length);
    return replies.map((reply) => (reply.startsWith('250') ? (results.shift() ?? '') : reply));
  }

  close(): void {
    this.#socket.destroy();
  }

  async #replies(count: number): Promise<string[]> {
    const found: string[] = [];
    while (found.length < count) {
      const match = /^(?:[0-9]{3}-[^\n]*\n)*([0-9]{3} [^\n]*)\n/.exec(this.#received);
      if (match === null) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      this.#received = this.#received.slice(match[0].length);
      found.push(match[1]!.trimEnd());
      if (match[1]!.startsWith('000')) break;
    }
    return found;
  }
}

/** A message as it goes over the wire. */
export function onTheWire(message: Buffer): Buffer {
  const text = message.toString('latin1').replace(/\r?\n/g, '\r\n').replace(/^\./gm, '..');
  return Buffer.from(text.endsWith('\r\n') ? text : `${text}\r\n`, 'latin1');
}
