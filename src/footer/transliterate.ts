// A footer in ASCII, for a part in which nothing else is certain to be read right.
import { ByteBuilder } from '../mime/byte-builder.ts';
import { latin1 } from '../mime/bytes.ts';
import { codePointAt, unitsOf } from '../mime/charset/code-points.ts';
import {
  BLOCK,
  BLOCKS,
  BLOCKS_END,
  BOOK_CODES,
  BOOKS,
  CODES,
  COMPOSITIONS,
  ENDINGS,
  PAIRS,
  SEPARATOR,
  SUPPLEMENTARY_COMPOSITIONS,
} from './spellings.ts';

/**
 * Spells a text in ASCII: `für` becomes `fur`, `Привет` becomes `Privet`. What no one can spell becomes a question mark,
 * or nothing where nobody would miss it: marks, joiners, variation selectors.
 *
 * A letter and its mark are composed first where they are spelled otherwise together (`й`, `が`). QUIRK: only where
 * they stand side by side; a mark after another one is spelled alone, which is nothing for most of them.
 */
export function transliterate(text: string): string {
  const spelled = new ByteBuilder();
  const speller = new Speller(spelled);
  for (let i = 0; i < text.length; ) {
    let point = codePointAt(text, i);
    i += unitsOf(point);
    while (i < text.length) {
      const next = codePointAt(text, i);
      const composed = composition(point, next);
      if (composed === 0) break;
      point = composed;
      i += unitsOf(next);
    }
    speller.add(point);
  }
  return latin1(spelled.data, 0, spelled.length);
}

// Hangul: a syllable is a leading consonant, a vowel, and perhaps a trailing consonant (Unicode §3.12).
const FIRST_SYLLABLE: i32 = 0xac00;
const LAST_SYLLABLE: i32 = 0xd7a3;
const FIRST_LEADING: i32 = 0x1100;
const FIRST_VOWEL: i32 = 0x1161;
/** The one before the first: a syllable may have none. */
const NO_TRAILING: i32 = 0x11a7;

const LEADING = 'G Kk N D Tt L M B Pp S Ss  J Jj Ch K T P H';
const VOWELS = 'a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i';
const TRAILING = ' g kk gs n nj nh d l lg lm lb ls lt lp lh m b bs s ss ng j ch k t p h';

const LEADING_COUNT: i32 = 19;
const VOWEL_COUNT: i32 = 21;
const TRAILING_COUNT: i32 = 28;

/** No character below this one composes with the one before it. */
const FIRST_MARK: i32 = 0x300;

/** What two characters are together, if that is spelled otherwise than both alone; else 0. */
function composition(point: i32, next: i32): i32 {
  if (next < FIRST_MARK) return 0;
  const leading = point - FIRST_LEADING;
  const vowel = next - FIRST_VOWEL;
  if (leading >= 0 && leading < LEADING_COUNT && vowel >= 0 && vowel < VOWEL_COUNT)
    return FIRST_SYLLABLE + (leading * VOWEL_COUNT + vowel) * TRAILING_COUNT;
  const trailing = next - NO_TRAILING;
  if (trailing > 0 && trailing < TRAILING_COUNT && isSyllable(point)) {
    return (point - FIRST_SYLLABLE) % TRAILING_COUNT === 0 ? point + trailing : 0;
  }
  return point < 0x10000 ? basicComposition(point, next) : supplementaryComposition(point, next);
}

function isSyllable(point: i32): boolean {
  return point >= FIRST_SYLLABLE && point <= LAST_SYLLABLE;
}

function basicComposition(point: i32, next: i32): i32 {
  let low = 0;
  let high = i32(COMPOSITIONS.length / 3);
  while (low < high) {
    const middle = (low + high) >> 1;
    const base: i32 = COMPOSITIONS.charCodeAt(3 * middle);
    const mark: i32 = COMPOSITIONS.charCodeAt(3 * middle + 1);
    if (base === point && mark === next) return COMPOSITIONS.charCodeAt(3 * middle + 2);
    if (base < point || (base === point && mark < next)) low = middle + 1;
    else high = middle;
  }
  return 0;
}

/** There are some thirty. */
function supplementaryComposition(point: i32, next: i32): i32 {
  const all = SUPPLEMENTARY_COMPOSITIONS;
  for (let i = 0; i < all.length; ) {
    const base = codePointAt(all, i);
    i += unitsOf(base);
    const mark = codePointAt(all, i);
    i += unitsOf(mark);
    const composed = codePointAt(all, i);
    i += unitsOf(composed);
    if (base === point && mark === next) return composed;
  }
  return 0;
}

/** Tags are an invisible ASCII, in a plane of what is invisible. */
const TAGS: i32 = 0xe0000;
const TAGS_END: i32 = 0xe1000;

const UNKNOWN: i32 = 0x3f;

/** Appends how characters are spelled. */
class Speller {
  private book: i32 = 0;
  /** How many spellings come before the one that is wanted; below 0 when that has been read. */
  private before: i32 = 0;

  constructor(private readonly into: ByteBuilder) {}

  add(point: i32): void {
    if (point < 0x80) this.into.add(point);
    else if (isSyllable(point)) this.addSyllable(point - FIRST_SYLLABLE);
    else if (point < BLOCKS_END) this.addFromBlock(point);
    else if (point < TAGS || point >= TAGS_END) this.into.add(UNKNOWN);
    else if (point > TAGS + 0x1f && point < TAGS + 0x7f) this.into.add(point - TAGS);
  }

  private addSyllable(index: i32): void {
    const start = this.into.length;
    this.addWord(LEADING, i32(index / (VOWEL_COUNT * TRAILING_COUNT)));
    const hasLeading = this.into.length > start;
    this.addWord(VOWELS, i32(index / TRAILING_COUNT) % VOWEL_COUNT);
    if (!hasLeading) this.into.data[start] = u8(this.into.data[start] - 0x20);
    this.addWord(TRAILING, index % TRAILING_COUNT);
  }

  /** Appends a word of a list with spaces between the words, some of which are empty. */
  private addWord(words: string, index: i32): void {
    let at = 0;
    for (let spaces = 0; spaces < index; at++) if (words.charCodeAt(at) === 0x20) spaces++;
    for (; at < words.length && words.charCodeAt(at) !== 0x20; at++) this.into.add(words.charCodeAt(at));
  }

  private addFromBlock(point: i32): void {
    this.book = BOOKS.length - 1;
    while (BOOKS[this.book] > point) this.book--;
    let at = 2 * (BOOK_CODES[this.book] + BLOCKS.charCodeAt(i32(point / BLOCK)));
    this.before = point % BLOCK;
    while (this.before >= 0) {
      const code = byteAt(CODES, at++);
      const endings = byteAt(ENDINGS, 256 * this.book + code);
      if (endings < this.before) this.before -= endings;
      else this.expand(code);
    }
  }

  /** Appends what of the wanted spelling a code stands for. Codes are nested some ten deep at most, by their making. */
  private expand(code: i32): void {
    const pair: i32 = PAIRS.charCodeAt(256 * this.book + code);
    if (pair !== 0) {
      this.expand(pair & 0xff);
      if (this.before >= 0) this.expand(pair >> 8);
    } else if (code === SEPARATOR) this.before--;
    else if (this.before === 0) this.into.add(code);
  }
}

/** Two bytes are in each unit, the first one low. */
function byteAt(packed: string, index: i32): i32 {
  const unit: i32 = packed.charCodeAt(index >> 1);
  return (index & 1) === 0 ? unit & 0xff : unit >> 8;
}
