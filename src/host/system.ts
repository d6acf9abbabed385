// What the native host gives to the shared code; only asc takes this file. Addresses are in the shared code's memory; paths,
// arguments and the like are bytes, here one character each.
import { bytesOf, latin1 } from '../mime/bytes.ts';
import { Source } from '../mime/source.ts';
import { ByteString, FileContent, FileKind, FileStatus, Files, IRREGULAR } from './files.ts';

/** Each writes as many bytes as there is room for, and returns how many there were, or -1 where there is none. */
declare function argument(index: i32, address: usize, capacity: i32): i32;
declare function variable(name: usize, length: i32, address: usize, capacity: i32): i32;
declare function version(address: usize, capacity: i32): i32;
/** Of the last call that failed. */
declare function errorName(address: usize, capacity: i32): i32;

declare function isTerminal(): bool;
declare function user(): f64;
/** Returns a FileKind. */
declare function lookAt(path: usize, length: i32): i32;
/** Of the file that was looked at last. */
declare function owner(): f64;
/** Reads the beginning of a regular file: returns how many bytes, or one of the failures below. */
declare function readFile(path: usize, length: i32, address: usize, capacity: i32): i32;
declare function isExecutable(path: usize, length: i32): bool;
declare function freeBytes(path: usize, length: i32): f64;

/** Reads the message: returns how many bytes, or -1 where that fails. */
declare function readMessage(offset: f64, address: usize, length: i32): i32;

const IS_NO_REGULAR_FILE: i32 = -2;

export function programArguments(): ByteString[] {
  const all: ByteString[] = [];
  let length = argument(0, 0, 0);
  while (length >= 0) {
    const bytes = new Uint8Array(length);
    argument(all.length, bytes.dataStart, length);
    all.push(latin1(bytes, 0, length));
    length = argument(all.length, 0, 0);
  }
  return all;
}

/** Null where it is not set. */
export function environmentVariable(name: string): ByteString | null {
  const bytes = bytesOf(name);
  const length = variable(bytes.dataStart, bytes.length, 0, 0);
  if (length < 0) return null;
  const value = new Uint8Array(length);
  variable(bytes.dataStart, bytes.length, value.dataStart, length);
  return latin1(value, 0, length);
}

export function programVersion(): string {
  const bytes = new Uint8Array(32);
  return latin1(bytes, 0, min(version(bytes.dataStart, bytes.length), bytes.length));
}

export function inputIsTerminal(): bool {
  return isTerminal();
}

function lastError(): string {
  const bytes = new Uint8Array(32);
  return latin1(bytes, 0, min(errorName(bytes.dataStart, bytes.length), bytes.length));
}

/** The message as it was spooled. */
export class SpooledMessage extends Source {
  private hasFailed: bool = false;

  constructor(private readonly length: f64) {
    super();
  }

  get size(): f64 {
    return this.length;
  }

  get failed(): bool {
    return this.hasFailed;
  }

  read(offset: f64, into: Uint8Array): i32 {
    const length = readMessage(offset, into.dataStart, into.length);
    if (length < 0) this.hasFailed = true;
    return max(length, 0);
  }
}

/** Bytes. Most files of a list are shorter; one that is not is read a second time. */
const FIRST_READ: i32 = 2048;

export class NativeFiles extends Files {
  status(path: ByteString): FileStatus {
    const bytes = bytesOf(path);
    const kind = lookAt(bytes.dataStart, bytes.length) as FileKind;
    if (kind === FileKind.Missing || kind === FileKind.Unknown) return new FileStatus(kind, -1, lastError());
    return new FileStatus(kind, owner(), '');
  }

  read(path: ByteString, limit: i32): FileContent {
    const bytes = bytesOf(path);
    let content = new Uint8Array(min(limit + 1, FIRST_READ));
    let length = readFile(bytes.dataStart, bytes.length, content.dataStart, content.length);
    if (length === content.length && length <= limit) {
      content = new Uint8Array(limit + 1);
      length = readFile(bytes.dataStart, bytes.length, content.dataStart, content.length);
    }
    if (length === IS_NO_REGULAR_FILE) return new FileContent(null, IRREGULAR);
    if (length < 0) return new FileContent(null, lastError());
    return new FileContent(content.subarray(0, length), '');
  }

  isExecutable(path: ByteString): bool {
    const bytes = bytesOf(path);
    return isExecutable(bytes.dataStart, bytes.length);
  }

  freeBytes(path: ByteString): f64 {
    const bytes = bytesOf(path);
    return freeBytes(bytes.dataStart, bytes.length);
  }

  get user(): f64 {
    return user();
  }
}
