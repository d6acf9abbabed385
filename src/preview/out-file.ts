import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PreviewProblem } from './problem.ts';

/** A file that is written piece by piece; `-` is standard output. @throws PreviewProblem where that cannot be */
export class OutFile {
  readonly #path: string;
  readonly #fd: number;

  constructor(path: string) {
    this.#path = path;
    this.#fd = this.#attempt(() => (path === '-' ? 1 : openSync(path, 'w')));
  }

  write(bytes: Uint8Array): void {
    this.#attempt(() => {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd, bytes, at);
    });
  }

  end(): void {
    if (this.#fd !== 1) closeSync(this.#fd);
  }

  #attempt<Result>(step: () => Result): Result {
    try {
      return step();
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? String(error);
      throw PreviewProblem.unwritable(`${this.#path} cannot be written (${code})`);
    }
  }
}

/**
 * Where the results for a message go below `--out DIR`. Its name may hold anything, and must not lead out of the
 * directory: what a path is made of is kept, steps upwards are not.
 */
export function resultPath(directory: string, name: string, ending: 'eml' | 'json'): string {
  const steps = name.split('/').filter((step) => step !== '' && step !== '.' && step !== '..');
  const path = join(directory, ...(steps.length > 0 ? steps : ['message']));
  mkdirSync(dirname(path), { recursive: true });
  const message = path.endsWith('.eml') ? path : `${path}.eml`;
  return ending === 'eml' ? message : `${message}.json`;
}
