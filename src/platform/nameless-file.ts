/**
 * A child's whole input in a file without a name. It is in place before the child runs, and goes with the last process
 * that has it open. How far the child came shows in the position in the file, which it shares with us.
 *
 * A runtime's own ways to give a child its input are pipes, or become pipes where something is short; and what a pipe
 * still holds when we die, or when it fails, looks whole to the child.
 */
import { closeSync, constants, ftruncateSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { type Child, NoRoomError, type Platform, SAID_LIMIT, type Taker } from './platform.ts';

/** Linux's O_TMPFILE, which Node does not name: a file that never has a name, whose creation nothing can interrupt. */
const O_TMPFILE = 0o20200000;

/**
 * Where Linux keeps files in memory, everybody's as /tmp is. At hundreds of messages a second a quarter of what the
 * service did was making and dropping files on a disk.
 */
const MEMORY = '/dev/shm';

const NOTHING = new Uint8Array();

/**
 * `Platform.spawn` by means of a file.
 *
 * What the child complains of goes into such a file too, and is only read where it failed: a pipe for words that are
 * hardly ever said would cost more than all else here, and a grandchild that outlives the child may go on writing.
 *
 * @param spare where files for the input come from and go to, in a process that has many children
 */
export function spawnFromFile(
  argv: readonly [string, ...string[]],
  input: Uint8Array,
  platform: Pick<Platform, 'spawnReading'>,
  spare?: SpareFiles,
): Child & Taker {
  const lent = spare?.lend(input);
  const given = lent?.given ?? newFile(input);
  const files = [given];
  const close = (isReadAndDone: boolean) => {
    files.forEach(giveUp);
    if (lent !== undefined) spare?.takeBack(lent, isReadAndDone);
  };
  let words: number;
  let child: Child;
  try {
    words = newFile(NOTHING);
    files.push(words);
    child = platform.spawnReading(argv, given, words);
  } catch (error) {
    close(false);
    throw error;
  }
  const whole = child.exited.then((end) => {
    const took = isAtEnd(given);
    const said = end.code === 0 ? '' : beginningOf(words);
    close(took === true && end.code === 0);
    return { end: { ...end, said }, took };
  });
  return {
    ...child,
    exited: whole.then(({ end }) => end),
    tookAll: async () => (await whole).took,
  };
}

/**
 * Files that held the input of one child, for that of another: to find memory for a file costs more than to write it.
 *
 * A child gets a view of its own, with its own position, and only if it has read all and said that all is well does
 * its file come back: whatever it left running has come to the end of its input.
 */
export class SpareFiles {
  readonly #spare: SpareFile[] = [];

  /**
   * @returns a file that holds these bytes; undefined where files cannot be opened a second time, or the spare one had
   * no room. Throws the system's error where there is no room at all.
   */
  lend(bytes: Uint8Array): LentFile | undefined {
    if (process.platform !== 'linux') return undefined;
    const spare = this.#spare.pop();
    const descriptor = spare?.descriptor ?? newFile(bytes);
    try {
      if (spare !== undefined) overwrite(spare, bytes);
      const given = openSync(`/proc/self/fd/${descriptor}`, constants.O_RDONLY);
      return { given, descriptor, size: bytes.length };
    } catch {
      // A new one may find room elsewhere; and there may be no /proc.
      giveUp(descriptor);
      return undefined;
    }
  }

  /** @param isReadAndDone whether its child has read all of it and has ended well; `given` is closed already */
  takeBack({ descriptor, size }: LentFile, isReadAndDone: boolean): void {
    if (isReadAndDone) this.#spare.push({ descriptor, size });
    else giveUp(descriptor);
  }

  /** Closes those that are not lent. */
  drop(): void {
    for (const { descriptor } of this.#spare.splice(0)) giveUp(descriptor);
  }
}

interface SpareFile {
  /** Ours, for writing. */
  readonly descriptor: number;
  readonly size: number;
}

interface LentFile extends SpareFile {
  /** The child's view of it, at position 0. */
  readonly given: number;
}

/** Whether the position in a file is its end; undefined where that cannot be seen. The child has ended: nothing may fail now. */
function isAtEnd(file: number): boolean | undefined {
  try {
    return readSync(file, new Uint8Array(1), 0, 1, null) === 0;
  } catch {
    return undefined;
  }
}

function beginningOf(file: number): string {
  try {
    const bytes = Buffer.alloc(SAID_LIMIT);
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, SAID_LIMIT, 0));
  } catch {
    return '';
  }
}

/** Closes a file in which nothing is of use any more. */
function giveUp(file: number): void {
  try {
    closeSync(file);
  } catch {
    // The descriptor is free all the same.
  }
}

/** @returns the descriptor of a file that holds these bytes and whose position is 0 */
function newFile(bytes: Uint8Array): number {
  try {
    return anyFile(bytes);
  } catch (error) {
    throw new NoRoomError(error);
  }
}

function anyFile(bytes: Uint8Array): number {
  for (const directory of process.platform === 'linux' ? [MEMORY, tmpdir()] : []) {
    try {
      return holding(bytes, openSync(directory, constants.O_RDWR | O_TMPFILE, 0o600));
    } catch {
      // It is not there, is full, or its file system cannot do it.
    }
  }
  const path = `${tmpdir()}/mlmmj-amime-${process.pid}-${process.hrtime.bigint()}`;
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
  unlinkSync(path);
  return holding(bytes, file);
}

function holding(bytes: Uint8Array, file: number): number {
  try {
    write(file, bytes);
    return file;
  } catch (error) {
    giveUp(file);
    throw error;
  }
}

function overwrite({ descriptor, size }: SpareFile, bytes: Uint8Array): void {
  write(descriptor, bytes);
  if (bytes.length < size) ftruncateSync(descriptor, bytes.length);
}

/** Positions are given, so that the file's own position, which the child inherits, stays at 0. */
function write(file: number, bytes: Uint8Array): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(file, bytes, done, bytes.length - done, done);
}
