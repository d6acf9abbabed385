import type { Platform } from '../platform/platform.ts';
import { CONTROL_LIMIT } from './control.ts';
import { withoutTrailingSlashes } from './list.ts';

/** What nearly every delivery asks for, one after the other as it learns that it needs to. */
const EXPECTED = [
  'listaddress',
  'delimiter',
  'footer_text',
  'footer_html',
  'amime-signed',
  'amime-attachment-only',
] as const;

/**
 * The platform, with the list's usual control files already on their way: they are asked for in two rounds, and each
 * round costs a message a third of a millisecond, in which nothing else is to do.
 */
export function readingAhead(listDirectory: string, platform: Platform): Platform {
  const control = `${withoutTrailingSlashes(listDirectory)}/control/`;
  const started = new Map<string, Promise<Uint8Array>>();
  for (const name of EXPECTED) {
    const file = platform.readFile(control + name, CONTROL_LIMIT);
    // Nobody may ever ask for it, and then its failure is none.
    file.catch(() => undefined);
    started.set(control + name, file);
  }
  return {
    ...platform,
    readFile: (path, limit) =>
      (limit === CONTROL_LIMIT ? started.get(path) : undefined) ?? platform.readFile(path, limit),
  };
}
