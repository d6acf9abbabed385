/**
 * What this program asks of the runtime it runs on. Two twins answer: `bun.ts` for the compiled executable,
 * `node.ts` for plain Node. The executable is started once per message, and there `node:fs` costs about 1 ms and
 * `node:child_process` about 4 ms of start-up; Bun's own calls cost a tenth of that. That price is the only
 * reason for this seam: nothing outside this folder and the commands that people type imports `node:fs`.
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

  /** Starts a program (absolute path first). Rejects or throws with the system's error where it cannot be started. */
  spawn(argv: readonly [string, ...string[]]): Child;

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

/** A running child whose standard input is ours to fill. */
export interface Child {
  readonly pid: number;

  /**
   * Hands bytes to the child; resolves once they may be reused and there is room for more (back-pressure).
   * A child that no longer reads is no error here: how it *ended* decides (see `exited`), so EPIPE is swallowed.
   */
  write(bytes: Uint8Array): Promise<void>;

  /** Ends the child's standard input. mlmmj-receive takes that as "the message is complete". */
  end(): Promise<void>;

  kill(signal: 'SIGSTOP' | 'SIGTERM' | 'SIGKILL'): void;

  /** Settles once, when the child has ended and its standard error is read. Never rejects. */
  readonly exited: Promise<ChildEnd>;
}

export interface ChildEnd {
  readonly code: number | null;
  readonly signal: string | null;
  /** The first 4 KiB of what it said on standard error and standard output, as text. */
  readonly said: string;
}
