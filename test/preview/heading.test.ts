import { describe, expect, it } from 'vitest';
import { BufferSource } from '../../src/mime/buffer-source.ts';
import { decodeEncodedWords } from '../../src/preview/encoded-words.ts';
import { readHeading } from '../../src/preview/heading.ts';

describe('decodeEncodedWords', () => {
  it.each([
    ['plain', 'Hello', 'Hello'],
    ['quoted', '=?utf-8?q?Gr=C3=BC=C3=9Fe_und?= mehr', 'Grüße und mehr'],
    ['base64', '=?UTF-8?B?4oKs?=', '€'],
    ['blanks between two words', '=?utf-8?q?a?= \r\n =?utf-8?q?b?= c', 'ab c'],
    ['a character in two words', '=?utf-8?q?=C3?= =?utf-8?q?=BC?=', 'ü'],
    ['a legacy charset', '=?koi8-r?Q?=F0=D2=C9=D7=C5=D4?=', 'Привет'],
    ['Japanese', '=?ISO-2022-JP?B?GyRCRnxLXBsoQg==?=', '日本'],
    ['a language', '=?utf-8*en?q?hi?=', 'hi'],
    ['raw UTF-8', 'Grüße', 'Grüße'],
    ['an unknown charset', '=?x-none?q?a=FF?=', 'a\xff'],
    ['not an encoded word', '=?utf-8?x?hi?= =?', '=?utf-8?x?hi?= =?'],
    ['folded', 'a\r\n b', 'a b'],
    ['nothing', '', ''],
  ])('%s', (_, body, text) => {
    expect(decodeEncodedWords(Buffer.from(body))).toBe(text);
  });
});

describe('readHeading', () => {
  const headingOf = (message: string) => readHeading(new BufferSource(Buffer.from(message)));

  it('reads the first of each field, and nothing after the header', () => {
    expect(headingOf('subject : one\nSubject: two\nFrom: A <a@b>\nX: y\n\nDate: none\n')).toEqual({
      subject: 'one',
      from: 'A <a@b>',
      date: '',
    });
    expect(headingOf('')).toEqual({ subject: '', from: '', date: '' });
  });

  it('makes one line of them, of bearable length', () => {
    expect(headingOf(`Subject: a\x07\u202eb\n\tc ${'x'.repeat(500)}\n\n`).subject).toMatch(
      /^a b c x{1,199}…$/,
    );
  });
});
