/** Files in a list's directories that nobody will look at again. What they are worth is for a person to say. */
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { systemCode } from '../host/system-error.ts';
import type { Leftover } from './facts.ts';

const HOUR = 3_600_000;

/** What is younger may be work in progress. @param closed gets the directories that may not be looked into */
export function gatherLeftovers(list: string, closed: Set<string>): Leftover[] {
  return (['incoming', 'queue', ''] as const).flatMap((directory) => {
    const path = directory === '' ? list : `${list}/${directory}`;
    const names = namesIn(path, closed).filter((name) => directory !== '' || name.startsWith('.amime-'));
    return names.flatMap((name) => leftover(directory, path, name) ?? []);
  });
}

function namesIn(path: string, closed: Set<string>): string[] {
  try {
    return readdirSync(path).sort();
  } catch (error) {
    if (['EACCES', 'EPERM'].includes(systemCode(error))) closed.add(path);
    return [];
  }
}

/** A file may be delivered, and gone, while we look. */
function leftover(directory: Leftover['directory'], path: string, name: string): Leftover | undefined {
  const status = statSync(`${path}/${name}`, { throwIfNoEntry: false });
  const hours = Math.floor((Date.now() - (status?.mtimeMs ?? Date.now())) / HOUR);
  if (status === undefined || !status.isFile() || hours < 1) return undefined;
  return { directory, name, hours, size: status.size, isCut: !endsInNewline(`${path}/${name}`, status.size) };
}

function endsInNewline(path: string, size: number): boolean {
  if (size === 0) return false;
  try {
    const fd = openSync(path, 'r');
    try {
      const last = Buffer.alloc(1);
      return readSync(fd, last, 0, 1, size - 1) === 1 && last[0] === 0x0a;
    } finally {
      closeSync(fd);
    }
  } catch {
    // What cannot be read is not called cut.
    return true;
  }
}
