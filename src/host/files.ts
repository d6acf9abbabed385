// What the shared code asks of a file system. The native host and Node each have one.

/** One character (U+0000 to U+00FF) a byte: paths and arguments need not be UTF-8. */
export type ByteString = string;

export enum FileKind {
  Missing,
  Directory,
  Regular,
  Other,
  /** It could not be looked at: `error` says why. */
  Unknown,
}

export class FileStatus {
  constructor(
    readonly kind: FileKind,
    readonly owner: number,
    /** The system's name of the error (`EACCES`), or ''. */
    readonly error: string,
  ) {}
}

/** A file's bytes, at most one more than the limit that was asked for; null where it could not be read. */
export class FileContent {
  constructor(
    readonly bytes: Uint8Array | null,
    /** `ENOENT`, `EACCES`, `EISDIR`, …; IRREGULAR for a FIFO, a device or a socket; '' where there are bytes. */
    readonly error: string,
  ) {}
}

/** Stands for a system's error where there is a file and it is neither regular nor a directory. */
export const IRREGULAR: string = 'irregular';

/** Symbolic links are followed everywhere. */
export abstract class Files {
  abstract status(path: ByteString): FileStatus;

  /** Reads a regular file; anything else is not even opened: a FIFO would block the delivery, a device do who knows what. */
  abstract read(path: ByteString, limit: i32): FileContent;

  /** Whether we may run it. */
  abstract isExecutable(path: ByteString): boolean;

  /** Bytes that we may still write to the file system of a directory; -1 where that is not known. */
  abstract freeBytes(path: ByteString): number;

  /** The effective user; -1 where the system has none. */
  abstract get user(): number;
}
