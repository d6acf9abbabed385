/** The ranges of Unicode that footers are read with, and what has each of them. */
const PROPERTIES: readonly (readonly [name: string, what: string, pattern: RegExp])[] = [
  ['LETTERS', 'General_Category=Letter.', /\p{L}/u],
  ['NUMBERS', 'General_Category=Number.', /\p{N}/u],
  ['LATIN', 'Script=Latin.', /\p{Script=Latin}/u],
  [
    'SPACED_ALPHABETS',
    'Script=Latin, Greek, Cyrillic, Armenian or Georgian: alphabets in which a blank stands between words.',
    /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{Script=Georgian}]/u,
  ],
  ['INVISIBLE', 'Default_Ignorable_Code_Point: no width and no ink.', /\p{Default_Ignorable_Code_Point}/u],
];

/** The TypeScript module that holds them, as Biome formats it, from the Unicode data of the Node that runs this. */
export function unicodeRangesModule(): string {
  const tables = PROPERTIES.map(
    ([name, what, pattern]) =>
      `/** ${what} */\nexport const ${name}: StaticArray<i32> = [\n${filled(boundaries(pattern))}];\n`,
  );
  return `// Written by scripts/footer-tables.ts from Unicode ${process.versions.unicode} (Unicode License v3): run it again for another.
//
// Each table holds code points in ascending order, by turns the first of a range and the first after it.

${tables.join('\n')}`;
}

function boundaries(pattern: RegExp): number[] {
  const found: number[] = [];
  let isInside = false;
  for (let code = 0; code <= 0x110000; code++) {
    const isSurrogate = code >= 0xd800 && code <= 0xdfff;
    const matches = code < 0x110000 && !isSurrogate && pattern.test(String.fromCodePoint(code));
    if (matches !== isInside) found.push(code);
    isInside = matches;
  }
  return found;
}

const LINE_WIDTH = 110;

/** Numbers in as few lines as the formatter makes of them. */
export function filled(numbers: readonly number[]): string {
  let text = '';
  let line = ' ';
  for (const number of numbers) {
    const item = ` 0x${number.toString(16)},`;
    if (line.length + item.length > LINE_WIDTH) {
      text += `${line}\n`;
      line = ' ';
    }
    line += item;
  }
  return `${text}${line}\n`;
}
