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
    /** `ENOENT`, `EACCES`, …; `irregular` for what is no regular file; '' where there are bytes. */
    readonly error: string,
  ) {}
}

export abstract class Files {
  abstract status(path: ByteString): FileStatus;

  /** Reads a regular file; anything else (a FIFO would block the delivery) is not opened for reading. */
  abstract read(path: ByteString, limit: i32): FileContent;

  /** Whether we may run it. */
  abstract isExecutable(path: ByteString): boolean;

  /** The effective user. */
  abstract get user(): number;
}
