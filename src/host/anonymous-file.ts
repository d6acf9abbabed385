// Files without a name: they are gone with the last process that has them open, whatever that one dies of.
import { closeSync, constants, openSync, unlinkSync, writeSync } from 'node:fs';

/** Linux's O_TMPFILE, which Node does not name: a file that never has a name. */
const O_TMPFILE = 0o20200000;

/** Where Linux keeps files in memory. */
export const MEMORY_DIRECTORY = '/dev/shm';

/**
 * A file for reading and writing, in the first of some directories that can have one.
 *
 * @returns its descriptor. @throws the system's error, of the last directory
 */
export function openAnonymousFile(directories: readonly string[]): number {
  let trouble: unknown;
  for (const directory of directories) {
    try {
      return openIn(directory);
    } catch (error) {
      trouble = error;
    }
  }
  throw trouble;
}

function openIn(directory: string): number {
  if (process.platform === 'linux') {
    try {
      return openSync(directory, constants.O_RDWR | O_TMPFILE, 0o600);
    } catch {
      // Some file systems cannot do it.
    }
  }
  const path = `${directory}/.amime-${process.pid}-${process.hrtime.bigint()}`;
  const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
  unlinkSync(path);
  return fd;
}

/** Positions are given, so that the file's own position, which a child inherits, stays at 0. @throws the system's error */
export function writeAt(fd: number, bytes: Uint8Array, position: number): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(fd, bytes, done, bytes.length - done, position + done);
}

/** Closes a file in which nothing is of use any more. */
export function closeQuietly(fd: number): void {
  try {
    closeSync(fd);
  } catch {
    // The descriptor is free all the same.
  }
}
