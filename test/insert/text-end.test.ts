import { describe, expect, it } from 'vitest';
import { endsWithFooter, textEndOf } from '../../src/insert/text-end.ts';
import { charsetNamed } from '../../src/mime/charset/charsets.ts';

describe('textEndOf', () => {
  it.each([
    ['', { isEmpty: true, endsWithLineEnd: false, flows: false, lineEnd: '' }],
    ['text', { isEmpty: false, endsWithLineEnd: false, flows: false, lineEnd: '' }],
    ['text\n', { isEmpty: false, endsWithLineEnd: true, flows: false, lineEnd: '\n' }],
    ['\n', { isEmpty: false, endsWithLineEnd: true, flows: false, lineEnd: '\n' }],
    ['\r\n', { isEmpty: false, endsWithLineEnd: true, flows: false, lineEnd: '\r\n' }],
    ['a\r\ntext \r\n', { isEmpty: false, endsWithLineEnd: true, flows: true, lineEnd: '\r\n' }],
    ['text ', { isEmpty: false, endsWithLineEnd: false, flows: true, lineEnd: '' }],
    [' ', { isEmpty: false, endsWithLineEnd: false, flows: true, lineEnd: '' }],
    ['a\n-- \n', { isEmpty: false, endsWithLineEnd: true, flows: false, lineEnd: '\n' }],
    ['a\n>> -- \n', { isEmpty: false, endsWithLineEnd: true, flows: false, lineEnd: '\n' }],
    ['a\n>>-- ', { isEmpty: false, endsWithLineEnd: false, flows: false, lineEnd: '\n' }],
    ['a\n  -- ', { isEmpty: false, endsWithLineEnd: false, flows: true, lineEnd: '\n' }],
    ['a \n\n', { isEmpty: false, endsWithLineEnd: true, flows: false, lineEnd: '\n' }],
  ])('of %j', (text, expected) => expect(textEndOf(Buffer.from(text, 'latin1'))).toEqual(expected));
});

describe('endsWithFooter', () => {
  it.each([
    ['text\n-- \nF', '-- \nF', 'text', true],
    ['text\r\n-- \r\nF\r\n\r\n', '-- \nF', 'text', true],
    ['text\n-- \nF\n', '\n\n-- \nF\n\n', 'text', true],
    ['text-- \nF', '-- \nF', 'text', false],
    ['F', 'F', 'text', true],
    ['<p>x</p><i>F</i>', '<i>F</i>', 'html', true],
    ['text\n-- \nF\nmore', '-- \nF', 'text', false],
    ['> -- \n> F', '-- \nF', 'text', false],
    ['>text\n>F', 'F', 'text', false],
    ['\x1b$BF|K\x5c\n\x1b(BF', 'F', 'text', true],
    ['F(BF', 'F', 'text', false],
    ['anything', '', 'text', false],
    ['anything', '\n\r\n ', 'text', false],
    ['', 'F', 'text', false],
    ['F', 'FF', 'text', false],
    ['a\r\r\nF\rG', 'F\nG', 'text', false],
    ['a\nF\r\r\nG', 'F\nG', 'text', true],
  ] as const)('%j, %j as %s: %j', (text, footer, format, expected) => {
    const bytes = (one: string) => Buffer.from(one, 'latin1');
    expect(endsWithFooter(bytes(text), bytes(footer), null, format === 'html')).toBe(expected);
    const latin1 = charsetNamed('iso-8859-1');
    expect(endsWithFooter(bytes(text), bytes(footer), latin1, format === 'html')).toBe(expected);
  });

  it.each(['utf-16le', 'utf-16be'])('reads %s by its units', (name) => {
    const charset = charsetNamed(name)!;
    const is = (text: string, footer: string) =>
      endsWithFooter(charset.encode(text)!, charset.encode(footer)!, charset, false);
    expect(is('Text\r\nFüßer \r\n', 'Füßer')).toBe(true);
    expect(is('TextFüßer', 'Füßer')).toBe(false);
    // U+0A46 has the bytes of a line end and of an F in it.
    expect(is('\u{460a}F', 'F')).toBe(false);
    expect(is('a\n\u0d0dF', '\u0d0dF')).toBe(true);
  });
});
