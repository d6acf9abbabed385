import anyAscii from 'any-ascii';

/**
 * The footer in ASCII, for a part in which nothing else is certain to be read right: `für` becomes `fur`,
 * `Привет` becomes `Privet`. What no one can spell in ASCII becomes a question mark.
 */
export function transliterate(text: string): string {
  return Array.from(text.normalize('NFC'), (character) => anyAscii(character) || '?').join('');
}
