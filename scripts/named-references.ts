import {
  BinTrieFlags,
  decodeHTML,
  decodeHTMLStrict,
  determineBranch,
  htmlDecodeTree,
} from 'entities/lib/decode.js';
import { filled } from './unicode-ranges.ts';

/** HTML 4.01 §24.3, what lies among HTML 5's two thousand names for mathematics. */
const SYMBOLS_OF_HTML_4 = new Set(
  (
    'larr uarr rarr darr harr crarr lArr uArr rArr dArr hArr forall part exist empty nabla isin notin ni prod sum minus ' +
    'lowast radic prop infin ang and or cap cup int there4 sim cong asymp ne equiv le ge sub sup nsub sube supe oplus ' +
    'otimes perp sdot lceil rceil lfloor rfloor lang rang loz spades clubs hearts diams'
  ).split(' '),
);

/** Characters that people write with: everything below the arrows, then lines, shapes, stars and check marks. */
function isOrdinary(name: string, character: string): boolean {
  if (SYMBOLS_OF_HTML_4.has(name)) return true;
  const code = character.charCodeAt(0);
  return character.length === 1 && (code < 0x2190 || (code >= 0x2500 && code < 0x27c0));
}

/** The TypeScript module that holds HTML's named character references, as Biome formats it. */
export function namedReferencesModule(): string {
  const names = allNames()
    .filter((name) => isOrdinary(name, decodeHTMLStrict(`&${name};`)))
    .sort();
  const starts: number[] = [];
  let length = 0;
  for (const name of names) {
    const needsNoSemicolon = decodeHTML(`&${name}`) === decodeHTMLStrict(`&${name};`);
    starts.push(needsNoSemicolon ? length | 0x8000 : length);
    length += name.length;
  }
  starts.push(length);
  const characters = names.map((name) => decodeHTMLStrict(`&${name};`).charCodeAt(0));
  return `// Written by scripts/footer-tables.ts from npm's entities (BSD-2-Clause), which has them from the HTML standard (§13.5).
// Without what only mathematics needs: arrows, operators, letters in other styles, pairs of characters.

/** The names in the order of their code units, one after the other: one literal, as asc joins strings at run time. */
export const NAMES: string =
  '${names.join('')}';

/** Where each name begins, and where the last one ends; with the top bit where it needs no semicolon. */
export const NAME_STARTS: StaticArray<u16> = [
${filled(starts)}];

/** What each name stands for: a UTF-16 code unit. */
export const CHARACTERS: StaticArray<u16> = [
${filled(characters)}];
`;
}

/** Every name that HTML knows with a semicolon, out of the tree in which `entities` looks them up. */
function allNames(): string[] {
  const names: string[] = [];
  const walk = (node: number, name: string) => {
    const value = htmlDecodeTree[node]!;
    const children = node + Math.max(1, (value & BinTrieFlags.VALUE_LENGTH) >> 14);
    for (const character of ';0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz') {
      const next = determineBranch(htmlDecodeTree, value, children, character.charCodeAt(0));
      if (next < 0) continue;
      if (character === ';') names.push(name);
      else walk(next, name + character);
    }
  };
  walk(0, '');
  return names;
}
