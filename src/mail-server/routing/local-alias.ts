/** What local(8) finds in aliases(5). */
import { splitAddress, splitExtension } from './address.ts';
import { type Asking, type Found, find } from './lookup.ts';
import type { RoutingSettings } from './settings.ts';

/** What local(8) does by itself. */
export interface LocalTarget {
  readonly kind: 'command' | 'file' | 'include';
  readonly text: string;
}

/** One thing on the right side of an alias. */
export type AliasTarget = LocalTarget | { readonly kind: 'address'; readonly text: string };

export interface Alias {
  readonly found: Found;
  readonly targets: readonly AliasTarget[];
  /** What had to be left off for the table to know the name. */
  readonly extension: string;
}

/** The whole local part first, then without its extension. Patterns see both. */
export function* findAlias(address: string, settings: RoutingSettings): Asking<Alias | undefined> {
  const { local } = splitAddress(address);
  const { name, extension } = splitExtension(local, settings);
  const keys = [...new Set([local, name])].map((text) => ({ text, partial: false }));
  const found = yield* find(settings.alias, keys);
  if (found === undefined) return undefined;
  return {
    found,
    targets: aliasTargets(found.value),
    extension: found.key === local ? '' : extension,
  };
}

export function aliasTargets(value: string): AliasTarget[] {
  const words = value.match(/(?:"(?:\\.|[^"\\])*"|[^,"])+/g) ?? [];
  return words
    .map((word) => word.trim())
    .filter((word) => word !== '')
    .map((word) => {
      const text = word.startsWith('"') && word.endsWith('"') ? unquoted(word) : word;
      if (text.startsWith('|')) return { kind: 'command', text: text.slice(1).trim() };
      if (text.startsWith('/')) return { kind: 'file', text };
      const include = /^:include:(.*)$/i.exec(text);
      if (include !== null) return { kind: 'include', text: include[1]!.trim() };
      return { kind: 'address', text: word.replace(/^\\/, '') };
    });
}

function unquoted(word: string): string {
  return word.slice(1, -1).replace(/\\(.)/g, '$1');
}
