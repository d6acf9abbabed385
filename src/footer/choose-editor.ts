import { BASE64_LINE, encodeBase64, isBrokenBase64 } from '../mime/base64.ts';
import { asBuffer, fromLatin1, isAscii } from '../mime/bytes.ts';
import {
  type Charset,
  charsetNamed,
  excludesAscii,
  isAsciiText,
  US_ASCII,
  UTF_8,
  utf16ByMark,
} from '../mime/charset.ts';
import type { HeaderChanges, HeldHeader } from '../mime/held-header.ts';
import { isKnownEncoding, type KnownEncoding } from '../mime/part-header.ts';
import { AppendEditor } from './append-editor.ts';
import type { TextFormat } from './compose.ts';
import { type ComposedFooters, isUnencoded } from './composed-footers.ts';
import { contentSplice } from './content-splice.ts';
import { type Choice, DeferredEditor } from './deferred-editor.ts';
import { HtmlEditor } from './html-editor.ts';
import { LeaveEditor } from './leave-editor.ts';
import { HELD_TEXT_LIMIT } from './limits.ts';
import type { Reason } from './outcome.ts';
import type { PartEditor } from './part-editor.ts';
import type { Passage } from './passage.ts';
import { PgpBlocks } from './pgp-blocks.ts';
import { QuotingEditor } from './quoting-editor.ts';

/** Who edits a part; `holdsHeader`: the header goes through the passage first. Or why nobody can. */
export type Editing =
  | { readonly editor: PartEditor; readonly holdsHeader: boolean }
  | { readonly reason: Reason };

/** How many encoded bytes hold a byte-order mark for certain, white space in base64 included. */
const ENOUGH_FOR_A_MARK = 64;

/** Lines longer than this cannot stay unencoded (RFC 5322 §2.1.1). */
const LINE_LIMIT = 998;

/** Chooses how an HTML footer is written into a part. The header never has to change: references are ASCII. */
export function htmlEditing(held: HeldHeader, footers: ComposedFooters, passage: Passage): Editing {
  const encoding = held.part.transferEncoding;
  if (!isKnownEncoding(encoding)) return { reason: 'unknown encoding' };
  return withCharset(held, encoding, passage, (charset) => {
    const target = charset ?? US_ASCII;
    const appendix = { html: footers.html(encoding, target), charset: target };
    const splice = contentSplice(encoding, held.eol);
    return {
      editor: new HtmlEditor(appendix, splice, encoding === 'base64', held.eol, passage),
      holdsHeader: false,
    };
  });
}

/**
 * Chooses how a text footer is written into a part: in the part's own charset where that holds it; else the part
 * becomes UTF-8, where it is certain what its text says; else the footer is spelled in ASCII.
 */
export function textEditing(held: HeldHeader, footers: ComposedFooters, passage: Passage): Editing {
  const encoding = held.part.transferEncoding;
  if (!isKnownEncoding(encoding)) return { reason: 'unknown encoding' };
  return withCharset(held, encoding, passage, (charset) =>
    new TextChoice(held, footers, encoding, passage).inCharset(charset),
  );
}

/** Finds the part's charset, in its first bytes if need be, and goes on with it (undefined: unknown, but ASCII fits). */
function withCharset(
  held: HeldHeader,
  encoding: KnownEncoding,
  passage: Passage,
  proceed: (charset: Charset | undefined) => Exclude<Editing, { reason: Reason }>,
): Editing {
  const label = held.part.contentType?.parameters.get('charset') ?? '';
  if (encoding !== 'base64' || !/^utf-?16$/i.test(label)) {
    const charset = label === '' ? US_ASCII : charsetNamed(label);
    // A line end on the way is one byte or two: outside base64 it puts all that follows out of step in UTF-16.
    const isUsable = charset ? charset.asciiCompatible || encoding === 'base64' : !excludesAscii(label);
    return isUsable ? proceed(charset) : { reason: 'unusable charset' };
  }
  const choose = (content: Uint8Array, isComplete: boolean): Choice => {
    const start = contentSplice(encoding, held.eol).decoder.decode(content, isComplete).bytes;
    const charset = utf16ByMark(start);
    const editor = charset ? proceed(charset).editor : new LeaveEditor('unusable charset', passage);
    return { header: held.bytes, editor };
  };
  return {
    editor: new DeferredEditor(held.bytes.length, ENOUGH_FOR_A_MARK, choose, passage),
    holdsHeader: true,
  };
}

/** One text part, one text footer: the ways to write it, from the least to the most change. */
class TextChoice {
  readonly #held: HeldHeader;
  readonly #footers: ComposedFooters;
  readonly #encoding: KnownEncoding;
  readonly #format: TextFormat;
  readonly #passage: Passage;

  constructor(held: HeldHeader, footers: ComposedFooters, encoding: KnownEncoding, passage: Passage) {
    const flowed = held.part.contentType?.parameters.get('format')?.toLowerCase() === 'flowed';
    this.#held = held;
    this.#footers = footers;
    this.#encoding = encoding;
    this.#format = { flowed, unencoded: isUnencoded(encoding) };
    this.#passage = passage;
  }

  inCharset(charset: Charset | undefined): Exclude<Editing, { reason: Reason }> {
    const fits = charset !== undefined && this.#footers.fits(charset);
    const staysSevenBit =
      isAsciiText(this.#footers.pair.text) || this.#encoding !== '7bit' || charset?.sevenBit;
    if (charset && fits && staysSevenBit) return { editor: this.#append(charset), holdsHeader: false };
    if (!charset || !this.#held.canChange)
      return { editor: this.#spelledInAscii(charset), holdsHeader: false };
    const choose = (content: Uint8Array, isComplete: boolean) =>
      this.#choose(charset, fits, content, isComplete);
    return {
      editor: new DeferredEditor(this.#held.bytes.length, HELD_TEXT_LIMIT, choose, this.#passage),
      holdsHeader: true,
    };
  }

  /** The footer fits only if the header changes: what may it say, now that the content is known? */
  #choose(charset: Charset, fits: boolean, content: Uint8Array, isComplete: boolean): Choice {
    const decoded = contentSplice(this.#encoding, this.#held.eol).decoder.decode(content, isComplete).bytes;
    const unchanged = (editor: PartEditor): Choice => ({ header: this.#held.bytes, editor });
    // What stands behind the padding is not in `decoded`: written anew, the text would lose it.
    if (isComplete && this.#encoding === 'base64' && isBrokenBase64(content))
      return unchanged(new LeaveEditor('broken base64', this.#passage));
    // Nothing can be added behind a block that does not end, so nothing is to change for it either.
    if (isComplete && pgpIn(decoded).open) return unchanged(this.#spelledInAscii(charset));
    // Plain ASCII means the same in UTF-8. Shifting charsets look like it, so their text is read first.
    if (isAscii(decoded) && (charset === US_ASCII || !charset.sevenBit) && charset.asciiCompatible) {
      if (fits) return this.#relabelled({}, charset);
      if (!isShifted(decoded)) return this.#relabelled({ charset: 'utf-8' }, UTF_8);
      return unchanged(this.#appendShifted(decoded));
    }
    // 8-bit text that calls itself 7bit: its charset holds the footer, so the footer can be as wrong as the text.
    if (fits) return unchanged(this.#append(charset));
    // A clear-text signature (RFC 4880 §7) covers the bytes in the charset that they are in.
    const isCertain = isComplete && charset !== US_ASCII && !pgpIn(decoded).seen;
    const text = isCertain ? charset.decode(decoded) : undefined;
    return text === undefined
      ? unchanged(this.#spelledInAscii(charset))
      : this.#converted(Buffer.from(text, 'utf8'));
  }

  /** The content stays as it is, or becomes quoted-printable where it was 7bit; only its label changes. */
  #relabelled(changes: HeaderChanges, charset: Charset): Choice {
    if (this.#encoding === '7bit') {
      const header = this.#held.changed({ ...changes, transferEncoding: 'quoted-printable' });
      return { header, editor: this.#quoting(charset), rewrites: true };
    }
    return { header: this.#held.changed(changes), editor: this.#append(charset) };
  }

  /** The content is written anew in UTF-8. */
  #converted(content: Uint8Array): Choice {
    const staysEncoded =
      this.#encoding !== '7bit' && (this.#format.unencoded ? hasShortLines(content) : true);
    const encoding = staysEncoded ? this.#encoding : 'quoted-printable';
    const changes = encoding === this.#encoding ? {} : { transferEncoding: encoding };
    const header = this.#held.changed({ charset: 'utf-8', ...changes });
    if (encoding === 'quoted-printable')
      return { header, editor: this.#quoting(UTF_8), content, rewrites: true };
    if (encoding !== 'base64') return { header, editor: this.#append(UTF_8), content };
    const lines = encodeBase64(content, 0, BASE64_LINE, this.#held.eol);
    return { header, editor: this.#append(UTF_8), content: fromLatin1(lines) };
  }

  #append(charset: Charset): PartEditor {
    const appendix = {
      lines: this.#footers.text(this.#format, charset),
      charset,
      format: this.#format,
      transliterated: false,
    };
    return this.#appendEditor(appendix);
  }

  /**
   * Japanese mailers leave out the charset of ISO-2022-JP, and readers know it by its escapes as long as no other is
   * declared. The footer is written as the text is, where that is certain.
   */
  #appendShifted(decoded: Uint8Array): PartEditor {
    const charset = charsetNamed('iso-2022-jp')!;
    if (charset.decode(decoded) === undefined) return this.#spelledInAscii(undefined);
    return this.#footers.fits(charset) ? this.#append(charset) : this.#spelledInAscii(charset);
  }

  /** In a charset that shifts, ASCII is written as that charset has it: after a way back to it, for instance. */
  #spelledInAscii(partsCharset: Charset | undefined): PartEditor {
    const charset = partsCharset?.sevenBit ? partsCharset : US_ASCII;
    const lines = this.#footers.textInAscii(this.#format, charset);
    const transliterated = !isAsciiText(this.#footers.pair.text);
    return this.#appendEditor({ lines, charset, format: this.#format, transliterated });
  }

  #appendEditor(appendix: ConstructorParameters<typeof AppendEditor>[0]): PartEditor {
    const splice = contentSplice(this.#encoding, this.#held.eol);
    return new AppendEditor(appendix, splice, this.#encoding === 'base64', this.#held.eol, this.#passage);
  }

  #quoting(charset: Charset): PartEditor {
    const format = { ...this.#format, unencoded: false };
    const lines = this.#footers.text(format, charset);
    return new QuotingEditor(
      { lines, charset, format, transliterated: false },
      this.#held.eol,
      this.#passage,
    );
  }
}

function pgpIn(content: Uint8Array): PgpBlocks {
  const blocks = new PgpBlocks();
  blocks.push(content);
  blocks.end();
  return blocks;
}

/** Whether `ESC $` leads to characters of several bytes somewhere (ISO 2022). A terminal's escapes are other ones. */
function isShifted(content: Uint8Array): boolean {
  return asBuffer(content).includes('\x1b$');
}

/** Characters that were one byte are two in UTF-8: a line can become too long to go unencoded. */
function hasShortLines(content: Uint8Array): boolean {
  for (let start = 0; start < content.length; ) {
    const lf = content.indexOf(0x0a, start);
    const end = lf < 0 ? content.length : lf;
    if (end - start > LINE_LIMIT) return false;
    start = end + 1;
  }
  return true;
}
