/**
 * Posts as they go out, each in a file without a name that is mlmmj-receive's standard input. It holds the whole post
 * before mlmmj-receive is started, and goes with the last process that has it open: whatever dies and when, half a post
 * cannot be taken for a whole one. How far mlmmj-receive came shows in the position in the file, which it shares with us.
 */
import { closeSync, constants, ftruncateSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { closeQuietly, MEMORY_DIRECTORY, openAnonymousFile, writeAt } from '../host/anonymous-file.ts';
import { Outgoing } from '../insert/outgoing.ts';
import type { Plan } from '../insert/plan.ts';
import type { Source } from '../mime/source.ts';
import { IN_MEMORY } from './spooled-message.ts';
import { storageFailure } from './storage.ts';
import type { Turns } from './turns.ts';

/** Bytes that are read and written at a time. Used by one post at a time, as it is emptied before the next turn. */
const PIECE = Buffer.allocUnsafeSlow(131_072);

export interface OutgoingFile {
  /** At position 0. */
  readonly fd: number;

  /** Closes it. @param isTaken whether the child has read all of it and has ended well */
  close(isTaken: boolean): void;
}

/** How much of a post is to be in the file, and what it is made from. */
export interface OutgoingPost {
  readonly source: Source;
  readonly plan: Plan;
  readonly length: number;
}

/**
 * Files that held one post, for another: to find memory for a file costs more than to write it; at hundreds of messages a
 * second, making and dropping files was a quarter of what the service did.
 *
 * A child gets a view of its own, with its own position, and only if it has read all and ended well does its file come
 * back: whatever it left running has come to the end of its input.
 */
export class OutgoingFiles {
  readonly #spare: SpareFile[] = [];

  /**
   * @param listDirectory where a post lies that is too large for memory: mlmmj-receive will need as much room there
   * @returns null where the post could not be made as it was planned. @throws DeliveryFailure where there is no room
   */
  async write(post: OutgoingPost, listDirectory: string, turns: Turns): Promise<OutgoingFile | null> {
    if (post.length > IN_MEMORY) return writeFirst([listDirectory, tmpdir()], post, turns);
    if (process.platform !== 'linux') return writeFirst([tmpdir()], post, turns);
    const fd = this.#spare.length > 0 ? this.#reuse(post) : null;
    return fd ?? this.#writeSmall(post, turns);
  }

  /** Closes those that nobody uses. */
  closeSpare(): void {
    for (const { fd } of this.#spare.splice(0)) closeQuietly(fd);
  }

  async #writeSmall(post: OutgoingPost, turns: Turns): Promise<OutgoingFile | null> {
    const file = await writeFirst([MEMORY_DIRECTORY, tmpdir()], post, turns);
    return file === null ? null : (this.#lend({ fd: file.fd, size: post.length }) ?? file);
  }

  /** Null where it has no room: a new one may find some elsewhere. */
  #reuse(post: OutgoingPost): OutgoingFile | null {
    const { fd, size } = this.#spare.pop()!;
    try {
      if (writePiecewise(fd, post)) {
        if (post.length < size) ftruncateSync(fd, post.length);
        const file = this.#lend({ fd, size: post.length });
        if (file !== null) return file;
      }
    } catch {
      // Closed below.
    }
    closeQuietly(fd);
    return null;
  }

  /** Null where a file cannot be opened a second time: there may be no /proc. */
  #lend(file: SpareFile): OutgoingFile | null {
    let view: number;
    try {
      view = openSync(`/proc/self/fd/${file.fd}`, constants.O_RDONLY);
    } catch {
      return null;
    }
    return {
      fd: view,
      close: (isTaken) => {
        closeQuietly(view);
        if (isTaken) this.#spare.push(file);
        else closeQuietly(file.fd);
      },
    };
  }
}

/**
 * A file for what a child complains of, which is only read where it failed: a pipe for words that are hardly ever said
 * would cost more than all else here, and what outlives the child may go on writing.
 *
 * @throws DeliveryFailure
 */
export function openStderrFile(): number {
  try {
    return openAnonymousFile(process.platform === 'linux' ? [MEMORY_DIRECTORY, tmpdir()] : [tmpdir()]);
  } catch (error) {
    throw storageFailure('to hand the message over', error);
  }
}

interface SpareFile {
  /** Ours, for writing. */
  readonly fd: number;
  readonly size: number;
}

/** Writes the post into a file in the first of some directories that has room for it. */
async function writeFirst(
  directories: readonly string[],
  post: OutgoingPost,
  turns: Turns,
): Promise<OutgoingFile | null> {
  let trouble: unknown;
  for (const directory of directories) {
    let fd = -1;
    try {
      fd = openAnonymousFile([directory]);
      if (await writeInTurns(fd, post, turns)) return { fd, close: () => closeSync(fd) };
      closeQuietly(fd);
      return null;
    } catch (error) {
      if (fd >= 0) closeQuietly(fd);
      if (turns.areOver) throw error;
      trouble = error;
    }
  }
  throw storageFailure('to hand the message over', trouble);
}

/** Whether all of it is there. @throws the system's error */
async function writeInTurns(fd: number, post: OutgoingPost, turns: Turns): Promise<boolean> {
  const writer = new PostWriter(fd, post);
  while (writer.step()) await turns.next();
  return writer.isWhole;
}

/** The same, without a turn for others: for posts that are small. */
function writePiecewise(fd: number, post: OutgoingPost): boolean {
  const writer = new PostWriter(fd, post);
  while (writer.step());
  return writer.isWhole;
}

class PostWriter {
  readonly #fd: number;
  readonly #length: number;
  readonly #outgoing: Outgoing;
  #written = 0;
  /** Our own code threw. */
  #isBroken = false;

  constructor(fd: number, { source, plan, length }: OutgoingPost) {
    this.#fd = fd;
    this.#length = length;
    this.#outgoing = new Outgoing(source, plan);
  }

  /** Nothing is missing, and nothing is there that was not planned. */
  get isWhole(): boolean {
    return !this.#isBroken && !this.#outgoing.failed && this.#written === this.#length;
  }

  /** @returns whether there is more. @throws the system's error */
  step(): boolean {
    let filled = 0;
    let count = 1;
    while (count > 0 && filled < PIECE.length) {
      count = this.#read(PIECE.subarray(filled));
      filled += count;
    }
    if (filled > 0) writeAt(this.#fd, PIECE.subarray(0, filled), this.#written);
    this.#written += filled;
    return count > 0;
  }

  #read(into: Uint8Array): number {
    try {
      return this.#outgoing.read(into);
    } catch {
      this.#isBroken = true;
      return 0;
    }
  }
}
