import { accessSync, constants } from 'node:fs';
import { postgresqlPrograms } from './postgresql.ts';

/** What the stack runs, and the Debian package that brings it. */
const PROGRAMS = [
  ['/usr/sbin/postfix', 'postfix'],
  ['/usr/lib/postfix/sbin/pipe', 'postfix'],
  ['/usr/lib/postfix/postfix-mysql.so', 'postfix-mysql'],
  ['/usr/bin/mlmmj-receive', 'mlmmj'],
  ['/usr/sbin/amavisd', 'amavisd-new'],
  ['/usr/sbin/mariadbd', 'mariadb-server'],
  ['/usr/bin/openssl', 'openssl'],
  ['/usr/bin/gpg', 'gnupg'],
] as const;

/**
 * Why the stack cannot run here, in a sentence that says how to enable it; undefined where it can. It needs
 * root because Postfix, Amavisd and MariaDB each change to a user of their own.
 */
export function stackObstacle(): string | undefined {
  if (process.platform !== 'linux') return 'the end-to-end tests need Debian or Ubuntu';
  if (process.getuid?.() !== 0)
    return 'the end-to-end tests need root: run them as root, in a container for instance';
  return missing(PROGRAMS);
}

/** Why a database beside the stack's own cannot run here; undefined where it can. */
export function databaseObstacle(kind: 'pgsql' | 'ldap'): string | undefined {
  return missing([
    [`/usr/lib/postfix/postfix-${kind}.so`, `postfix-${kind}`],
    kind === 'ldap' ? ['/usr/sbin/slapd', 'slapd'] : [postgresqlPrograms() ?? '', 'postgresql'],
  ]);
}

function missing(programs: readonly (readonly [path: string, name: string])[]): string | undefined {
  const names = programs.filter(([path]) => !isThere(path)).map(([, name]) => name);
  return names.length === 0 ? undefined : `not installed: apt-get install ${[...new Set(names)].join(' ')}`;
}

function isThere(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
