import anyAscii from 'any-ascii';

/** What has no shape of its own: marks on other characters, joiners, variation selectors, directions, skin tones. */
const SHAPELESS = /[\p{M}\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}]/u;

/**
 * The footer in ASCII, for a part in which nothing else is certain to be read right: `für` becomes `fur`,
 * `Привет` becomes `Privet`. What no one can spell in ASCII becomes a question mark, or nothing where nobody would
 * miss it.
 */
export function transliterate(text: string): string {
  return Array.from(text.normalize('NFC'), spelled).join('');
}

function spelled(character: string): string {
  return anyAscii(character) || (SHAPELESS.test(character) ? '' : '?');
}
