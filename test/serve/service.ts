/** The service under test, as it is built, and a client that speaks to it word by word. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demandBuild, PROGRAMS, type Program, until } from '../helpers/programs.ts';

export { PROGRAMS, type Program, until };

/** A spool with the lists news@ and talk@example.org, which have footers, and plain@example.org, which has none. */
export interface Spool {
  readonly path: string;
  list(name: string): string;
  /** What mlmmj-receive has stored for a list, complete or not. */
  stored(name: string): Promise<string[]>;
  add(name: string, control?: Record<string, string>): Promise<string>;
  remove(): Promise<void>;
}

export const FOOTER = '-- the list';

export async function makeSpool(): Promise<Spool> {
  const path = await mkdtemp(join(tmpdir(), 'amime-serve-'));
  const spool: Spool = {
    path,
    list: (name) => join(path, 'example.org', name),
    async stored(name) {
      const incoming = join(spool.list(name), 'incoming');
      const files = (await readdir(incoming)).sort();
      return Promise.all(files.map((file) => readFile(join(incoming, file), 'latin1')));
    },
    async add(name, control = {}) {
      const directory = spool.list(name);
      for (const below of ['control', 'incoming', 'queue', 'archive']) {
        await mkdir(join(directory, below), { recursive: true });
      }
      const files = { listaddress: `${name}@example.org\n`, ...control };
      for (const [file, text] of Object.entries(files))
        await writeFile(join(directory, 'control', file), text);
      return directory;
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
  await spool.add('news', { footer_text: `${FOOTER} news\n` });
  await spool.add('talk', { footer_text: `${FOOTER} talk\n` });
  await spool.add('plain');
  return spool;
}

export interface Service {
  readonly child: ChildProcess;
  readonly port: number;
  /** What it has written to its log so far. */
  log(): string;
  /** The line of the log that holds all these words, as soon as it is there. */
  logged(...words: string[]): Promise<string>;
  /** Ends it as systemd does, and tells its exit status. */
  stop(signal?: NodeJS.Signals): Promise<number | string>;
}

export interface ServiceOptions {
  readonly program: Program;
  readonly lists: string;
  readonly args?: readonly string[];
  /** In place of the real mlmmj-receive with `-P`, which stores and does not process. */
  readonly mlmmjReceive?: string;
  readonly uid?: number;
}

/** Starts the service on a port of the system's choice, or where `args` say. */
export async function startService(options: ServiceOptions): Promise<Service> {
  demandBuild();
  const args = options.args ?? [];
  const listens = args.some((argument) => argument.startsWith('--listen'));
  const [file, ...first] = options.program.command;
  const child = spawn(
    file,
    [
      ...first,
      'serve',
      ...['--lists', options.lists, '--hostname', 'lists.example.org'],
      ...['--mlmmj-receive', options.mlmmjReceive ?? STORE],
      ...(listens ? [] : ['--listen', '127.0.0.1:0']),
      ...args,
    ],
    {
      cwd: '/',
      stdio: ['ignore', 'inherit', 'pipe'],
      ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
    },
  );
  let log = '';
  child.stderr!.on('data', (piece: Buffer) => {
    log += piece.toString();
  });
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  const logged = (...words: string[]) =>
    until(() => {
      const found = log.split('\n').find((line) => words.every((word) => line.includes(word)));
      if (found === undefined && (child.exitCode !== null || child.signalCode !== null)) {
        throw new Error(`the service has ended: ${log}`);
      }
      return found;
    });
  const listening = await logged('listening on=');
  return {
    child,
    port: Number(/on=\S*:([0-9]+)/.exec(listening)?.[1] ?? 0),
    log: () => log,
    logged,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      const [code, by] = await ended;
      return code ?? by ?? 'gone';
    },
  };
}

/** mlmmj-receive that stores the message and leaves it at that, so that a test can look at it. */
export const STORE = new URL('../fixtures/bin/stores-each', import.meta.url).pathname;

/** A client that sends exactly what it is told to. */
export class Client {
  readonly socket: Socket;
  #received = '';
  #closed = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (piece: Buffer) => {
      this.#received += piece.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#closed = true;
    });
  }

  static async connect(where: number | string): Promise<Client> {
    const socket = typeof where === 'number' ? connect(where, '127.0.0.1') : connect(where);
    const client = new Client(socket);
    await once(socket, 'connect');
    return client;
  }

  /** A client that has greeted and been greeted. */
  static async greeted(where: number | string): Promise<Client> {
    const client = await Client.connect(where);
    await client.reply();
    await client.ask('LHLO client.example.net');
    return client;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  send(text: string | Buffer): void {
    this.socket.write(typeof text === 'string' ? Buffer.from(text) : text);
  }

  /** The next reply, all of its lines; '' where the server has closed the connection. */
  reply(): Promise<string> {
    return until(() => {
      const match = /^(?:[0-9]{3}-[^\n]*\n)*[0-9]{3}(?: [^\n]*)?\n/.exec(this.#received);
      if (match === null) return this.#closed ? '' : undefined;
      this.#received = this.#received.slice(match[0].length);
      return match[0].trimEnd();
    });
  }

  /** Sends a command and waits for its reply. */
  ask(command: string): Promise<string> {
    this.send(`${command}\r\n`);
    return this.reply();
  }

  /** MAIL, RCPT and DATA; the replies to RCPT. */
  async begin(recipients: readonly string[], sender = 'a@example.net'): Promise<string[]> {
    await this.ask(`MAIL FROM:<${sender}>`);
    const replies: string[] = [];
    for (const recipient of recipients) replies.push(await this.ask(`RCPT TO:<${recipient}>`));
    await this.ask('DATA');
    return replies;
  }

  /** Sends the data, with dots stuffed, and waits for one reply for each recipient. */
  async finish(data: string | Buffer, replies = 1): Promise<string[]> {
    const text = data.toString('latin1').replace(/\r?\n/g, '\r\n').replace(/^\./gm, '..');
    this.send(Buffer.from(`${text}${text.endsWith('\r\n') ? '' : '\r\n'}.\r\n`, 'latin1'));
    return this.replies(replies);
  }

  async replies(count: number): Promise<string[]> {
    const found: string[] = [];
    for (let at = 0; at < count; at++) found.push(await this.reply());
    return found;
  }

  async deliver(recipients: readonly string[], data: string | Buffer): Promise<string[]> {
    const accepted = (await this.begin(recipients)).filter((reply) => reply.startsWith('250')).length;
    return this.finish(data, accepted);
  }

  close(): void {
    this.socket.destroy();
  }
}

/** Whether nothing of a message is left half-way anywhere, and no process of it. */
export async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'latin1');
  return text.split(' ').filter(Boolean).map(Number);
}

/** A post with a few lines, named so that it can be recognised. */
export function message(name: string, body = 'Hello.'): string {
  return [
    'Received: from mail.example.net by mx.example.org (Postfix) with ESMTP id 4XyZ; Thu, 5 Nov 2026 10:00:00 +0000',
    'From: a@example.net',
    'To: news@example.org',
    `Subject: ${name}`,
    `Message-ID: <${name}@example.net>`,
    '',
    body,
    '',
  ].join('\n');
}
