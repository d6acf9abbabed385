// The directory that holds a host's lists. Node only.
import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { systemCode } from '../host/system-error.ts';
import { isSafeName } from './list-name.ts';

/** Why the lists of a spool cannot all be known, in a few words without paths. */
export class SpoolError extends Error {
  /** @param cause the system's error, for the operator's own log */
  static of(cause: unknown, what: string): SpoolError {
    return new SpoolError(`${what} (${systemCode(cause)})`, { cause });
  }
}

export interface SpoolEntry {
  readonly name: string;
  readonly isLink: boolean;
}

/** Every file system of its own has this directory, which only root may look into. */
const NO_LISTS = ['lost+found'];

/** How many directories lists lie below the spool at least: side by side or by domain, whatever the layout says. */
export const LEAST_DEPTH = 2;

/** Whether something in a spool may be a list, or hold lists. Hidden directories are nobody's list. */
export function mayHoldLists(entry: Dirent): boolean {
  return !entry.isFile() && !entry.name.startsWith('.') && !NO_LISTS.includes(entry.name);
}

/** What may be a list, or hold lists, by a name that a recipient may have. @throws the system's error */
export async function entriesOf(directory: string): Promise<SpoolEntry[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  return entries
    .filter((entry) => mayHoldLists(entry) && isSafeName(entry.name))
    .map((entry) => ({ name: entry.name, isLink: entry.isSymbolicLink() }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}
