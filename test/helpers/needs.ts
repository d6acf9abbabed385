/** What tests need of the machine. Whatever is not there is said in the name of what is skipped, with its Debian packages. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export interface Need {
  readonly what: string;
  /** Empty where no package brings it. */
  readonly packages: readonly string[];
  readonly isMet: () => boolean;
}

/**
 * For `skipIf`, and for the name of what is skipped: '' where all needs are met, else
 * ` (needs strace, root: apt-get install strace)`. scripts/run-tests.ts reads it there.
 */
export function lacks(...needs: readonly Need[]): string {
  const missing = needs.filter((need) => !need.isMet());
  if (missing.length === 0) return '';
  const packages = [...new Set(missing.flatMap((need) => need.packages))];
  const install = packages.length === 0 ? '' : `: apt-get install ${packages.join(' ')}`;
  return ` (needs ${missing.map(({ what }) => what).join(', ')}${install})`;
}

const isRoot = () => process.getuid?.() === 0;
const runs = (program: string, ...args: string[]) =>
  spawnSync(program, args, { stdio: 'ignore' }).status === 0;

export const ROOT_USER: Need = { what: 'root', packages: [], isMet: isRoot };
export const ANOTHER_USER: Need = { what: 'not to be root', packages: [], isMet: () => !isRoot() };
export const MOUNTING: Need = {
  what: 'root and the right to mount',
  packages: [],
  isMet: () => isRoot() && runs('unshare', '--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt'),
};

/** A file that a package brings. */
export function file(path: string, ...packages: string[]): Need {
  return { what: path.slice(path.lastIndexOf('/') + 1), packages, isMet: () => existsSync(path) };
}

/** A program that a package brings, wherever PATH has it. */
export function program(name: string, ...packages: string[]): Need {
  const isMet = () => spawnSync(name, ['--version'], { stdio: 'ignore' }).error === undefined;
  return { what: name, packages: packages.length > 0 ? packages : [name], isMet };
}

export const COMPILER: Need = program('cc', 'gcc', 'libc6-dev');
export const GIT_CHECKOUT: Need = {
  what: 'a checkout by git',
  packages: ['git'],
  isMet: () => runs('git', 'rev-parse', '--git-dir'),
};
export const STRACE: Need = {
  what: 'strace that may trace',
  packages: ['strace'],
  isMet: () => runs('strace', '-o', '/dev/null', 'true'),
};
export const MLMMJ: Need = {
  what: 'mlmmj',
  packages: ['mlmmj'],
  isMet: () => ['receive', 'process'].every((name) => existsSync(`/usr/bin/mlmmj-${name}`)),
};
export const POSTFIX: Need = {
  what: 'Postfix',
  packages: ['postfix'],
  isMet: () => runs('postconf', '-h', 'mail_version'),
};

/** A kind of lookup table that Debian has in a package of its own. */
export function postfixTable(kind: string): Need {
  const isMet = () => {
    const { stdout } = spawnSync('postconf', ['-m'], { encoding: 'utf8' });
    return stdout?.split('\n').includes(kind) ?? false;
  };
  return { what: `Postfix's ${kind} tables`, packages: [`postfix-${kind}`], isMet };
}
