import type { AmavisPlace } from './host.ts';

/** Where the policy bank goes, before anything of its contents is known. */
type BankPlace = Pick<AmavisPlace, 'bank' | 'main'>;

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

/** Where the program may be: below the prefix, else where everybody else, or Debian and iRedMail, put it. */
export function programPlaces(prefix: string | undefined): string[] {
  const places = prefix === undefined ? ['/usr/local', '/usr'] : [prefix.replace(/\/+$/, '')];
  return places.map((place) => `${place}/bin/mlmmj-amime-receive`);
}
