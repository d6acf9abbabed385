/** The lists' directories in a spool as Postfix's pipe sees them: by path, links that lead out of it included. Node only. */
import { readdirSync, realpathSync, statSync } from 'node:fs';
import { systemCode } from '../host/system-error.ts';
import { LEAST_DEPTH, mayHoldLists } from './spool.ts';

/** The lists in a spool, whatever state they are in. */
export interface SpoolDirectories {
  /** One that has two names is named once. */
  readonly directories: readonly string[];
  /** Directories that whoever asks may not look into. */
  readonly closed: readonly string[];
  readonly isMissing: boolean;
}

/** @param depth how many directories a list may lie below the spool */
export function directoriesInSpool(spool: string, depth = LEAST_DEPTH): SpoolDirectories {
  const found = new Map<string, string>();
  const closed: string[] = [];
  for (const nexthop of nexthopsIn(spool, Math.max(depth, LEAST_DEPTH), closed)) {
    const path = `${spool.replace(/\/+$/, '')}/${nexthop}`;
    const real = realpathSync(path);
    if (!found.has(real)) found.set(real, path);
  }
  const isMissing = closed.length === 0 && !isDirectory(spool);
  return { directories: [...found.values()], closed, isMissing };
}

/**
 * The lists' paths below a spool. Each list has a directory `control`; no list lies in another.
 *
 * @param closed gets what may not be looked into
 */
export function nexthopsIn(spool: string, depth = LEAST_DEPTH, closed: string[] = []): string[] {
  return directoriesIn(spool, closed).flatMap((name) => {
    const path = `${spool}/${name}`;
    const control = lookAt(`${path}/control`);
    if (control === 'directory') return [name];
    if (control === 'closed') {
      closed.push(path);
      return [];
    }
    return depth === 1 ? [] : nexthopsIn(path, depth - 1, closed).map((list) => `${name}/${list}`);
  });
}

function directoriesIn(path: string, closed: string[]): string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => mayHoldLists(entry))
      .filter((entry) => entry.isDirectory() || isDirectory(`${path}/${entry.name}`))
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if (isForbidden(error)) closed.push(path);
    return [];
  }
}

function isDirectory(path: string): boolean {
  return lookAt(path) === 'directory';
}

function lookAt(path: string): 'directory' | 'other' | 'closed' {
  try {
    return statSync(path).isDirectory() ? 'directory' : 'other';
  } catch (error) {
    return isForbidden(error) ? 'closed' : 'other';
  }
}

function isForbidden(error: unknown): boolean {
  return ['EACCES', 'EPERM'].includes(systemCode(error));
}
