import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Edit } from '../../../src/mime/edit.ts';
import { Place } from '../../../src/mime/encoding/decoder.ts';
import { TransferEncoding } from '../../../src/mime/encoding/transfer-encoding.ts';
import { CODED, Content, expectedOf } from './content.ts';

const { Base64, QuotedPrintable, SevenBit } = TransferEncoding;

/** mailparser's reader, which drops blanks at line ends. */
const mailparser = createRequire(createRequire(import.meta.url).resolve('mailparser'));
const libqp = mailparser('libqp') as { decode(text: Buffer): Buffer };

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const anyWidth = fc.constantFrom(64, 65, 100, 4096);
const anyLineEnd = fc.constantFrom('\n', '\r\n');

/** The place of the n-th decoded byte, seen from a stop of a decoder before it. */
function placeOf(content: Content, nth: number, blockSize: number): Place {
  const decoder = content.coding().decoder(content.start);
  const block = new Uint8Array(blockSize);
  let [offset, before] = [decoder.offset, 0];
  for (let length = decoder.read(block); length > 0 && before + length <= nth; length = decoder.read(block)) {
    before += length;
    offset = decoder.offset;
  }
  return new Place(offset, nth - before);
}

function insert(content: Content, nth: number, text: string): Edit | null {
  return content.coding().insert(placeOf(content, nth, 1000), latin1(text));
}

function inserted(
  encoding: TransferEncoding,
  raw: string,
  nth: number,
  text: string,
  lineEnd = '\n',
): string {
  const content = new Content(encoding, latin1(raw), lineEnd);
  return content.edited(insert(content, nth, text)!).toString('latin1');
}

function appended(
  encoding: TransferEncoding,
  raw: string,
  text: string,
  needsLineEnd = false,
  lineEnd = '\n',
): string {
  const content = new Content(encoding, latin1(raw), lineEnd);
  return content.edited(content.coding().append(latin1(text), needsLineEnd)!).toString('latin1');
}

/** Text as it is put in: its lines end as the message's do. */
const texts = (lineEnd: string) =>
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          lineEnd,
          `${lineEnd}${lineEnd}`,
          '--',
          '-',
          '-- ',
          ' ',
          '\t',
          '.',
          'From ',
          '=',
          '3D',
          '1',
          'F',
        ),
        fc.constantFrom(
          'a word',
          '\xc3\xbc',
          '\xe4',
          'a line that goes on and on and on, until there is no room for it',
          '\r',
        ),
      ),
      { maxLength: 12 },
    )
    .map((pieces) => pieces.join(''));

const qpPieces = (lineEnd: string) =>
  fc.oneof(
    fc.constantFrom(
      lineEnd,
      `=${lineEnd}`,
      `= ${lineEnd}`,
      '=3D',
      '=c3=BC',
      'word',
      'words of text',
      '-',
      '--',
      '--b--',
      '.',
    ),
    fc.constantFrom('From ', ' ', '=20', '=', '=4', '= ', '\r', '=\r', '\xe4', 'A', 'x'.repeat(40)),
  );

const qpContent = (lineEnd: string, end: string) =>
  fc
    .array(qpPieces(lineEnd), { maxLength: 30 })
    .map((pieces) => new Content(QuotedPrintable, latin1(pieces.join('') + end), lineEnd));

const base64Content = (lineEnd: string) =>
  fc
    .record({
      bytes: fc.uint8Array({ maxLength: 300 }),
      length: fc.integer({ min: 3, max: 80 }),
      padded: fc.boolean(),
      end: fc.constantFrom('', lineEnd, `${lineEnd}${lineEnd}`, ' '),
    })
    .map(({ bytes, length, padded, end }) => {
      const lines =
        Buffer.from(bytes)
          .toString('base64')
          .match(new RegExp(`.{1,${length}}`, 'g')) ?? [];
      const text = lines.join(lineEnd);
      return new Content(Base64, latin1((padded ? text : text.replaceAll('=', '')) + end), lineEnd);
    });

const plainContent = (lineEnd: string) =>
  fc
    .string({ unit: fc.constantFrom('a', ' ', lineEnd, '\xe4'), maxLength: 60 })
    .map((text) => new Content(SevenBit, latin1(text), lineEnd));

function contentOf(encoding: TransferEncoding, lineEnd: string): fc.Arbitrary<Content> {
  if (encoding === Base64) return base64Content(lineEnd);
  if (encoding === SevenBit) return plainContent(lineEnd);
  return fc.constantFrom('', '', '=', '=\r', '= ').chain((end) => qpContent(lineEnd, end));
}

/** All that is needed to put some text in somewhere. */
const insertionInto = (encoding: TransferEncoding) =>
  anyLineEnd.chain((lineEnd) =>
    fc.record({
      lineEnd: fc.constant(lineEnd),
      content: contentOf(encoding, lineEnd),
      text: texts(lineEnd),
      nth: fc.nat(),
      blockSize: fc.constantFrom(8, 9, 31, 1000),
      width: anyWidth,
    }),
  );

function expectSeamless(content: Content, edit: Edit, expected: Buffer): Buffer {
  expect(edit.start).toBeGreaterThanOrEqual(content.start);
  expect(edit.end).toBeGreaterThanOrEqual(edit.start);
  expect(edit.end).toBeLessThanOrEqual(content.end);
  const raw = content.edited(edit);
  expect(expectedOf(content.encoding, raw)).toEqual(expected);
  expect(new Content(content.encoding, raw, content.lineEnd).decoded()).toEqual(expected);
  return raw;
}

const isLong = (line: string) => line.length > 76;

/** Lines as scanners see them: what begins with `--` may be a delimiter. */
function dashedLines(raw: Buffer): string[] {
  return raw
    .toString('latin1')
    .split(/\r?\n/)
    .filter((line) => line.startsWith('--'));
}

function expectGoodLines(content: Content, raw: Buffer): void {
  const lines = (bytes: Buffer) => bytes.toString('latin1').split(/\r?\n/);
  // A blank that stands after base64 stays there.
  if (!lines(content.raw).some(isLong) && content.raw.at(-1) !== 0x20)
    expect(lines(raw).filter(isLong)).toEqual([]);
  if (content.encoding === QuotedPrintable) {
    const before = new Set(dashedLines(content.raw));
    for (const line of dashedLines(raw)) expect(before).toContain(line);
  }
}

describe.each(CODED)('%s', (_, encoding) => {
  it('takes text anywhere, and is read as what was before it, the text, and what was after it', () => {
    fc.assert(
      fc.property(insertionInto(encoding), ({ content, text, nth, blockSize, width }) => {
        const whole = expectedOf(encoding, content.raw);
        const at = nth % (whole.length + 1);
        const place = placeOf(content, at, blockSize);
        const edit = content.coding(width).insert(place, latin1(text))!;
        const expected = Buffer.concat([whole.subarray(0, at), latin1(text), whole.subarray(at)]);
        const raw = expectSeamless(content, edit, expected);
        if (encoding !== SevenBit) expectGoodLines(content, raw);
        expect(content.coding(65536).insert(place, latin1(text))).toEqual(edit);
      }),
      { numRuns: 700 },
    );
  });

  it('takes text at its end', () => {
    fc.assert(
      fc.property(
        insertionInto(encoding),
        fc.boolean(),
        ({ content, lineEnd, text, width }, needsLineEnd) => {
          fc.pre(text !== '');
          const whole = expectedOf(encoding, content.raw);
          const edit = content.coding(width).append(latin1(text), needsLineEnd)!;
          const isEnded = text.endsWith(encoding === SevenBit ? '\n' : lineEnd);
          const end = needsLineEnd && encoding !== Base64 && !isEnded ? lineEnd : '';
          const raw = expectSeamless(content, edit, Buffer.concat([whole, latin1(text), latin1(end)]));
          if (encoding !== SevenBit) expectGoodLines(content, raw);
          if (needsLineEnd) expect(raw.at(-1)).toBe(0x0a);
          expect(content.coding().append(latin1(text), needsLineEnd)).toEqual(edit);
        },
      ),
      { numRuns: 700 },
    );
  });

  it('takes no text as none', () => {
    const content = new Content(encoding, latin1(encoding === Base64 ? 'QUJDQUI=' : 'text'));
    expect(content.edited(content.coding().append(new Uint8Array(0), false)!)).toEqual(content.raw);
    expect(
      content
        .edited(insert(content, 1, '')!)
        .toString()
        .replaceAll('\n', ''),
    ).toBe(content.raw.toString());
  });
});

/** Decodes each of some contents as Python does. */
const PYTHON = `
import binascii, json, sys
read = {3: binascii.a2b_qp, 4: binascii.a2b_base64}[int(sys.argv[1])]
print(json.dumps([read(bytes.fromhex(raw)).hex() for raw in json.load(sys.stdin)]))
`;

import { lacks, program } from '../../helpers/needs.ts';

const noPython = lacks(program('python3'));

describe.skipIf(noPython).each(CODED.slice(1))(`%s${noPython}`, (_, encoding) => {
  it('is read so by Python too', () => {
    // What Python makes of a lone = or CR, and of base64 without its padding, is its own.
    const isPlain = (raw: string) =>
      encoding === Base64
        ? raw.replace(/\s/g, '').length % 4 === 0
        : !/=(?![0-9A-Fa-f]{2}|\r?\n)|\r(?!\n)/.test(raw);
    const samples = fc
      .sample(insertionInto(encoding), 1500)
      .filter(({ content, text }) => isPlain(content.raw.toString('latin1')) && !text.includes('\r\r'));
    const all = samples.map(({ content, text, nth }) => {
      const whole = expectedOf(encoding, content.raw);
      const at = nth % (whole.length + 1);
      return {
        raw: content.edited(insert(content, at, text)!),
        text: Buffer.concat([whole.subarray(0, at), latin1(text), whole.subarray(at)]),
      };
    });
    const input = JSON.stringify(all.map(({ raw }) => raw.toString('hex')));
    const { stdout } = spawnSync('python3', ['-c', PYTHON, String(encoding)], { input, encoding: 'utf8' });
    expect(JSON.parse(stdout)).toEqual(all.map((each) => each.text.toString('hex')));
    expect(all.length).toBeGreaterThan(50);
  });
});

describe('quoted-printable', () => {
  it.each(['.--', 'From --', '.From --', '..--', '---'])(
    'what follows %j begins no line as a delimiter',
    (start) => {
      const content = new Content(QuotedPrintable, Buffer.from(`a${start}${'x'.repeat(84)}`));
      const raw = content.edited(insert(content, 1, 'bc')!);
      expect(dashedLines(raw)).toEqual([]);
      expect(expectedOf(QuotedPrintable, raw).toString('latin1')).toBe(`abc${start}${'x'.repeat(84)}`);
    },
  );

  it.each([
    ['text', '\nF', 'text\nF'],
    ['text\n', 'F\n', 'text\nF\n'],
    ['', 'F', 'F'],
    ['goes on=\n', '\nF', 'goes on=\n\nF'],
    ['goes on=\n', 'F', 'goes on=\nF'],
    ['cut off=', '\nF', 'cut off=\n\nF'],
    ['cut off= \t', 'F', 'cut off= \t\nF'],
    ['cut off=\r', '\nF', 'cut off=\r\n\nF'],
    ['blank ', '\nF', 'blank =\n\nF'],
    ['blank ', 'F', 'blank F'],
    ['a=4', '1', 'a=4=\n1'],
    ['a=4', '\n1', 'a=4=\n\n1'],
    ['x\n--b', '\nF', 'x\n--b\nF'],
    ['x\n--b', 'F', 'x\n=2D-bF'],
    ['x\n--b ', '\nF', 'x\n=2D-b=20\nF'],
    ['x\n-', '-b', 'x\n=2D-b'],
    ['x\n-', 'b', 'x\n-b'],
    ['x', '\n-----', 'x\n=2D----'],
    ['x'.repeat(76), '\nF', `${'x'.repeat(76)}\nF`],
    [`${'x'.repeat(75)} `, '\nF', `${'x'.repeat(75)}=\n=20\nF`],
    ['x'.repeat(76), 'F', `${'x'.repeat(75)}=\nxF`],
    ['x'.repeat(80), 'F', `${'x'.repeat(80)}=\nF`],
  ])('%j goes on with %j as %j', (raw, text, expected) => {
    expect(appended(QuotedPrintable, raw, text)).toBe(expected);
  });

  it('ends its last line where nothing else does', () => {
    expect(appended(QuotedPrintable, 'text', '\nF ', true)).toBe('text\nF=20\n');
    expect(appended(QuotedPrintable, 'text', '\r\nF\r\n', true, '\r\n')).toBe('text\r\nF\r\n');
    expect(appended(QuotedPrintable, 'text', '', true)).toBe('text\n');
    expect(appended(QuotedPrintable, 'text\n', '', true)).toBe('text\n');
    expect(appended(QuotedPrintable, 'blank ', '', true)).toBe('blank =\n');
    expect(appended(QuotedPrintable, 'cut off=', '', true)).toBe('cut off=\n');
    expect(appended(QuotedPrintable, '', '', true)).toBe('');
  });

  it('does not become a delimiter where a line is cut in two', () => {
    const line = '--boundary--</BODY></HTML>';
    expect(inserted(QuotedPrintable, `x\n${line}`, 14, '\nF\n')).toBe('x\n=2D-boundary--\nF\n</BODY></HTML>');
    expect(inserted(QuotedPrintable, 'x\nabc--b\n', 5, '\nF\n')).toBe('x\nabc\nF\n=2D-b\n');
    expect(inserted(QuotedPrintable, `${'x'.repeat(36)}${'-'.repeat(40)}`, 36, '\nF\n')).not.toMatch(/^--/m);
    // A whole line remains what it was.
    expect(inserted(QuotedPrintable, 'x\n--b\n', 2, 'F\n')).toBe('x\nF\n--b\n');
  });

  it('does not let what follows make the last line too long', () => {
    const raw = inserted(QuotedPrintable, `ab${'y'.repeat(70)}\n`, 1, 'x'.repeat(30));
    expect(raw).toBe(`a${'x'.repeat(30)}=\nb${'y'.repeat(70)}\n`);
  });

  it('is read so by mailparser too', () => {
    fc.assert(
      fc.property(insertionInto(QuotedPrintable), ({ content, text, nth }) => {
        // They drop blanks at line ends, and what they make of a lone = or CR is their own.
        fc.pre(!/[ \t]\r?(?:\n|$)|=(?![0-9A-Fa-f]{2}|\r?\n)|\r(?!\n)/.test(content.raw.toString('latin1')));
        const whole = libqp.decode(content.raw);
        const at = nth % (whole.length + 1);
        const raw = content.edited(insert(content, at, text)!);
        expect(libqp.decode(raw)).toEqual(
          Buffer.concat([whole.subarray(0, at), latin1(text), whole.subarray(at)]),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('is the same the second time', () => {
    for (const raw of ['text', 'cut off=\r', 'cut off=', 'soft=\n', 'blank ', 'a=4', '--b', 'text\n']) {
      const once = latin1(appended(QuotedPrintable, raw, '\n-- \nAna'));
      const text = expectedOf(QuotedPrintable, once).toString('latin1');
      expect(text).toBe(`${expectedOf(QuotedPrintable, latin1(raw)).toString('latin1')}\n-- \nAna`);
    }
  });
});

describe('base64', () => {
  const LINE = 'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0';

  it.each([
    ['QUJD', 'DE', 'QUJDREU='],
    ['QUI=', 'CD', 'QUJDRA=='],
    ['QQ==\n\n', 'BCD', 'QUJDRA==\n\n'],
    ['QQ', 'BCD', 'QUJDRA=='],
    ['QUJD\n', 'DEF', 'QUJD\nREVG'],
    ['', 'ABC', 'QUJD'],
    [`${LINE}\nQQ==\n`, 'BC', `${LINE}\nQUJD\n`],
    [LINE, 'ABC', `${LINE}\nQUJD`],
    ['QUJDREVG\nQUJDREVG\nQQ==', 'BCDEFGH', 'QUJDREVG\nQUJDREVG\nQUJDREVG\nR0g='],
    ['QUJD\nREVG\nQQ==', 'BCDEFGH', 'QUJD\nREVG\nQUJD\nREVG\nR0g='],
    ['QUJD====', 'DEF', 'QUJDREVG'],
  ])('%j goes on with %j as %j', (raw, text, expected) => {
    expect(appended(Base64, raw, text)).toBe(expected);
  });

  it('ends its last line where nothing else does', () => {
    expect(appended(Base64, 'QUJD', 'DEF', true)).toBe('QUJDREVG\n');
    expect(appended(Base64, 'QUI=\n', 'C', true)).toBe('QUJD\n');
    expect(appended(Base64, 'QUI= ', 'C', true)).toBe('QUJD \n');
    expect(appended(Base64, 'QUJD\r\n', 'DEF', true, '\r\n')).toBe('QUJD\r\nREVG\r\n');
  });

  it.each([
    ['QUJDREVG', 3, 'xyz', 'QUJDeHl6\nREVG'],
    ['QUJD\nREVG\n', 3, 'xyz', 'QUJD\neHl6\nREVG\n'],
    ['QUJDREVG', 4, 'xyz', 'QUJDRHh5ekVG'],
    ['QUJDREVG\nQUJD\n', 4, 'xyz', 'QUJDRHh5\nekVG\nQUJD\n'],
    ['QUJDREVG\n', 3, 'x', 'QUJDeERFRg==\n'],
    ['QUJDREU=\n', 4, 'xyz', 'QUJDRHh5ekU=\n'],
  ])('%j at %d takes %j as %j', (raw, nth, text, expected) => {
    expect(inserted(Base64, raw, nth, text)).toBe(expected);
  });

  it('has nothing but the group at the place written again for text in whole groups', () => {
    const content = new Content(Base64, latin1(`${LINE}\n`.repeat(4000)));
    for (const nth of [0, 1, 2, 57, 100, 5000]) {
      const edit = insert(content, nth, 'x'.repeat(300))!;
      expect(edit.end - edit.start).toBeLessThanOrEqual(5);
    }
    expect(content.coding().unitLength).toBe(3);
  });

  it('has all that follows written again for other text, if it is little', () => {
    const content = new Content(Base64, latin1(`${LINE}\n`.repeat(4000)));
    const length = content.decoded().length;
    expect(insert(content, 100, 'x')).toBeNull();
    expect(insert(content, length - 30_000, 'x')).not.toBeNull();
  });

  it.each([
    ['QUJDRA==\nRUZH\n'],
    ['QUJDRA==\n\n__\nlist!\n'],
    ['QUJDR'],
    ['Hello Ana,\n\nthis is no base64.\n'],
  ])('%j is too broken to add to', (raw) => {
    const content = new Content(Base64, latin1(raw));
    expect(content.coding().append(latin1('F'), false)).toBeNull();
    expect(content.coding().insert(new Place(content.start, 0), latin1('abc'))).toBeNull();
  });

  it('keeps a stray that readers pass over', () => {
    expect(appended(Base64, `\\${LINE}\n`, 'ABC')).toBe(`\\${LINE}\nQUJD`);
  });

  it('knows its end from whoever read it, and reads what is left', () => {
    const content = new Content(Base64, latin1(`${LINE}\n`.repeat(50)));
    const fresh = content.coding().append(latin1('AB'), false);
    const begun = content.coding();
    begun.decoder(content.start).read(new Uint8Array(100));
    expect(begun.append(latin1('AB'), false)).toEqual(fresh);
    const looked = content.coding();
    const decoder = looked.decoder(content.start);
    while (decoder.read(new Uint8Array(100)) > 0);
    looked.decoder(content.start).read(new Uint8Array(9));
    expect(looked.append(latin1('AB'), false)).toEqual(fresh);
  });
});

describe('7bit', () => {
  it('is added to as it is', () => {
    expect(appended(SevenBit, 'text', '\nF')).toBe('text\nF');
    expect(appended(SevenBit, 'text', '\nF', true)).toBe('text\nF\n');
    expect(appended(SevenBit, 'text', '\r\nF', true, '\r\n')).toBe('text\r\nF\r\n');
    expect(appended(SevenBit, 'text\n', 'F\n', true)).toBe('text\nF\n');
    expect(inserted(SevenBit, 'text', 2, 'F')).toBe('teFxt');
  });
});
