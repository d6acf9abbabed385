/**
 * Whether the content of an element is shown, as far as its own tag tells: by what it is, by `hidden`, and by the ways in
 * which mail hides preheaders in a style attribute. Style sheets are not read.
 */
import { BACKSLASH, COLON, indexOf, lowerCase, SEMICOLON, SLASH } from '../mime/bytes.ts';
import { Trait } from './element-stack.ts';
import { HtmlElement } from './elements.ts';
import { attributeBit, HtmlTokenizer } from './tokenizer.ts';

/** Bytes of a style attribute that are read; mail's have some hundred. */
const STYLE_LIMIT: i32 = 4096;

/** Three searches are faster than a look at each byte above this. */
const SHORT_STYLE: i32 = 16;

const AMPERSAND: i32 = 0x26;
const ASTERISK: i32 = 0x2a;

/** Text smaller than this is not seen. */
const TINY_PIXELS: number = 2;
const TINY_EMS: number = 0.15;
const FAINT: number = 0.05;

/** Pixels to the side: beyond this is outside of any window. */
const OUTSIDE: number = -900;

export class Visibility {
  private readonly hiddenBit: i32 = attributeBit('hidden');
  private readonly styleBit: i32 = attributeBit('style');
  /** The attribute's value is style[from, to): the tag's own bytes, or `memory`. */
  private style: Uint8Array = new Uint8Array(0);
  private from: i32 = 0;
  private to: i32 = 0;
  private readonly memory: Uint8Array = new Uint8Array(STYLE_LIMIT);
  /** The declaration at hand: its name and its value, without the blanks around them. */
  private nameStart: i32 = 0;
  private nameEnd: i32 = 0;
  private valueStart: i32 = 0;
  private valueEnd: i32 = 0;
  /** What `isNumberAt` read: the number, and where its unit begins. */
  private numeral: number = 0;
  private unitStart: i32 = 0;
  /** Both are true of what is cut to nothing. */
  private clips: boolean = false;
  private isFlat: boolean = false;

  /** @returns Trait.Hides, HidesText and ShowsText. @param tokenizer at a start tag */
  traitsOf(tokenizer: HtmlTokenizer): i32 {
    const bits = tokenizer.attributeBits;
    let traits: i32 = this.traitsWithoutOpen(tokenizer);
    if ((bits & this.hiddenBit) !== 0 && tokenizer.findAttribute('hidden')) traits |= Trait.Hides;
    if ((bits & this.styleBit) !== 0 && tokenizer.findAttribute('style'))
      traits |= this.traitsOfStyle(tokenizer);
    return traits;
  }

  private traitsWithoutOpen(tokenizer: HtmlTokenizer): i32 {
    const element = tokenizer.element;
    if (element !== HtmlElement.Dialog && element !== HtmlElement.Details) return Trait.None;
    if (tokenizer.findAttribute('open')) return Trait.None;
    return element === HtmlElement.Dialog ? Trait.Hides : Trait.HidesText;
  }

  /** A picture of the size of a point: mail counts its readers with them. */
  isPixel(tokenizer: HtmlTokenizer): boolean {
    return this.isPoint(tokenizer, 'width') || this.isPoint(tokenizer, 'height');
  }

  private isPoint(tokenizer: HtmlTokenizer, name: string): boolean {
    if (!tokenizer.findAttribute(name)) return false;
    this.takeValue(tokenizer);
    this.valueEnd = this.to;
    return this.isNumberAt(this.from) && this.numeral <= 1 && !this.isUnit('%');
  }

  private traitsOfStyle(tokenizer: HtmlTokenizer): i32 {
    this.takeValue(tokenizer);
    this.clips = false;
    this.isFlat = false;
    let traits: i32 = Trait.None;
    for (let at = this.from; at < this.to; ) {
      at = this.readDeclaration(at);
      traits |= this.effect();
    }
    return this.clips && this.isFlat ? traits | Trait.Hides : traits;
  }

  /** Most names are of no consequence, and their length tells. */
  private effect(): i32 {
    switch (this.nameEnd - this.nameStart) {
      case 3:
        return this.hidesIf(this.isName('top') && this.isOutside());
      case 4:
        if (this.isName('font')) return this.effectOfSize();
        return this.hidesIf(this.isName('left') && this.isOutside());
      case 5:
        return this.flatIf(this.isName('width'));
      case 6:
        return this.flatIf(this.isName('height'));
      case 7:
        if (this.isName('display')) return this.hidesIf(this.startsValue('none'));
        return this.hidesIf(this.isName('opacity') && this.isAtMost(FAINT));
      case 8:
        if (this.isName('overflow')) this.clips = this.startsValue('hidden') || this.startsValue('clip');
        return this.hidesIf(this.isName('mso-hide') && this.startsValue('all'));
      case 9:
        if (this.isName('font-size')) return this.effectOfSize();
        return this.flatIf(this.isName('max-width'));
      case 10:
        if (this.isName('visibility')) return this.effectOfVisibility();
        return this.hidesIf(this.isName('max-height') && this.isAtMost(1));
      case 11:
        return this.isName('text-indent') && this.isOutside() ? Trait.HidesText : Trait.None;
      default:
        return Trait.None;
    }
  }

  private hidesIf(condition: boolean): i32 {
    return condition ? Trait.Hides : Trait.None;
  }

  private flatIf(isSize: boolean): i32 {
    if (isSize && this.isAtMost(1)) this.isFlat = true;
    return Trait.None;
  }

  private effectOfVisibility(): i32 {
    if (this.startsValue('visible')) return Trait.ShowsText;
    return this.startsValue('hidden') || this.startsValue('collapse') ? Trait.HidesText : Trait.None;
  }

  /** `font` begins with words and weights: the first number with a unit, or zero, is the size. */
  private effectOfSize(): i32 {
    for (let at = this.valueStart; at < this.valueEnd; at++) {
      const begins = at === this.valueStart || isCssBlank(this.style[at - 1]);
      if (!begins || !this.isNumberAt(at)) continue;
      if (this.numeral === 0) return Trait.HidesText;
      if (this.unitStart === this.valueEnd || isCssBlank(this.style[this.unitStart])) continue;
      return this.isTiny() ? Trait.HidesText : Trait.ShowsText;
    }
    return Trait.None;
  }

  private isTiny(): boolean {
    if (this.isUnit('px') || this.isUnit('pt')) return this.numeral < TINY_PIXELS;
    if (this.isUnit('%')) return this.numeral < 100 * TINY_EMS;
    return (this.isUnit('em') || this.isUnit('rem')) && this.numeral < TINY_EMS;
  }

  private isAtMost(limit: number): boolean {
    return (
      this.isNumberAt(this.valueStart) && this.numeral <= limit && (this.numeral === 0 || !this.isUnit('%'))
    );
  }

  private isOutside(): boolean {
    return this.isNumberAt(this.valueStart) && this.numeral < OUTSIDE;
  }

  /** Reads a number as CSS writes it. */
  private isNumberAt(from: i32): boolean {
    const style = this.style;
    let at = from;
    const isNegative = at < this.valueEnd && style[at] === 0x2d;
    if (isNegative || (at < this.valueEnd && style[at] === 0x2b)) at++;
    let value: number = 0;
    let place: number = 0;
    let digits = 0;
    for (; at < this.valueEnd; at++) {
      const digit = i32(style[at]) - 0x30;
      if (style[at] === 0x2e && place === 0) place = 1;
      else if (digit < 0 || digit > 9) break;
      else {
        digits++;
        if (place > 0) place /= 10;
        value = place > 0 ? value + digit * place : min(value * 10 + digit, 1e9);
      }
    }
    this.numeral = isNegative ? -value : value;
    this.unitStart = at;
    return digits > 0;
  }

  private isUnit(unit: string): boolean {
    return this.matches(this.unitStart, this.valueEnd, unit);
  }

  // The text of the attribute

  /** Mostly the value can be read where it is. */
  private takeValue(tokenizer: HtmlTokenizer): void {
    this.style = tokenizer.attributeBytes;
    this.from = tokenizer.valueStart;
    this.to = min(tokenizer.valueEnd, this.from + STYLE_LIMIT);
    if (this.needsRewriting) this.rewrite();
  }

  private get needsRewriting(): boolean {
    if (this.to - this.from > SHORT_STYLE)
      return this.has(AMPERSAND) || this.has(ASTERISK) || this.has(BACKSLASH);
    for (let i = this.from; i < this.to; i++) {
      const byte: i32 = this.style[i];
      if (byte === AMPERSAND || byte === ASTERISK || byte === BACKSLASH) return true;
    }
    return false;
  }

  private has(byte: i32): boolean {
    return indexOf(this.style, byte, this.from, this.to) >= 0;
  }

  /** The value without comments, and with its numeric references and the escapes of CSS read. */
  private rewrite(): void {
    const bytes = this.style;
    const to = this.to;
    let at = this.from;
    this.style = this.memory;
    this.from = 0;
    this.to = 0;
    while (at < to) {
      const byte: i32 = bytes[at];
      if (byte === AMPERSAND) at = this.takeReference(bytes, at, to);
      else if (byte === BACKSLASH) at = this.takeEscape(bytes, at, to);
      else if (byte === SLASH && at + 1 < to && bytes[at + 1] === ASTERISK)
        at = afterComment(bytes, at + 2, to);
      else {
        this.memory[this.to++] = u8(byte);
        at++;
      }
    }
  }

  /** `&#100;`, `&#x64`; those with names stay as they are: none stands for a letter or a colon of ASCII but `&colon;`. */
  private takeReference(bytes: Uint8Array, from: i32, to: i32): i32 {
    if (from + 1 === to || bytes[from + 1] !== 0x23) {
      this.memory[this.to++] = bytes[from];
      return from + 1;
    }
    const isHex = from + 2 < to && lowerCase(bytes[from + 2]) === 0x78;
    const end = this.takeNumber(bytes, isHex ? from + 3 : from + 2, to, isHex ? 16 : 10);
    return end < to && bytes[end] === 0x3b ? end + 1 : end;
  }

  /** `\64 `: up to six digits, and a blank that belongs to them. Anything else after a backslash is itself. */
  private takeEscape(bytes: Uint8Array, from: i32, to: i32): i32 {
    const end = this.takeNumber(bytes, from + 1, min(from + 7, to), 16);
    return end > from + 1 && end < to && isCssBlank(bytes[end]) ? end + 1 : end;
  }

  private takeNumber(bytes: Uint8Array, from: i32, to: i32, base: i32): i32 {
    let code = 0;
    let at = from;
    for (; at < to; at++) {
      const digit = digitOf(bytes[at]);
      if (digit < 0 || digit >= base) break;
      code = min(code * base + digit, 0xffff);
    }
    if (at > from) this.memory[this.to++] = u8(min(code, 0x80));
    return at;
  }

  /** @returns where the next declaration begins */
  private readDeclaration(from: i32): i32 {
    const semicolon = indexOf(this.style, SEMICOLON, from, this.to);
    const end = semicolon < 0 ? this.to : semicolon;
    this.nameStart = this.afterBlanks(from, end);
    const colon = indexOf(this.style, COLON, this.nameStart, end);
    const middle = colon < 0 ? end : colon;
    this.nameEnd = this.beforeBlanks(this.nameStart, middle);
    this.valueStart = this.afterBlanks(min(middle + 1, end), end);
    this.valueEnd = this.beforeBlanks(this.valueStart, end);
    return end + 1;
  }

  private afterBlanks(from: i32, to: i32): i32 {
    let at = from;
    while (at < to && isCssBlank(this.style[at])) at++;
    return at;
  }

  private beforeBlanks(from: i32, to: i32): i32 {
    let at = to;
    while (at > from && isCssBlank(this.style[at - 1])) at--;
    return at;
  }

  private isName(name: string): boolean {
    return this.nameEnd - this.nameStart === name.length && this.matches(this.nameStart, this.nameEnd, name);
  }

  private startsValue(word: string): boolean {
    return this.matches(this.valueStart, this.valueEnd, word);
  }

  /** Whether a word, in lower case, begins at a place and ends there as words do. */
  private matches(from: i32, to: i32, word: string): boolean {
    const end = from + word.length;
    if (end > to) return false;
    for (let i = 0; i < word.length; i++)
      if (lowerCase(this.style[from + i]) !== word.charCodeAt(i)) return false;
    return end === to || !isWordByte(this.style[end]);
  }
}

/** After the comment that `from` is in. */
function afterComment(bytes: Uint8Array, from: i32, to: i32): i32 {
  for (let at = from; at + 1 < to; at++) if (bytes[at] === ASTERISK && bytes[at + 1] === SLASH) return at + 2;
  return to;
}

function isCssBlank(byte: i32): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

function isWordByte(byte: i32): boolean {
  const lower = lowerCase(byte);
  return (lower >= 0x61 && lower <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x2d || byte >= 0x80;
}

function digitOf(byte: i32): i32 {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = lowerCase(byte);
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1;
}
