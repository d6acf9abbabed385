/** Where Amavisd's configuration is on this machine, and what its policy bank for lists says. Pure. */

/** Where Amavisd takes the lists' mail, and where Postfix takes it back: the snippets' own ports. */
export const AMAVIS_PORT = 10027;
export const REINJECTION_PORT = 10028;

/** Where the policy bank goes, before anything of its contents is known. */
export interface BankPlace {
  readonly bank: string;
  /** The configuration that has to include the bank; undefined where Amavisd reads the directory by itself. */
  readonly main: string | undefined;
}

/** Whether a path is there, and what it is; injected so that other systems' layouts can be judged anywhere. */
export type Exists = (path: string) => boolean;

const BANK = 'mlmmj-amime-receive';

/**
 * Where Amavisd's configuration is: Debian and Ubuntu read every file in conf.d by itself, in order; elsewhere there
 * is one file, which has to include ours.
 */
const AMAVIS_DIRECTORIES = ['/etc/amavis/conf.d'];
const AMAVIS_FILES = [
  '/etc/amavisd/amavisd.conf', // RHEL and relatives
  '/usr/local/etc/amavisd.conf', // FreeBSD
  '/etc/amavisd.conf', // OpenBSD, SUSE, Arch
  '/etc/amavis/amavisd.conf', // Alpine, Gentoo and hand-made ones
];

/** The place for the policy bank; undefined where no Amavisd is found, or `none` was asked for. */
export function amavisPlace(wanted: string | undefined, exists: Exists): BankPlace | undefined {
  if (wanted === 'none') return undefined;
  if (wanted !== undefined) return besides(wanted);
  const directory = AMAVIS_DIRECTORIES.find(exists);
  if (directory !== undefined) return { bank: `${directory}/60-${BANK}`, main: undefined };
  const file = AMAVIS_FILES.find(exists);
  return file === undefined ? undefined : besides(file);
}

function besides(main: string): BankPlace {
  const directory = main.endsWith('/conf.d') ? main : main.slice(0, main.lastIndexOf('/'));
  if (directory.endsWith('/conf.d')) return { bank: `${directory}/60-${BANK}`, main: undefined };
  return { bank: `${directory}/${BANK}.conf`, main };
}

/** Whether a file is called as our policy bank is, in whatever directory. */
export function isBankName(path: string): boolean {
  return path.endsWith(`/60-${BANK}`) || path.endsWith(`/${BANK}.conf`);
}

/** What a policy bank says that an installation may choose; undefined where it does not say it as ours does. */
export interface BankFacts {
  readonly amavisPort: number | undefined;
  readonly reinjectionPort: number | undefined;
}

const BANKS_AMAVIS_PORT = /^[ \t]*\$interface_policy\s*\{\s*['"]?(\d+)['"]?\s*\}\s*=\s*'MLMMJ'/m;
const BANKS_REINJECTION_PORT = /^[ \t]*forward_method\s*=>\s*'smtp:\[127\.0\.0\.1\]:(\d+)'/m;

export function bankFacts(bank: string): BankFacts {
  const number = (pattern: RegExp) => {
    const digits = pattern.exec(bank)?.[1];
    return digits === undefined ? undefined : Number(digits);
  };
  return { amavisPort: number(BANKS_AMAVIS_PORT), reinjectionPort: number(BANKS_REINJECTION_PORT) };
}
