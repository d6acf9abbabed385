import { readFileSync } from 'node:fs';

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** An account from /etc/passwd; throws where there is none of that name. */
export function account(name: string): Account {
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [login, , uid, gid] = line.split(':');
    if (login === name) return { name, uid: Number(uid), gid: Number(gid) };
  }
  throw new Error(`no account named ${name}`);
}

/** Who owns the lists: mlmmj where the host has that user, else Debian's own account for list managers. */
export function listAccount(): Account {
  try {
    return account('mlmmj');
  } catch {
    return account('list');
  }
}
