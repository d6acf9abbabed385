// The file system as Node has it.
import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  type Stats,
  statfsSync,
  statSync,
} from 'node:fs';
import { type ByteString, FileContent, FileKind, FileStatus, Files, IRREGULAR } from './files.ts';

/** Opening never waits, and never makes a terminal ours: what stands at the path may have changed since it was looked at. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

export class NodeFiles extends Files {
  status(path: ByteString): FileStatus {
    try {
      const stats = statSync(pathBytes(path), { throwIfNoEntry: false });
      return stats === undefined
        ? new FileStatus(FileKind.Missing, -1, 'ENOENT')
        : new FileStatus(kindOf(stats), stats.uid, '');
    } catch (error) {
      return new FileStatus(FileKind.Unknown, -1, errorName(error));
    }
  }

  read(path: ByteString, limit: number): FileContent {
    try {
      const bytes = pathBytes(path);
      const stats = statSync(bytes, { throwIfNoEntry: false });
      if (stats === undefined) return new FileContent(null, 'ENOENT');
      const refusal = unreadableKind(stats);
      return refusal === '' ? readRegularFile(bytes, limit) : new FileContent(null, refusal);
    } catch (error) {
      return new FileContent(null, errorName(error));
    }
  }

  isExecutable(path: ByteString): boolean {
    try {
      accessSync(pathBytes(path), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  }

  freeBytes(path: ByteString): number {
    try {
      const { bavail, bsize } = statfsSync(pathBytes(path));
      return bavail * bsize;
    } catch {
      return -1;
    }
  }

  get user(): number {
    return process.geteuid?.() ?? -1;
  }
}

function readRegularFile(path: Buffer, limit: number): FileContent {
  const fd = openSync(path, OPEN_FLAGS);
  try {
    const stats = fstatSync(fd);
    const refusal = unreadableKind(stats);
    if (refusal !== '') return new FileContent(null, refusal);
    // Files in /proc and the like are larger than they say.
    const bytes = new Uint8Array(Math.min(limit + 1, Math.max(stats.size + 1, 4096)));
    return new FileContent(readAll(fd, bytes, limit + 1), '');
  } finally {
    closeSync(fd);
  }
}

function readAll(fd: number, memory: Uint8Array, limit: number): Uint8Array {
  let bytes = memory;
  let length = 0;
  for (;;) {
    const count = readSync(fd, bytes, length, bytes.length - length, null);
    length += count;
    if (count === 0 || length === limit) return bytes.subarray(0, length);
    if (length === bytes.length) {
      const larger = new Uint8Array(Math.min(limit, 2 * length));
      larger.set(bytes);
      bytes = larger;
    }
  }
}

/** A string would be written to the system in UTF-8, and be another path. */
function pathBytes(path: ByteString): Buffer {
  return Buffer.from(path, 'latin1');
}

function kindOf(stats: Stats): FileKind {
  if (stats.isDirectory()) return FileKind.Directory;
  return stats.isFile() ? FileKind.Regular : FileKind.Other;
}

/** As a system error; '' for what can be read. */
function unreadableKind(stats: Stats): string {
  if (stats.isDirectory()) return 'EISDIR';
  return stats.isFile() ? '' : IRREGULAR;
}

function errorName(error: unknown): string {
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string') return 'error';
  // A path with a NUL is refused by Node before the system sees it.
  return code === 'ERR_INVALID_ARG_VALUE' ? 'EINVAL' : code;
}
