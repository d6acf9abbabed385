import { readFileSync } from 'node:fs';
import anyAscii from 'any-ascii';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { SPELLINGS_FILE, spellingsModule } from '../../scripts/generate-transliteration.ts';
import { transliterate } from '../../src/footer/transliterate.ts';
import { lacks } from '../helpers/needs.ts';
import { portableCode, WasmCore } from '../helpers/wasm.ts';

const SHAPELESS = /[\p{M}\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}]/u;

/** What is spelled, by the library and Node's own composition. */
function expected(text: string): string {
  return Array.from(
    text.normalize('NFC'),
    (character) => anyAscii(character) || (SHAPELESS.test(character) ? '' : '?'),
  ).join('');
}

/** Spellings were made with the Unicode data of one version of Node: characters that came later differ. */
const otherUnicode = lacks({
  what: 'a Node with the Unicode of src/footer/spellings.ts',
  packages: [],
  isMet: () => readFileSync(SPELLINGS_FILE, 'utf8').includes(`Unicode ${process.versions.unicode}'s`),
});

function* characters(): Generator<string> {
  for (let code = 0; code < 0x110000; code++)
    if (code < 0xd800 || code > 0xdfff) yield String.fromCodePoint(code);
}

describe('transliterate', () => {
  it.each([
    ['', ''],
    ['für alle', 'fur alle'],
    ['Привет', 'Privet'],
    ['Grüße – „Ütü“ €', 'Grusse - "Utu" EUR'],
    ['北京', 'BeiJing'],
    ['한국어', 'HanGugEo'],
    ['がぎぐ', 'gagigu'],
    ['👍🏽', ':thumbsup:'],
    ['a\u200db\ufe0f', 'ab'],
    ['\ue000', '?'],
    ['\ud83d', '?'],
    ['a\udc00b', 'a?b'],
    ['\u{e0041}', 'A'],
    ['\u{10ffff}', '?'],
  ])('spells %j as %j', (text, spelled) => {
    expect(transliterate(text)).toBe(spelled);
  });

  it.skipIf(otherUnicode)(`spells every character as any-ascii does${otherUnicode}`, () => {
    const differing = [...characters()].filter(
      (character) => transliterate(character) !== expected(character),
    );
    expect(differing).toEqual([]);
  });

  it('spells what any-ascii knows, whatever Node knows', () => {
    const known = [...characters()].filter(
      (character) => character.normalize('NFC') === character && anyAscii(character) !== '',
    );
    expect(known.length).toBeGreaterThan(120_000);
    expect(known.filter((character) => transliterate(character) !== anyAscii(character))).toEqual([]);
  });

  it('spells texts that are not composed as those that are', () => {
    // Not where letters carry several marks out of order: those that follow another are spelled alone.
    const composed = [...characters()].filter(
      (character) => character.normalize('NFD') !== character && character.normalize('NFC') === character,
    );
    expect(composed.length).toBeGreaterThan(12_000);
    const differing = composed.filter(
      (character) => transliterate(character.normalize('NFD')) !== expected(character),
    );
    expect(differing).toEqual([]);
  });

  it.each([
    ['й', 'y'],
    ['ё', 'e'],
    ['が', 'ga'],
    ['ﾊﾟ', 'ha`'],
    ['각', 'Gag'],
    ['각', 'Gag'],
    ['각ᆨ', 'Gagg'],
    ['ὥ', 'ho'],
    ['Ώ', 'O'],
  ])('composes %j first: %j', (text, spelled) => {
    expect(transliterate(text.normalize('NFD'))).toBe(spelled);
  });

  it('spells a text as its characters one by one where none composes', () => {
    const unit = fc.constantFrom(...'aß日本語カ한Яة€😀\n ');
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        expect(transliterate(text)).toBe(Array.from(text, transliterate).join(''));
      }),
    );
  });

  it('gives ASCII for anything', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(transliterate(text)).toMatch(/^[\0-\x7f]*$/);
      }),
    );
  });

  it.skipIf(otherUnicode)(
    `has the spellings that scripts/generate-transliteration.ts makes${otherUnicode}`,
    () => {
      expect(readFileSync(SPELLINGS_FILE, 'utf8') === spellingsModule()).toBe(true);
    },
  );
});

describe('in WebAssembly', () => {
  let core: WasmCore;

  beforeAll(() => {
    core = new WasmCore(portableCode(), 'transliterate');
  });

  function spelled(text: string): string {
    const bytes = Buffer.from(text);
    core.write(core.call('input', bytes.length), bytes);
    const length = core.call('spell');
    const result = core.read(core.call('output'), length).toString();
    core.call('collect');
    return result;
  }

  it('every character is spelled the same', () => {
    const all = [...characters()];
    for (let i = 0; i < all.length; i += 0x4000) {
      const text = all.slice(i, i + 0x4000).join('\n');
      expect(spelled(text) === transliterate(text)).toBe(true);
    }
  });

  it('so is every text', () => {
    const unit = fc.constantFrom(
      ...'aßИиかハ한각ᄒ',
      '\u0306',
      '\u0308',
      '\u3099',
      '\u309a',
      '\u1161',
      '\u11a8',
      '\u{16d63}',
      '\u{16d67}',
    );
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        expect(spelled(text)).toBe(transliterate(text));
      }),
    );
  });
});
