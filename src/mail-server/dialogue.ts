import type { Socket } from 'node:net';

/** Characters of one reply: room for the addresses of as many lists as anybody has. */
const REPLY_LIMIT = 16 * 1024 * 1024;

/** SMTP or LMTP with a server: commands and their replies, one at a time. */
export class Dialogue {
  readonly #socket: Socket;
  #text = '';
  #failure: Error | undefined;
  #wake: () => void = () => undefined;

  /** @param patience milliseconds for each answer */
  constructor(socket: Socket, patience: number) {
    this.#socket = socket;
    const fail = (error: Error) => {
      this.#failure ??= error;
      this.#wake();
    };
    socket.setTimeout(patience, () => fail(new Error('no answer')));
    socket.on('error', fail);
    socket.on('close', () => fail(new Error('the connection was closed')));
    socket.on('data', (bytes: Buffer) => {
      this.#text += bytes.toString('latin1');
      this.#wake();
    });
  }

  /** @throws where the server is silent or gone */
  command(line: string): Promise<string[]> {
    this.#socket.write(`${line}\r\n`);
    return this.reply();
  }

  /** The lines of one reply. */
  async reply(): Promise<string[]> {
    for (;;) {
      const whole = /^(?:\d{3}-.*\r?\n)*\d{3}(?: .*)?\r?\n/.exec(this.#text);
      if (whole !== null) {
        this.#text = this.#text.slice(whole[0].length);
        return whole[0].trimEnd().split(/\r?\n/);
      }
      // Whatever it is, it does not speak SMTP.
      if (/^(?!\d{3}[ \r\n-]).{3}/.test(this.#text) || this.#text.length > REPLY_LIMIT) {
        return [this.#text.split(/\r?\n/)[0]!];
      }
      if (this.#failure !== undefined) throw this.#failure;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
