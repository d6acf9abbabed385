/**
 * A child's whole input in a file without a name. It is in place before the child runs, and goes with the last process
 * that has it open. How far the child came shows in the position in the file, which it shares with us.
 *
 * On plain Node this is how a message is handed over; where the process lives long, on Bun too: Bun's own memory
 * files stay open until they are collected, and which of them is whose can only be guessed from their sizes.
 */
import { closeSync, constants, ftruncateSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { type Child, type Platform, SAID_LIMIT, type Taker } from './platform.ts';

/** Linux's O_TMPFILE, which Node does not name: a file that never has a name, whose creation nothing can interrupt. */
const O_TMPFILE = 0o20200000;

/**
 * Where Linux keeps files in memory, everybody's as /tmp is. At hundreds of messages a second a quarter of what the
 * service did was making and dropping files on a disk.
 */
const MEMORY = '/dev/shm';

/**
 * `Platform.spawn` by means of a file. Throws the system's error where the file cannot be written.
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
  const given = spare?.holding(input) ?? newFile(input);
  const files = [given];
  let child: Child;
  try {
    files.push(newFile(new Uint8Array()));
    child = platform.spawnReading(argv, given, files[1]!);
  } catch (error) {
    for (const file of files) closeSync(file);
    spare?.giveUp(given);
    throw error;
  }
  const words = files[1]!;
  const whole = child.exited.then((end) => {
    const took = readSync(given, new Uint8Array(1), 0, 1, null) === 0;
    const said = end.code === 0 ? '' : beginningOf(words);
    for (const file of files) closeSync(file);
    if (took && end.code === 0) spare?.takeBack(given);
    else spare?.giveUp(given);
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
  /** By the descriptor that the child was given. */
  readonly #lent = new Map<number, SpareFile>();

  /** @returns as `newFile` does; undefined where files cannot be opened a second time */
  holding(bytes: Uint8Array): number | undefined {
    if (process.platform !== 'linux') return undefined;
    const file = this.#spare.pop();
    if (file === undefined) return this.#lend({ descriptor: newFile(bytes), size: bytes.length });
    try {
      write(file.descriptor, bytes);
      if (bytes.length < file.size) ftruncateSync(file.descriptor, bytes.length);
    } catch {
      // No room where it is: a new one may find some elsewhere.
      closeSync(file.descriptor);
      return undefined;
    }
    return this.#lend({ ...file, size: bytes.length });
  }

  /** The child has ended, and nobody reads its input any more. */
  takeBack(given: number): void {
    const file = this.#lent.get(given);
    if (file !== undefined) this.#spare.push(file);
    this.#lent.delete(given);
  }

  /** Nobody knows who may read it. */
  giveUp(given: number): void {
    const file = this.#lent.get(given);
    if (file !== undefined) closeSync(file.descriptor);
    this.#lent.delete(given);
  }

  /** Closes those that are not lent. */
  drop(): void {
    for (const { descriptor } of this.#spare.splice(0)) closeSync(descriptor);
  }

  #lend(file: SpareFile): number | undefined {
    let given: number;
    try {
      given = openSync(`/proc/self/fd/${file.descriptor}`, constants.O_RDONLY);
    } catch {
      // There is no /proc.
      closeSync(file.descriptor);
      return undefined;
    }
    this.#lent.set(given, file);
    return given;
  }
}

interface SpareFile {
  /** Ours, for writing. */
  readonly descriptor: number;
  readonly size: number;
}

function beginningOf(file: number): string {
  const bytes = Buffer.alloc(SAID_LIMIT);
  return bytes.toString('utf8', 0, readSync(file, bytes, 0, SAID_LIMIT, 0));
}

/** @returns the descriptor of a file that holds these bytes and whose position is 0 */
function newFile(bytes: Uint8Array): number {
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
    closeSync(file);
    throw error;
  }
}

/** Positions are given, so that the file's own position, which the child inherits, stays at 0. */
function write(file: number, bytes: Uint8Array): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(file, bytes, done, bytes.length - done, done);
}
