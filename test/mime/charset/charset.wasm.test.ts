import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { allLabels } from '../../../scripts/charset-labels.ts';
import { charsetByMark, charsetNamed, excludesAscii } from '../../../src/mime/charset/charsets.ts';
import { portableCode, WasmCore } from '../../helpers/wasm.ts';
import { decoded, encoded, MULTI_BYTE, SINGLE_BYTE, shortTexts } from './readers.ts';

let core: WasmCore;

beforeAll(() => {
  core = new WasmCore(portableCode(), 'charset');
});

/** What a function of the core gives for a label and the bytes after it; null where it gives none. */
function given(name: string, label: string, bytes: Uint8Array, ...more: number[]): Buffer | null {
  const start = Buffer.from(label);
  const input = core.call('input', start.length + bytes.length);
  core.write(input, Buffer.concat([start, bytes]));
  const length = core.call(name, ...(name === 'named' ? [] : [start.length]), ...more);
  const output = length < 0 ? null : core.read(core.call('output'), length);
  core.call('collect');
  return output;
}

const ALL = [
  ...SINGLE_BYTE,
  ...MULTI_BYTE,
  'utf-8',
  'utf-16le',
  'utf-16be',
  'utf-32le',
  'utf-32be',
  'iso-2022-jp',
  'iso-2022-kr',
  'hz-gb-2312',
];

const byte = fc.oneof(
  fc.nat(0xff),
  fc.constantFrom(...Buffer.from('\x1b$B(BJI)C\x0e\x0f~{}\n0!\x8e\x8f\xa1\xd8\xdc\x00', 'latin1')),
);
const bytes = fc.array(byte, { maxLength: 16 }).map((all) => Uint8Array.from(all));
const piece = fc.integer({ min: 1, max: 7 });

/** All that the charset can hold of the basic plane, and of plane 2 where it can hold any. */
function repertoire(charset: string): string {
  const last = SINGLE_BYTE.includes(charset) ? 0x26ff : charset === 'big5' ? 0x2ffff : 0xffff;
  let text = '';
  for (let code = 0; code <= last; code++) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const character = String.fromCodePoint(code);
    if (encoded(charset, character) !== null) text += character;
  }
  return text;
}

describe('in WebAssembly', () => {
  it('labels mean the same', () => {
    for (const label of [...allLabels().keys(), 'x-unknown', '', 'iso-8859-8-visual', 'utf-32', '\x80']) {
      expect([label, given('named', label, new Uint8Array(0))?.toString()]).toEqual([
        label,
        charsetNamed(label)?.name,
      ]);
      core.write(core.call('input', label.length), Buffer.from(label, 'latin1'));
      expect(core.call('excludes') === 1).toBe(excludesAscii(label));
    }
    for (const label of ['utf-16', 'utf-32', 'utf-8'])
      for (const mark of ['\xff\xfe', '\xfe\xff', '\xff\xfe\0\0', '\0\0\xfe\xff', '\xff', '', '\0a']) {
        const bytes = Buffer.from(label + mark, 'latin1');
        core.write(core.call('input', bytes.length), bytes);
        const expected = charsetByMark(label, bytes.subarray(label.length)) !== null;
        expect(core.call('isMarked', label.length) === 1).toBe(expected);
      }
  });

  it.each(ALL)('%s writes and reads the same characters', (charset) => {
    const text = repertoire(charset);
    const written = encoded(charset, text)!;
    expect(given('encode', charset, Buffer.from(text))!.equals(written)).toBe(true);
    expect(given('decode', charset, written, 1000)!.toString()).toBe(text);
    for (const lacking of ['\u0378', '\ue000', '\u{1f600}'])
      expect(given('encode', charset, Buffer.from(lacking))).toEqual(
        encoded(charset, lacking) && Buffer.from(encoded(charset, lacking)!),
      );
  });

  it.each(MULTI_BYTE)('texts of two bytes are the same in %s', (charset) => {
    for (const text of shortTexts(charset)) {
      if (text.length > 1 && (text[0]! * 7 + text[1]!) % 13 > 0) continue;
      const theirs = given('decode', charset, text, 2)?.toString() ?? null;
      if (theirs !== decoded(charset, text)) expect([text, theirs]).toEqual([text, decoded(charset, text)]);
    }
  });

  it('anything is read, viewed and led back the same', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ALL), bytes, piece, (charset, text, cut) => {
        expect(given('decode', charset, text, cut)?.toString() ?? null).toBe(decoded(charset, text));
        const view = charsetNamed(charset)!.asciiView();
        const units = new Uint8Array(text.length);
        const count = view.view(text, 0, text.length, units);
        expect([...given('view', charset, text, cut)!]).toEqual([...units.subarray(0, count)]);
        expect([...given('resetAfter', charset, text)!]).toEqual([
          ...charsetNamed(charset)!.resetAfter(text),
        ]);
      }),
      { numRuns: 3000 },
    );
  });

  it('UTF-8 is validated the same', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          bytes,
          fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
        ),
        piece,
        (text, cut) => {
          core.write(core.call('input', text.length), text);
          const isValid = decoded('utf-8', text) !== null;
          expect((core.call('validate', cut) & 1) === 1).toBe(isValid);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
