// How a text footer can be written into a part, from the least to the most change.
import { Charset } from '../mime/charset/charset.ts';
import { charsetNamed, US_ASCII, UTF_8 } from '../mime/charset/charsets.ts';
import { TransferEncoding } from '../mime/encoding/transfer-encoding.ts';
import { ComposedFooters } from './composed-footers.ts';
import { TextFacts } from './text-facts.ts';

export enum TextChange {
  /** The footer is appended in the part's transfer encoding. */
  Append,
  /** The text stays in its charset and becomes quoted-printable. */
  Quote,
  /** The text is converted to UTF-8. */
  Convert,
}

export class TextStrategy {
  constructor(
    readonly change: TextChange,
    /** In which the footer is written. */
    readonly charset: Charset,
    /** The charset that the part's header is to name; '' where what it says stays. */
    readonly label: string,
    /** The footer is spelled in ASCII. */
    readonly inAscii: boolean,
    /** Nothing but its bytes says that the text is in `charset`: all of them have to be valid in it. */
    readonly isGuess: boolean,
  ) {}

  /** The same footer in the same charset, in a text that becomes quoted-printable. */
  quoted(): TextStrategy {
    return new TextStrategy(TextChange.Quote, this.charset, this.label, this.inAscii, this.isGuess);
  }
}

/** A part, as far as the choice depends on it. */
export class TextSituation {
  /** Each is taken back where it turns out to be impossible, and another strategy is chosen. */
  mayChangeHeader: boolean = true;
  mayConvert: boolean = true;
  mayGuess: boolean = true;

  constructor(
    /** Null: unknown, a superset of ASCII. */
    readonly charset: Charset | null,
    /** The header names a charset. */
    readonly isDeclared: boolean,
    readonly encoding: TransferEncoding,
    /** Short enough to be written anew. */
    readonly isShort: boolean,
  ) {}

  /** Whether the choice depends on what bytes beyond ASCII mean. */
  asksMeaning(footers: ComposedFooters): boolean {
    const charset = this.charset;
    if (charset === null || footers.isAscii || charset.unit > 1) return false;
    const isSure = this.isDeclared && !charset.isSingleByte && footers.fits(charset);
    return !isSure || !this.leavesSevenBit(charset);
  }

  /** Whether text in a charset keeps a part that is 7-bit clean as it is. */
  leavesSevenBit(charset: Charset): boolean {
    return this.encoding !== TransferEncoding.SevenBit || charset.sevenBit;
  }
}

/**
 * In the part's own charset where that holds the footer; else the part becomes UTF-8, where it is certain what its text
 * says; else the footer is spelled in ASCII, and the author's bytes and label stay.
 */
export function chooseStrategy(
  part: TextSituation,
  footers: ComposedFooters,
  facts: TextFacts,
): TextStrategy {
  const charset = part.charset;
  if (charset === null) return spelledInAscii(null);
  if (footers.isAscii) return appended(charset);
  if (!part.isDeclared && facts.isUtf8) return appended(UTF_8);
  // UTF-8 under the label of another charset is common, and mail readers repair it as long as all of it is valid.
  if (charset.isSingleByte && facts.isUtf8) return spelledInAscii(charset);
  if (footers.fits(charset)) return inOwnCharset(part, charset, facts);
  return isPlainAscii(charset, facts)
    ? relabelled(part, charset, footers, facts)
    : converted(part, charset, facts);
}

/**
 * What was 7-bit clean stays so: a later hop that takes no 8-bit mail would encode it, and so break the DKIM signature
 * that the list's host has put on. Of 8-bit text that calls itself 7bit the charset holds the footer, which can be as
 * wrong as the text.
 */
function inOwnCharset(part: TextSituation, charset: Charset, facts: TextFacts): TextStrategy {
  if (part.leavesSevenBit(charset) || !facts.isAscii) return appended(charset);
  if (!part.mayChangeHeader || !part.isShort) return spelledInAscii(charset);
  return appended(charset).quoted();
}

/** Plain ASCII means the same in UTF-8. Charsets that shift look like it, so their text has to be read. */
function isPlainAscii(charset: Charset, facts: TextFacts): boolean {
  return facts.isAscii && charset.asciiCompatible && (charset === US_ASCII || !charset.sevenBit);
}

/** The content means the same under another label. */
function relabelled(
  part: TextSituation,
  charset: Charset,
  footers: ComposedFooters,
  facts: TextFacts,
): TextStrategy {
  if (facts.isShifted) return asShifted(part, charset, footers);
  if (!part.mayChangeHeader) return spelledInAscii(charset);
  const appended = new TextStrategy(TextChange.Append, UTF_8, 'utf-8', false, false);
  if (part.encoding !== TransferEncoding.SevenBit) return appended;
  return part.isShort ? appended.quoted() : spelledInAscii(charset);
}

/**
 * Japanese mailers leave out the charset of ISO-2022-JP, and readers know it by its escapes as long as no other is
 * declared. The footer is written as the text is, where that is certain.
 */
function asShifted(part: TextSituation, charset: Charset, footers: ComposedFooters): TextStrategy {
  const japanese = charsetNamed('iso-2022-jp')!;
  if (!part.mayGuess || !footers.fits(japanese)) return spelledInAscii(charset);
  return new TextStrategy(TextChange.Append, japanese, '', false, true);
}

/** A clear-text signature (RFC 4880 §7) covers the bytes in the charset that they are in. */
function converted(part: TextSituation, charset: Charset, facts: TextFacts): TextStrategy {
  const isCertain = part.mayConvert && charset !== US_ASCII && !facts.isUtf8 && !facts.pgp.seen;
  const isPossible = part.mayChangeHeader && part.isShort && charset.decoder() !== null;
  if (!isCertain || !isPossible) return spelledInAscii(charset);
  return new TextStrategy(TextChange.Convert, UTF_8, 'utf-8', false, false);
}

function appended(charset: Charset): TextStrategy {
  return new TextStrategy(TextChange.Append, charset, '', false, false);
}

/** In a charset that shifts, ASCII is written as that charset has it: after a way back to it, for instance. */
function spelledInAscii(charset: Charset | null): TextStrategy {
  const known = charset === null ? US_ASCII : charset;
  return new TextStrategy(TextChange.Append, known.sevenBit ? known : US_ASCII, '', true, false);
}
