import type { Charset } from '../mime/charset.ts';
import type { KnownEncoding } from '../mime/part-header.ts';
import { footerLines, htmlForCharset, type TextFormat } from './compose.ts';
import { foldLines } from './fold-lines.ts';
import type { FooterPair } from './footer.ts';
import { onItsOwnLine } from './own-line.ts';
import { transliterate } from './transliterate.ts';

/** Characters: what is kept, where a message asks for many forms of long footers. */
const KEPT_LIMIT = 4 * 1024 * 1024;

/**
 * A message's footers in the forms that its parts ask for. Each is made once: that takes longer than all else that a
 * small part needs, and a message may have a hundred thousand of them.
 */
export class ComposedFooters {
  readonly pair: FooterPair;
  readonly #forms = new Map<string, string>();
  readonly #fits = new Map<string, boolean>();
  #kept = 0;

  constructor(pair: FooterPair) {
    this.pair = pair;
  }

  /** Whether the charset holds the text footer. */
  fits(charset: Charset): boolean {
    const known = this.#fits.get(charset.name);
    if (known !== undefined) return known;
    const fits = charset.encode(this.pair.text) !== undefined;
    this.#fits.set(charset.name, fits);
    return fits;
  }

  /** The text footer's lines (see footerLines). */
  text(format: TextFormat, charset: Charset): string {
    const compose = () => footerLines(this.pair.text, format, charset);
    return this.#form(`text ${format.flowed} ${format.unencoded} ${charset.name}`, compose);
  }

  /** The same, spelled in ASCII. */
  textInAscii(format: TextFormat, charset: Charset): string {
    const compose = () => footerLines(transliterate(this.pair.text), format, charset);
    return this.#form(`ascii ${format.flowed} ${format.unencoded} ${charset.name}`, compose);
  }

  html(encoding: KnownEncoding, charset: Charset): string {
    return this.#form(`html ${encoding} ${charset.name}`, () => {
      const html = htmlForCharset(onItsOwnLine(this.pair.html), charset, encoding === '7bit');
      return isUnencoded(encoding) ? foldLines(html, charset) : html;
    });
  }

  #form(key: string, compose: () => string): string {
    const known = this.#forms.get(key);
    if (known !== undefined) return known;
    const form = compose();
    this.#kept += form.length;
    if (this.#kept > KEPT_LIMIT) {
      this.#forms.clear();
      this.#kept = form.length;
    }
    this.#forms.set(key, form);
    return form;
  }
}

/** 7bit, 8bit and binary leave lines as they are. */
export function isUnencoded(encoding: KnownEncoding): boolean {
  return encoding !== 'quoted-printable' && encoding !== 'base64';
}
