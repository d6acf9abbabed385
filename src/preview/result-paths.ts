import { join } from 'node:path';

/** Where the results of each message go below `--out DIR`. */
export class ResultPaths {
  readonly #directory: string;
  /** The directories that all names begin with. */
  readonly #common: readonly string[];

  /** @param inputs as they were named; what is read from a single directory has names that begin below it */
  constructor(directory: string, inputs: readonly string[], isSingleDirectory: boolean) {
    this.#directory = directory;
    this.#common = isSingleDirectory ? [] : commonDirectories(inputs.filter((input) => input !== '-'));
  }

  /** @param name of a message: it may hold anything, and its path does not lead out of the directory */
  path(name: string, ending: 'eml' | 'json'): string {
    const steps = stepsOf(name);
    const isBelow = this.#common.every((step, index) => steps[index] === step);
    const path = join(this.#directory, ...(isBelow ? steps.slice(this.#common.length) : steps));
    const message = path.endsWith('.eml') ? path : `${path}.eml`;
    return ending === 'eml' ? message : `${message}.json`;
  }
}

/** What a path is made of. Steps upwards are left out. */
function stepsOf(path: string): string[] {
  const steps = path.split('/').filter((step) => step !== '' && step !== '.' && step !== '..');
  return steps.length > 0 ? steps : ['message'];
}

function commonDirectories(inputs: readonly string[]): string[] {
  const [first = [], ...others] = inputs.map((input) => stepsOf(input).slice(0, -1));
  const end = first.findIndex((step, index) => others.some((other) => other[index] !== step));
  return end < 0 ? first : first.slice(0, end);
}
