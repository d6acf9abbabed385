import { readFileSync } from 'node:fs';

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** An account from /etc/passwd; throws where there is none of that name. */
export function account(name: string): Account {
  const [, , uid, gid] = entry('/etc/passwd', name);
  return { name, uid: Number(uid), gid: Number(gid) };
}

/** A group's number, from /etc/group; throws where there is none of that name. */
export function groupId(name: string): number {
  return Number(entry('/etc/group', name)[2]);
}

function entry(file: string, name: string): readonly string[] {
  const entries = readFileSync(file, 'utf8').split('\n');
  const found = entries.find((line) => line.startsWith(`${name}:`));
  if (found === undefined) throw new Error(`${file} has no ${name}`);
  return found.split(':');
}

/** Who owns the lists: mlmmj where the host has that user, else Debian's own account for list managers. */
export function listAccount(): Account {
  try {
    return account('mlmmj');
  } catch {
    return account('list');
  }
}
