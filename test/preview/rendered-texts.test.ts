import { describe, expect, it } from 'vitest';
import { BufferSource } from '../../src/mime/buffer-source.ts';
import { renderedTexts } from '../../src/preview/rendered-texts.ts';
import { textPairs } from '../../src/preview/text-pairs.ts';

function textsOf(message: string | Buffer): [string, string, boolean][] {
  const source = new BufferSource(Buffer.from(message as string, 'latin1'));
  return renderedTexts(source).map(({ number, text, isCut }) => [number, text, isCut]);
}

const MIXED = 'Content-Type: multipart/mixed; boundary=b\n\n';

describe('renderedTexts', () => {
  it.each([
    ['no header', '\nHi\r\nyou', [['1', 'Hi\nyou', false]]],
    ['nothing', '', [['1', '', false]]],
    ['base64', 'Content-Transfer-Encoding: base64\n\nSGk=\n', [['1', 'Hi', false]]],
    ['an unknown encoding', 'Content-Transfer-Encoding: uuencode\n\nx\n', [['1', 'x\n', false]]],
    ['a charset', 'Content-Type: text/html; charset=koi8-r\n\n\xf0\n', [['1', 'П\n', false]]],
    ['an unknown charset', 'Content-Type: text/html; charset=x-none\n\n\xf0\n', [['1', '\xf0\n', false]]],
    ['a wrong charset', 'Content-Type: text/plain; charset=utf-8\n\n\xe9\n', [['1', '\ufffd\n', false]]],
    [
      'attachments',
      `${MIXED}--b\n\nHi\n--b\nContent-Type: text/plain; name=x\n\nfile\n--b\nContent-Type: image/png\n\nx\n--b--\n`,
      [['1', 'Hi', false]],
    ],
    [
      'alternatives with a name',
      `${MIXED.replace('mixed', 'alternative')}--b\nContent-Type: text/plain; name=x\n\nHi\n--b--\n`,
      [['1', 'Hi', false]],
    ],
  ] as const)('%s', (_, message, texts) => {
    expect(textsOf(message)).toEqual(texts);
  });

  it('is bounded in length and number', () => {
    const long = textsOf(`\n${'x'.repeat(300_000)}`);
    expect([long[0]![1].length, long[0]![2]]).toEqual([256 * 1024, true]);
    const cutCharacter = textsOf(`Content-Type: text/plain; charset=utf-8\n\nx${'\xc3\xbc'.repeat(150_000)}`);
    expect(cutCharacter[0]![1]).toMatch(/^xü+$/);
    expect(textsOf(`${MIXED}${'--b\n\nx\n'.repeat(100)}--b--\n`)).toHaveLength(20);
  });
});

describe('textPairs', () => {
  const text = (content: string) => ({
    number: '1',
    mediaType: 'text/plain' as const,
    text: content,
    isCut: false,
  });

  it('finds which text is new', () => {
    const [a, b] = [text('first text\n'), text('second text\n')];
    const footer = text('-- \nfooter\n');
    expect(textPairs([a, b], [a, footer, b]).map(({ before }) => before)).toEqual([a, null, b]);
    expect(textPairs([], [footer]).map(({ before }) => before)).toEqual([null]);
    const grown = text('first text\nfooter\n');
    expect(textPairs([a], [grown]).map(({ before }) => before)).toEqual([a]);
  });
});
