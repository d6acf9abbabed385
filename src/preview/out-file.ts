import { closeSync, constants, fstatSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { PreviewProblem } from './problem.ts';

/**
 * A file that is written piece by piece; `-` is standard output.
 *
 * @throws PreviewProblem where it cannot be written; the system's own error (EPIPE) where a reader has seen enough
 */
export class OutFile {
  readonly #name: string;
  readonly #fd: number;

  constructor(path: string) {
    this.#name = path === '-' ? 'standard output' : path;
    this.#fd = attempt(this.#name, () => (path === '-' ? 1 : open(path)));
  }

  write(bytes: Uint8Array): void {
    attempt(this.#name, () => {
      for (let at = 0; at < bytes.length; ) at += writeSome(this.#fd, bytes, at);
    });
  }

  end(): void {
    if (this.#fd !== 1) closeSync(this.#fd);
  }
}

const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;

/** A file that a symbolic link leads to is left alone: who named the link need not know of it. */
function open(path: string): number {
  try {
    return openSync(path, CREATE, 0o666);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ELOOP') throw error;
    return openDevice(path);
  }
}

/** `/dev/stdout` and the pipes that a shell makes are symbolic links. */
function openDevice(path: string): number {
  const fd = openSync(path, constants.O_WRONLY);
  if (!fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  throw PreviewProblem.unwritable(`${path} is a symbolic link; name the file that it leads to`);
}

function attempt<Result>(name: string, step: () => Result): Result {
  try {
    return step();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    if (code === 'EPIPE' || error instanceof PreviewProblem) throw error;
    throw PreviewProblem.unwritable(`${name} cannot be written (${code})`);
  }
}

/** A pipe that somebody else has made non-blocking says so when it is full; waiting is all that can be done. */
function writeSome(fd: number, bytes: Uint8Array, at: number): number {
  try {
    return writeSync(fd, bytes, at);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    return 0;
  }
}

/** Makes the directory that a file shall lie in. @throws PreviewProblem */
export function makeFolder(path: string): void {
  const folder = dirname(path);
  attempt(folder, () => mkdirSync(folder, { recursive: true }));
}

/** Writes a file, or standard output, all at once. @throws as OutFile does */
export function writeWhole(path: string, text: string): void {
  const file = new OutFile(path);
  file.write(Buffer.from(text));
  file.end();
}
