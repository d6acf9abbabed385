/** What Amavisd's configuration says of the lists' mail. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { BankPlace } from '../mail-server/amavis.ts';

/** Where Amavisd's own defaults are, by distribution; older ones have them in the program itself. */
const DEFAULTS = [
  '/usr/share/perl5/Amavis/Conf.pm',
  '/usr/share/perl5/vendor_perl/Amavis/Conf.pm',
  '/usr/local/lib/perl5/site_perl/Amavis/Conf.pm',
  '/usr/sbin/amavisd-new',
  '/usr/sbin/amavisd',
  '/usr/local/sbin/amavisd',
];

/** Whether Amavisd signs List-Unsubscribe-Post; undefined where its configuration cannot be read. */
export function signsOneClick(place: BankPlace | undefined): boolean | undefined {
  if (place === undefined) return undefined;
  try {
    const texts = configurationFiles(place).map((path) => readFileSync(path, 'latin1'));
    return (
      texts.some((text) => SET.test(text)) ||
      DEFAULTS.filter((path) => existsSync(path)).some((path) =>
        BY_DEFAULT.test(readFileSync(path, 'latin1')),
      )
    );
  } catch {
    return undefined;
  }
}

const SET =
  /^[^#\n]*\$signed_header_fields\s*\{\s*(?:lc\s*\(?\s*)?['"]list-unsubscribe-post['"][^=\n]*=\s*[1-9]/im;
const BY_DEFAULT = /^[^#\n]*\bList-Unsubscribe-Post\b/im;

function configurationFiles({ bank, main }: BankPlace): string[] {
  if (main !== undefined) return [main, bank].filter((path) => existsSync(path));
  return readdirSync(dirname(bank)).map((name) => `${dirname(bank)}/${name}`);
}
