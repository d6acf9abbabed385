/**
 * A child's whole input in a file without a name. It is in place before the child runs, and goes with the last process
 * that has it open. How far the child came shows in the position in the file, which it shares with us.
 *
 * On plain Node this is how a message is handed over; where the process lives long, on Bun too: Bun's own memory
 * files stay open until they are collected, and which of them is whose can only be guessed from their sizes.
 */
import { closeSync, constants, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
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
 */
export function spawnFromFile(
  argv: readonly [string, ...string[]],
  input: Uint8Array,
  platform: Pick<Platform, 'spawnReading'>,
): Child & Taker {
  const files = [newFile(input)];
  let child: Child;
  try {
    files.push(newFile(new Uint8Array()));
    child = platform.spawnReading(argv, files[0]!, files[1]!);
  } catch (error) {
    for (const file of files) closeSync(file);
    throw error;
  }
  const [given, words] = files as [number, number];
  const whole = child.exited.then((end) => {
    const took = readSync(given, new Uint8Array(1), 0, 1, null) === 0;
    const said = end.code === 0 ? '' : beginningOf(words);
    for (const file of files) closeSync(file);
    return { end: { ...end, said }, took };
  });
  return {
    ...child,
    exited: whole.then(({ end }) => end),
    tookAll: async () => (await whole).took,
  };
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
    // Positions are given, so that the file's own position, which the child inherits, stays at 0.
    let done = 0;
    while (done < bytes.length) done += writeSync(file, bytes, done, bytes.length - done, done);
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}
