import { accessSync, constants } from 'node:fs';

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
  const missing = PROGRAMS.filter(([path]) => !isThere(path)).map(([, name]) => name);
  if (missing.length === 0) return undefined;
  return `not installed: apt-get install ${[...new Set(missing)].join(' ')}`;
}

function isThere(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
