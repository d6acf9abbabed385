// A message's footers in the forms that its parts ask for.
import { FooterPair } from '../footer/footer-pair.ts';
import { transliterate } from '../footer/transliterate.ts';
import { Charset } from '../mime/charset/charset.ts';
import { US_ASCII } from '../mime/charset/charsets.ts';
import { TransferEncoding } from '../mime/encoding/transfer-encoding.ts';
import { footerLines, htmlForCharset, isAsciiText } from './compose.ts';
import { foldLines } from './fold-lines.ts';
import { onItsOwnLine } from './own-line.ts';
import { TextFormat } from './text-format.ts';

/** UTF-16 code units of forms that are remembered. */
const CACHE_LIMIT: i32 = 512 * 1024;

/**
 * Each form is made once: that takes longer than all else that a small part needs, and a message may have a hundred of
 * them.
 */
export class ComposedFooters {
  /** The text footer is ASCII: every part can hold it as it is. */
  readonly isAscii: boolean;
  private readonly forms: Map<string, string> = new Map<string, string>();
  private readonly fitting: Map<string, boolean> = new Map<string, boolean>();
  private cached: i32 = 0;

  constructor(readonly pair: FooterPair) {
    this.isAscii = isAsciiText(pair.text);
  }

  /** Whether a charset holds the text footer. */
  fits(charset: Charset): boolean {
    const name = charset.name;
    if (this.fitting.has(name)) return this.fitting.get(name)!;
    const fits = charset.encode(this.pair.text) !== null;
    this.fitting.set(name, fits);
    return fits;
  }

  /** The text footer's lines (see footerLines). */
  text(format: TextFormat, charset: Charset): string {
    const key = textKey('text', format, charset);
    if (this.forms.has(key)) return this.forms.get(key)!;
    return this.remember(key, footerLines(this.pair.text, format, charset));
  }

  /** The same, spelled in ASCII. */
  textInAscii(format: TextFormat, charset: Charset): string {
    const key = textKey('ascii', format, charset);
    if (this.forms.has(key)) return this.forms.get(key)!;
    return this.remember(key, footerLines(transliterate(this.pair.text), format, charset));
  }

  /**
   * The HTML footer as a block of its own, without the line ends around it: what the charset lacks, and all that is not
   * ASCII where 7bit allows no more, as numeric references.
   */
  html(encoding: TransferEncoding, charset: Charset): string {
    const key = `html ${encoding} ${charset.name}`;
    if (this.forms.has(key)) return this.forms.get(key)!;
    const html = htmlForCharset(
      onItsOwnLine(this.pair.html),
      charset,
      encoding === TransferEncoding.SevenBit,
    );
    return this.remember(key, isUnencoded(encoding) ? foldLines(html, charset) : html);
  }

  /** The same with references for all that is not ASCII: right whatever the part's bytes mean. */
  htmlInAscii(encoding: TransferEncoding): string {
    return this.html(encoding, US_ASCII);
  }

  private remember(key: string, form: string): string {
    this.cached += form.length;
    if (this.cached > CACHE_LIMIT) {
      this.forms.clear();
      this.cached = form.length;
    }
    this.forms.set(key, form);
    return form;
  }
}

function textKey(kind: string, format: TextFormat, charset: Charset): string {
  return `${kind} ${format.flowed} ${format.unencoded} ${charset.name}`;
}

/** 7bit, 8bit and binary leave lines as they are. */
export function isUnencoded(encoding: TransferEncoding): boolean {
  return encoding !== TransferEncoding.QuotedPrintable && encoding !== TransferEncoding.Base64;
}
