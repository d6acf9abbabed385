/** Accounts, and what they may do with files by their own permissions, whoever is asking. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** An account by name or number: of /etc/passwd, or of another database that the system asks (LDAP, systemd). */
export function account(wanted: string | number | undefined): Account | undefined {
  if (wanted === undefined || wanted === '') return undefined;
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name && (name === wanted || (typeof wanted === 'number' && Number(uid) === wanted)))
      return { name, uid: Number(uid), gid: Number(gid) };
  }
  const id = (...flags: string[]) => spawnSync('id', [...flags, '--', String(wanted)], { encoding: 'utf8' });
  const [name, uid, gid] = [id('-un'), id('-u'), id('-g')].map(({ stdout }) => (stdout ?? '').trim());
  return name ? { name, uid: Number(uid), gid: Number(gid) } : undefined;
}

type Permission = 0o4 | 0o2 | 0o1;

/** Whether a user may use a file for something: 4 read, 1 execute. Without a user, whether we may. */
export function mayUse(path: string, user: Account | undefined, bit: 0o4 | 0o1): boolean {
  try {
    if (!statSync(path).isFile()) return false;
    if (user !== undefined) return permits(path, user, bit);
    accessSync(path, bit === 0o4 ? constants.R_OK : constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether a path's own permissions let a user read (4), write (2), or execute it or pass through (1). */
function permits(path: string, user: Account, bit: Permission): boolean {
  const { uid, gid, mode } = statSync(path);
  if (user.uid === 0) return true;
  if (user.uid === uid) return (mode & (bit << 6)) !== 0;
  return (mode & (user.gid === gid ? bit << 3 : bit)) !== 0;
}

/**
 * The first thing on the way to a path that keeps a user from it: a directory that it may not pass, or the path itself
 * where it may not do what the bit says. Undefined where nothing does. Access lists are not looked at.
 */
export function obstacleFor(user: Account, path: string, bit: Permission): string | undefined {
  const way: string[] = [];
  for (let at = dirname(path); at !== dirname(at); at = dirname(at)) way.unshift(at);
  const blocked = way.find((directory) => !permits(directory, user, 0o1));
  return blocked ?? (permits(path, user, bit) ? undefined : path);
}
