/**
 * What this program asks of the runtime it runs on. Two twins answer: `bun.ts` for the compiled executable,
 * `node.ts` for plain Node. The executable is started once per message, and there each of Node's modules costs
 * start-up time, `node:child_process` about 4 ms; Bun's own calls cost a tenth of that. That price is the only reason
 * for this seam. `node:fs` costs about 1 ms, and is paid for: no other way gives a child its input in a file that
 * surely is one (see `nameless-file.ts`). Nothing outside this folder and the commands that people type imports it.
 */
export interface Platform {
  /** The message on standard input, in pieces of any size. A piece is only valid until the next one is asked for. */
  input(): AsyncIterable<Uint8Array>;

  /**
   * Reads at most `limit + 1` bytes of a file: a result longer than `limit` tells the caller that the file is
   * too large without ever holding it. Rejects with the system's error (`code` is `ENOENT`, `EACCES`, `EISDIR`, …).
   */
  readFile(path: string, limit: number): Promise<Uint8Array>;

  /** What stands at a path, symbolic links followed. Rejects with the system's error. */
  stat(path: string): Promise<FileStatus>;

  /**
   * Starts a program (absolute path first) that finds `input` as its whole standard input. All of it is in place
   * before the program runs (a file without a name, never a pipe), so that it is read to its end even if this process
   * dies in between. Throws a `NoRoomError` where there is no such file to be had. Throws the system's error, or
   * reports it as the child's `failure`, where the program cannot be started.
   */
  spawn(argv: readonly [string, ...string[]], input: Uint8Array): Child & Taker;

  /**
   * Starts a program with two ways in: `control` on its standard input and `channel` on its descriptor 3. Both
   * are for messages that do not fit in memory (see `transport/guard.ts`).
   */
  spawnWithChannel(argv: readonly [string, ...string[]]): Child & { control: Sink; channel: Channel };

  /** Starts a program that holds another's channel open on its own descriptor 3 and listens on its standard input. */
  spawnHolding(argv: readonly [string, ...string[]], channel: Channel | undefined): Child & { control: Sink };

  /**
   * Starts a program that has open files of ours as its standard input and its standard error. Our copies stay open,
   * and ours to close; what it said there is not in its `ChildEnd`.
   */
  spawnReading(argv: readonly [string, ...string[]], input: number, words: number): Child;

  /** Says that this process will live long, so that code is worth compiling that the executable's first messages are not. */
  settleIn?(): void;

  /**
   * Gives the memory of these bytes back now, where the runtime lets one, and not when it comes to collect garbage:
   * what has just been freed is the memory that costs least to use. They, and all other views of it, are empty then.
   */
  free?(bytes: Uint8Array): void;

  /**
   * Gives back memory that is not needed now, where the runtime lets one ask; it takes some 10 ms.
   * @param thoroughly also what would have to be made anew for the next message: for a service that has nothing to do
   */
  tidy?(thoroughly: boolean): void;

  /** Writes bytes to standard output (1) or standard error (2); resolves once they are out. Rejects with `EPIPE` and the like. */
  write(fd: 1 | 2, bytes: Uint8Array): Promise<void>;
}

export interface FileStatus {
  readonly isDirectory: boolean;
  readonly isFile: boolean;
  /** Owner's numeric user id. */
  readonly uid: number;
  readonly size: number;
}

/** A running child. */
export interface Child {
  /** 0 where it could not be started. */
  readonly pid: number;

  /** Sends a signal; nothing happens where the child has already ended. */
  kill(signal: 'SIGSTOP' | 'SIGTERM' | 'SIGKILL'): void;

  /** Settles once, when the child has ended. Never rejects. */
  readonly exited: Promise<ChildEnd>;
}

/** A child that was given a whole message. */
export interface Taker {
  /**
   * Whether the child, which has ended, had read all it was given; `undefined` where the system cannot say. A
   * program may well exit 0 without having looked at its input, and that is no delivery.
   */
  tookAll(): Promise<boolean | undefined>;
}

/** The writing end of a pipe. */
export interface Sink {
  /**
   * Resolves once the bytes may be reused and there is room for more (back-pressure); to false where nobody reads
   * any more. That is no error here: how the reader *ended* tells why (see `Child.exited`).
   */
  write(bytes: Uint8Array): Promise<boolean>;

  /** Closes it: the reader finds the end of its input, unless another process holds the pipe open too. */
  end(): Promise<void>;
}

/** A sink that another process can be given a copy of. `handle` is the twin's own. */
export interface Channel extends Sink {
  readonly handle: unknown;
}

/** There is no room for what a child was to be given: the child has not been started. */
export class NoRoomError extends Error {
  override readonly name = 'NoRoomError';
  /** The system's: `ENOSPC`, `EMFILE`, … */
  readonly code: string;

  constructor(cause: unknown) {
    const code = (cause as { code?: string }).code ?? 'unknown error';
    super(`a file for a child's input cannot be written (${code})`, { cause });
    this.code = code;
  }
}

/** How long after a child's end its standard error may stay open: a grandchild that inherited it is not waited for. */
export const SAID_GRACE_MS = 200;

/** Bytes: how much of a child's complaints is kept. The rest is dropped, so that it never waits for us. */
export const SAID_LIMIT = 4096;

export interface ChildEnd {
  readonly code: number | null;
  readonly signal: string | null;
  /** The first 4 KiB of what it said on standard error, as text. */
  readonly said: string;
  /** Set, with `code` and `signal` null, where the system refused to start the program. */
  readonly failure?: Error;
}
