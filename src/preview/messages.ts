import { createReadStream, type ReadStream } from 'node:fs';
import { opendir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { MboxSplitter, startsLikeMbox } from './mbox.ts';
import type { MessageSink } from './message-sink.ts';

export interface Visitor {
  /** A message begins. */
  begin(name: string): MessageSink;
  /** A file cannot be read; the others follow. */
  unreadable(name: string, why: string): void;
}

/** Only what begins like one is looked at as a mailbox; a single message may begin with a From_ line too. */
const MBOX_HEAD = 5;
const PIECE = 65_536;

/** Shows every message of these files, directories, mailboxes and `-` to a visitor, in order. Nothing is held. */
export async function visitMessages(inputs: readonly string[], visitor: Visitor): Promise<void> {
  for (const input of inputs) {
    // Files of the same name in several directories are told apart.
    const top = inputs.length > 1 ? '' : input;
    for await (const { path, name } of filesOf(input, top, visitor)) await visitFile(path, name, visitor);
  }
}

/** How many files that will be: for a progress bar, as a directory of thousands is listed in no time. */
export async function countFiles(inputs: readonly string[]): Promise<number> {
  let count = 0;
  const silent = { unreadable: () => {} };
  for (const input of inputs) for await (const _ of filesOf(input, input, silent)) count++;
  return count;
}

async function* filesOf(
  input: string,
  top: string,
  visitor: Pick<Visitor, 'unreadable'>,
): AsyncGenerator<{ path: string; name: string }> {
  if (input === '-') return yield { path: '-', name: 'standard input' };
  const status = await stat(input).catch((error) => visitor.unreadable(input, codeOf(error)));
  if (!status) return;
  if (!status.isDirectory()) return yield { path: input, name: input };
  yield* filesBelow(input, top, visitor);
}

async function* filesBelow(
  directory: string,
  top: string,
  visitor: Pick<Visitor, 'unreadable'>,
): AsyncGenerator<{ path: string; name: string }> {
  const trouble = (error: NodeJS.ErrnoException) => visitor.unreadable(directory, codeOf(error));
  // Which of the two finds out that a directory is closed differs between runtimes.
  const entries = await opendir(directory).catch(trouble);
  if (!entries) return;
  for await (const entry of readable(entries, trouble)) {
    const path = join(directory, entry.name);
    // A symbolic link may lead anywhere, and round in circles; a fifo or a device would hang.
    if (entry.isDirectory()) yield* filesBelow(path, top, visitor);
    else if (entry.isFile()) yield { path, name: top === '' ? path : relative(top, path) };
  }
}

async function visitFile(path: string, name: string, visitor: Visitor): Promise<void> {
  const stream: ReadStream | typeof process.stdin =
    path === '-' ? process.stdin : createReadStream(path, { highWaterMark: PIECE });
  const feed = new Feed(name, visitor);
  let isWhole = true;
  const trouble = (error: NodeJS.ErrnoException) => {
    isWhole = false;
    visitor.unreadable(name, codeOf(error));
  };
  for await (const piece of readable(stream, trouble)) await feed.write(piece as Buffer);
  if (isWhole) await feed.end();
  else feed.discard();
}

/** What comes until reading fails. Only that is the file's trouble; what its reader throws is for whoever asked. */
async function* readable<Item>(
  source: AsyncIterable<Item>,
  trouble: (error: NodeJS.ErrnoException) => void,
): AsyncGenerator<Item> {
  const items = source[Symbol.asyncIterator]();
  for (;;) {
    const next = await items.next().catch((error: NodeJS.ErrnoException) => error);
    if (next instanceof Error) return trouble(next);
    if (next.done) return;
    yield next.value;
  }
}

function codeOf(error: NodeJS.ErrnoException): string {
  return error.code ?? error.message;
}

/** Decides by its first bytes whether a file is a mailbox. */
class Feed {
  readonly #name: string;
  readonly #visitor: Visitor;
  #head: Buffer = Buffer.alloc(0);
  #sink: MessageSink | undefined;

  constructor(name: string, visitor: Visitor) {
    this.#name = name;
    this.#visitor = visitor;
  }

  async write(piece: Buffer): Promise<void> {
    if (this.#sink !== undefined) return this.#sink.write(piece);
    this.#head = Buffer.concat([this.#head, piece]);
    if (this.#head.length >= MBOX_HEAD) await this.#begin();
  }

  async end(): Promise<void> {
    if (this.#sink === undefined) await this.#begin();
    await this.#sink!.end();
  }

  discard(): void {
    this.#sink?.discard();
  }

  async #begin(): Promise<void> {
    const isMbox = startsLikeMbox(this.#head);
    this.#sink = isMbox
      ? new MboxSplitter((number) => this.#visitor.begin(`${this.#name}#${number}`))
      : this.#visitor.begin(this.#name);
    await this.#sink.write(this.#head);
  }
}
