import { realpathSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';

/**
 * What is read. No result may be written over it: the message would be gone, a large one before it was read to its
 * end. Nor into a directory that is read, which would then hold results among its messages.
 */
export class Sources {
  readonly #files = new Set<string>();
  readonly #directories: string[] = [];

  /** @param paths files and directories; what cannot be looked at cannot be read either */
  constructor(paths: readonly string[]) {
    for (const path of paths) {
      const status = statusOf(path);
      if (status?.isFile()) this.#files.add(identity(status));
      else if (status?.isDirectory()) this.#directories.push(realpathSync(path));
    }
  }

  /** Whether `path`, which need not be there yet, is one of the files or lies in one of the directories. */
  include(path: string): boolean {
    const status = statusOf(path);
    if (status?.isFile() && this.#files.has(identity(status))) return true;
    const place = realPath(path);
    return this.#directories.some(
      (directory) => place === directory || place.startsWith(directory.replace(/\/*$/, sep)),
    );
  }
}

function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/** Also tells two names of one file. */
function identity({ dev, ino }: Stats): string {
  return `${dev}:${ino}`;
}

/** As far as the path is there; the rest of it as it is written. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPath(parent), basename(path));
  }
}
