/**
 * A child's whole input in a file without a name. It is in place before the child runs, and goes with the last process
 * that has it open. How far the child came shows in the position in the file, which it shares with us.
 *
 * On plain Node this is how a message is handed over; where the process lives long, on Bun too: Bun's own memory
 * files stay open until they are collected, and which of them is whose can only be guessed from their sizes.
 */
import { closeSync, constants, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Child, Platform, Taker } from './platform.ts';

/** Linux's O_TMPFILE, which Node does not name: a file that never has a name, whose creation nothing can interrupt. */
const O_TMPFILE = 0o20200000;

/** `Platform.spawn` by means of a file. Throws the system's error where the file cannot be written. */
export function spawnFromFile(
  argv: readonly [string, ...string[]],
  input: Uint8Array,
  platform: Pick<Platform, 'spawnReading'>,
): Child & Taker {
  const file = openNameless();
  let child: Child;
  try {
    // Positions are given, so that the file's own position, which the child inherits, stays at 0.
    let done = 0;
    while (done < input.length) done += writeSync(file, input, done, input.length - done, done);
    child = platform.spawnReading(argv, file);
  } catch (error) {
    closeSync(file);
    throw error;
  }
  const took = child.exited.then(() => {
    const left = readSync(file, new Uint8Array(1), 0, 1, null);
    closeSync(file);
    return left === 0;
  });
  return { ...child, tookAll: () => took };
}

function openNameless(): number {
  const directory = tmpdir();
  if (process.platform === 'linux') {
    try {
      return openSync(directory, constants.O_RDWR | O_TMPFILE, 0o600);
    } catch {
      // This file system cannot do it.
    }
  }
  const path = `${directory}/mlmmj-amime-${process.pid}-${process.hrtime.bigint()}`;
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
  unlinkSync(path);
  return file;
}
