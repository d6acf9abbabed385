import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
    this.#fd = attempt(this.#name, () => (path === '-' ? 1 : openSync(path, 'w')));
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

function attempt<Result>(name: string, step: () => Result): Result {
  try {
    return step();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    if (code === 'EPIPE') throw error;
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

/**
 * Where the results for a message go below `--out DIR`. Its name may hold anything, and must not lead out of the
 * directory: what a path is made of is kept, steps upwards are not.
 */
export function resultPath(directory: string, name: string, ending: 'eml' | 'json'): string {
  const steps = name.split('/').filter((step) => step !== '' && step !== '.' && step !== '..');
  const path = join(directory, ...(steps.length > 0 ? steps : ['message']));
  const message = path.endsWith('.eml') ? path : `${path}.eml`;
  return ending === 'eml' ? message : `${message}.json`;
}

/** Makes the directory that a file shall lie in. @throws PreviewProblem */
export function makeFolder(path: string): void {
  const folder = dirname(path);
  attempt(folder, () => mkdirSync(folder, { recursive: true }));
}
