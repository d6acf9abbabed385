import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Base64Decoder } from '../../../src/mime/encoding/base64.ts';
import { codingOfContent } from '../../../src/mime/encoding/coding-of.ts';
import { Place, skip } from '../../../src/mime/encoding/decoder.ts';
import { TransferEncoding } from '../../../src/mime/encoding/transfer-encoding.ts';
import { Source } from '../../../src/mime/source.ts';
import { Window } from '../../../src/mime/window.ts';
import { CODED, Content, encoded, expectedOf, readAll, unquoted } from './content.ts';

const { Base64, QuotedPrintable } = TransferEncoding;

const base64 = (raw: string) => new Content(Base64, Buffer.from(raw, 'latin1'));
const quotedPrintable = (raw: string) => new Content(QuotedPrintable, Buffer.from(raw, 'latin1'));

const anyWidth = fc.constantFrom(64, 65, 77, 100, 1000, 65536);
const anyBlock = fc.constantFrom(8, 9, 10, 11, 77, 1000, 12288);

/** Pieces of which most are well-formed, in amounts that cross every window and block. */
const base64Pieces = fc.constantFrom('QUJD', 'x', '/+', '\n', '\r\n', 'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo');
const strays = fc.constantFrom(' ', '!', '-_', '\t', '\f', '\v', '\0', '\xa0', '\xff', '\r');
const quotedPieces = fc.constantFrom(
  '=3D',
  '=c3=BC',
  '=\n',
  '= \t\r\n',
  '\n',
  '\r\n',
  'text ',
  'a longer run of text that needs no encoding at all',
);
const oddPieces = fc.constantFrom(
  '=',
  '=4',
  '=4=\n1',
  '==\n',
  '=\r',
  '=G1',
  `=${' '.repeat(998)}\n`,
  '\xe4',
  '\0',
  ' \t',
);

function contentOf(encoding: TransferEncoding, end = ''): fc.Arbitrary<Content> {
  const [pieces, odd] = encoding === Base64 ? [base64Pieces, strays] : [quotedPieces, oddPieces];
  return fc
    .array(fc.oneof({ weight: 20, arbitrary: pieces }, { weight: 1, arbitrary: odd }), {
      maxLength: 200,
      size: 'max',
    })
    .map((all) => new Content(encoding, Buffer.from(all.join('') + end, 'latin1')));
}

describe.each(CODED)('a decoder of %s', (_, encoding) => {
  it('reads the same through every window and into every block, and nothing beyond the content', () => {
    fc.assert(
      fc.property(contentOf(encoding), anyWidth, anyBlock, (content, width, blockSize) => {
        expect(content.decoded({ width, blockSize })).toEqual(expectedOf(encoding, content.raw));
      }),
      { numRuns: 200 },
    );
  });

  it('stops where another can begin: every place is a stop and a distance', () => {
    fc.assert(
      fc.property(contentOf(encoding), anyWidth, anyBlock, fc.nat(), (content, width, blockSize, nth) => {
        const whole = content.decoded();
        const coding = content.coding(width);
        const decoder = coding.decoder(content.start);
        const block = new Uint8Array(blockSize);
        const wanted = nth % (whole.length + 1);
        let [offset, before] = [decoder.offset, 0];
        for (let length = decoder.read(block); length > 0 && before + length <= wanted; ) {
          before += length;
          offset = decoder.offset;
          length = decoder.read(block);
        }
        expect(before + skip(coding.decoder(offset), 0)).toBe(before);
        const rest = readAll(coding.decoder(offset), blockSize);
        expect(rest).toEqual(whole.subarray(before));
        const exact = coding.decoder(offset);
        const skipped = skip(exact, wanted - before);
        expect(wanted - before - skipped).toBeLessThan(coding.unitLength);
        expect(readAll(exact)).toEqual(whole.subarray(before + skipped));
      }),
      { numRuns: 200 },
    );
  });

  it('is at the end of content without bytes', () => {
    const content = new Content(encoding, Buffer.alloc(0));
    expect(content.decoded()).toEqual(Buffer.alloc(0));
    expect(content.isBroken()).toBe(false);
  });
});

describe('base64', () => {
  it('is read as Node reads it, however its lines are cut', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 2000 }),
        fc.integer({ min: 1, max: 80 }),
        anyWidth,
        (bytes, length, width) => {
          const lines =
            Buffer.from(bytes)
              .toString('base64')
              .match(new RegExp(`.{1,${length}}`, 'g')) ?? [];
          const content = base64(lines.join('\r\n'));
          expect(content.decoded({ width })).toEqual(Buffer.from(bytes));
          expect(content.isBroken(width)).toBe(false);
        },
      ),
      { numRuns: 100 },
    );
  });

  it.each([
    ['', '', '', false],
    ['QUJD', '', 'QUJD', false],
    ['QUJD\r\n', '', 'QUJD', false],
    ['QUJDQQ==', 'QQ==', 'QUJDQQ==', false],
    ['QUJDQUI', 'QUI', 'QUJDQUI', false],
    ['QUJDQ\nUI\n', 'Q\nUI\n', 'QUJDQ\nUI', false],
    ['QQ==\r\n\r\n', 'QQ==\r\n\r\n', 'QQ==', false],
    ['QUI=\n=\n', 'QUI=\n=\n', 'QUI=\n=', false],
    ['QUJD====', '====', 'QUJD====', false],
    ['Q', 'Q', 'Q', true],
    ['Q===', 'Q===', 'Q===', true],
    ['QQ==QUJD', 'QQ==QUJD', 'QQ==', true],
    ['QQ==\n.', 'QQ==\n.', 'QQ==', true],
    ['Q!Q==', 'Q!Q==', 'Q!Q==', true],
  ])('knows how %j ends', (raw, tail, data, broken) => {
    for (const width of [64, 4096]) {
      const content = base64(raw);
      const decoder = new Base64Decoder(content.window(width), content.start, content.end);
      readAll(decoder);
      expect(decoder.tailStart - content.start).toBe(raw.length - tail.length);
      expect(decoder.dataEnd - content.start).toBe(data.length);
      expect(decoder.isBroken).toBe(broken);
      expect(decoder.offset).toBe(content.end);
    }
  });

  const LINES = 'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5\n'.repeat(20);

  it.each([
    ['data after the padding', 'QUJDRA==\nRUZH\n', true],
    ['a footer in base64 after base64', `${LINES}QQ==\n${LINES}`, true],
    ['a plain footer after the padding', 'QUJDRA==\n\n__\nlist!\n', true],
    ['a group of one character', 'QUJDR', true],
    ['a plain footer after whole groups', `${LINES}\n_____________\nAna: https://lists.example.org/\n`, true],
    ['a footer without rare characters', `${LINES}\nThis is the list of Ana.\n`, true],
    ['plain text', 'Hello Ana,\n\nthis is no base64 at all.\n\n-- \nBea\n', true],
    ['plain text of one word', 'Thanks!\n', true],
    ['plain text without punctuation', 'Hello all\n', true],
    ['text beyond ASCII', 'Grüße aus Köln', true],
    ['HTML', '<p>Hello</p>\n', true],
    ['HTML around base64', `<table><tr><td>\n${LINES}</td></tr></table>\n`, true],
    ['the URL-safe alphabet', `${LINES}QU_D\n${LINES}`, true],
    ['a byte order mark', `\xef\xbb\xbf${LINES}`, true],
    ['well-formed lines', LINES, false],
    ['no padding', `${LINES}QUI`, false],
    ['a backslash before the first line', `\\${LINES}`, false],
    [
      'lines broken by `!`',
      `${LINES.replaceAll('\n', '')}!\n ${LINES.replaceAll('\n', '')}!\n ${LINES}`,
      false,
    ],
    ['lines joined by blanks', LINES.replaceAll('\n', ' '), false],
    ['blanks around lines', LINES.replaceAll('\n', ' \t\r\n  '), false],
    ['blank lines', LINES.replaceAll('\n', '\n\n \n'), false],
  ])('%s: %#', (_, raw, broken) => {
    for (const width of [64, 71, 4096]) expect(base64(raw).isBroken(width)).toBe(broken);
  });

  it('does not depend on where windows and blocks end in what it finds broken', () => {
    fc.assert(
      fc.property(contentOf(Base64, '='), anyWidth, anyBlock, (content, width, blockSize) => {
        const decoder = content.coding(width).decoder(content.start);
        readAll(decoder, blockSize);
        expect(decoder.isBroken).toBe(content.isBroken(65536));
      }),
      { numRuns: 100 },
    );
  });

  it('takes one look at each byte of what never ends', () => {
    const blanks = base64(`QUJDR${' \n'.repeat(2_000_000)}EVG`);
    expect(blanks.decoded().toString()).toBe('ABCDEF');
    expect(base64('!'.repeat(4_000_000)).isBroken()).toBe(true);
    expect(base64(`QUJDR${'='.repeat(4_000_000)}`).isBroken()).toBe(true);
  });
});

describe('quoted-printable', () => {
  it.each([
    ['a=3db', 'a=b'],
    ['soft=\nbreak', 'softbreak'],
    ['soft=  \r\nbreak', 'softbreak'],
    ['a=zz', 'a=zz'],
    ['a=4', 'a=4'],
    ['a=4\n', 'a=4\n'],
    ['==41', '=A'],
    ['=\rb', '=\rb'],
    ['=\r\rb', '=\r\rb'],
    ['cut off=', 'cut off'],
    ['cut off=\r', 'cut off'],
    ['cut off= \t\r', 'cut off'],
    ['x =  ', 'x '],
    ['blanks \t\r\n \n', 'blanks \t\r\n \n'],
    ['\xe4\0\x7f', '\xe4\0\x7f'],
    [`=${' '.repeat(997)}\nx`, 'x'],
    [`=${' '.repeat(998)}\nx`, `=${' '.repeat(998)}\nx`],
  ])('reads %.40j as %.40j', (raw, text) => {
    for (const width of [64, 4096]) {
      for (const blockSize of [8, 1000])
        expect(quotedPrintable(raw).decoded({ width, blockSize }).toString('latin1')).toBe(text);
    }
  });

  it.each([
    ['first line \nsecond\t \r\nthird', 'first line\nsecond\r\nthird'],
    ['at the end \t', 'at the end'],
    ['at the end \r', 'at the end\r'],
    [' \n\t\n', '\n\n'],
    ['kept =20\nand =\nso', 'kept  \nand so'],
    ['soft= \n break', 'soft break'],
    ['within a line', 'within a line'],
    ['  at its start', '  at its start'],
    ['a \rb', 'a \rb'],
    ['blank =3D', 'blank ='],
    ['-- \n', '--\n'],
    [`${' '.repeat(3000)}\nx`, '\nx'],
    [`${' '.repeat(3000)}x`, `${' '.repeat(3000)}x`],
  ])('that is written anew loses blanks at line ends: %#', (raw, text) => {
    for (const width of [64, 4096]) {
      for (const blockSize of [8, 1000])
        expect(quotedPrintable(raw).decodedAnew({ width, blockSize }).toString('latin1')).toBe(text);
    }
  });

  it('that is written anew is otherwise read as ever', () => {
    const pieces = fc.constantFrom(
      ' ',
      '\t',
      '=20',
      '=\n',
      '= \r\n',
      '\n',
      '\r\n',
      'word',
      '=',
      '   ',
      '=4',
      'x\r',
    );
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 100, size: 'max' }),
        anyWidth,
        anyBlock,
        (all, width, blockSize) => {
          const raw = all.join('');
          const expected = unquoted(raw.replace(/[ \t]+(?=\r?\n|\r?(?![\s\S]))/g, ''));
          expect(quotedPrintable(raw).decodedAnew({ width, blockSize })).toEqual(expected);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('takes one look at each byte of what never ends', () => {
    expect(
      quotedPrintable(`a${'=\n'.repeat(2_000_000)}b`)
        .decoded()
        .toString(),
    ).toBe('ab');
    expect(quotedPrintable(' '.repeat(4_000_000)).decodedAnew().length).toBe(0);
    expect(quotedPrintable(`${' '.repeat(4_000_000)}x`).decodedAnew().length).toBe(4_000_001);
    expect(quotedPrintable(`=${' '.repeat(996)}`.repeat(4000)).decoded().length).toBeGreaterThan(3_980_000);
  });
});

/** A message of five gigabytes that has some content near its end. */
class Sparse extends Source {
  readonly start = 4_999_999_000;
  readonly size = 5_000_000_000;

  constructor(readonly content: Buffer) {
    super();
  }

  read(offset: number, into: Uint8Array): number {
    const length = Math.min(into.length, this.size - offset);
    for (let i = 0; i < length; i++) into[i] = this.content[offset + i - this.start] ?? 0x20;
    return length;
  }
}

describe.each(CODED)('%s', (_, encoding) => {
  it('is read and added to beyond four gigabytes', () => {
    const text = Buffer.from('a text = of some length\n'.repeat(9));
    const source = new Sparse(encoded(encoding, text, '\n'));
    const end = source.start + source.content.length;
    const coding = codingOfContent(encoding, new Window(source, 64), source.start, end, '\n')!;
    const decoder = coding.decoder(source.start);
    expect(readAll(decoder)).toEqual(text);
    expect(decoder.offset).toBe(end);
    expect(coding.append(Buffer.from('more'), false)!.end).toBe(end);
    expect(coding.insert(new Place(source.start, 30), Buffer.from('abc'))!.start).toBeGreaterThan(
      source.start,
    );
  });

  it('is read back as what was written, in any pieces', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 600, size: 'max' }),
        fc.constantFrom('\n', '\r\n'),
        anyWidth,
        fc.array(fc.nat({ max: 600 }), { maxLength: 5 }),
        (bytes, lineEnd, width, cuts) => {
          const raw = encoded(encoding, bytes, lineEnd, cuts);
          expect(new Content(encoding, raw).decoded({ width })).toEqual(Buffer.from(bytes));
        },
      ),
      { numRuns: 200 },
    );
  });
});
