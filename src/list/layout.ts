/**
 * Where in the spool a list lives: a path with `%u` for the list's name and `%d` for its domain, `%d/%u` on an iRedMail
 * host. Pure; Node only.
 */
import { isSafeName } from './list-name.ts';

export interface Layout {
  /** One entry for each directory on the way, each a sequence of fixed text and placeholders. */
  readonly levels: readonly (readonly LayoutPiece[])[];
  /** Whether a path stands for a whole address, and not for a name in any domain. */
  readonly namesDomain: boolean;
}

export type LayoutPiece = { readonly text: string } | { readonly placeholder: 'user' | 'domain' };

/** @returns the layout, or what is wrong with it in a few words */
export function parseLayout(text: string): Layout | string {
  if (text === '' || text.startsWith('/')) return 'a layout is a path below the spool';
  const levels: LayoutPiece[][] = [];
  let namesUser = false;
  let namesDomain = false;
  for (const level of text.split('/')) {
    const pieces: LayoutPiece[] = [];
    for (const piece of level.match(/%.?|[^%]+/gsu) ?? []) {
      if (piece === '%u') {
        namesUser = true;
        pieces.push({ placeholder: 'user' });
      } else if (piece === '%d') {
        namesDomain = true;
        pieces.push({ placeholder: 'domain' });
      } else if (piece === '%%') pieces.push({ text: '%' });
      else if (piece.startsWith('%')) return `a layout has %u and %d, not ${piece}`;
      else pieces.push({ text: piece });
    }
    // What the fixed text may be is what a name may be, with anything in the placeholders' places.
    if (!isSafeName(pieces.map((piece) => ('text' in piece ? piece.text : 'x')).join(''))) {
      return 'a layout has no empty, hidden or ".." directories';
    }
    levels.push(pieces);
  }
  return namesUser ? { levels, namesDomain } : 'a layout needs %u, the name of the list';
}

/** The list's path below the spool; null where one of its names is unsafe or missing. */
export function expandLayout(layout: Layout, user: string, domain: string): string | null {
  const names: string[] = [];
  for (const pieces of layout.levels) {
    let name = '';
    for (const piece of pieces) {
      if ('text' in piece) {
        name += piece.text;
        continue;
      }
      const value = piece.placeholder === 'user' ? user : domain;
      if (!isSafeName(value)) return null;
      name += value;
    }
    if (!isSafeName(name)) return null;
    names.push(name);
  }
  return names.join('/');
}
