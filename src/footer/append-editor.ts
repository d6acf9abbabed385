import { copyOf, fromLatin1, NO_BYTES } from '../mime/bytes.ts';
import type { Charset } from '../mime/charset.ts';
import type { Follower } from '../mime/tokens.ts';
import { type TextFormat, textInsertion } from './compose.ts';
import type { ContentSplice } from './content-splice.ts';
import { DecodedTail, endsWithFooter, textEnd } from './decoded-tail.ts';
import { UNREAD_LIMIT } from './limits.ts';
import { type EditResult, NOT_WANTED, type Output, type PartEditor, skipped } from './part-editor.ts';
import { PgpBlocks } from './pgp-blocks.ts';
import { comparable, SingleBytes } from './single-bytes.ts';

/** What is to be appended, settled before the first byte of content. */
export interface Appendix {
  /** Composed lines, without line ends around them (see footerLines). */
  readonly lines: string;
  /** Holds every character of `lines`. */
  readonly charset: Charset;
  readonly format: TextFormat;
  readonly transliterated: boolean;
}

/**
 * Appends a text footer in the part's own transfer encoding and charset. Everything that is there goes out as it
 * came and at once, but for the last group of base64.
 */
export class AppendEditor implements PartEditor {
  readonly #appendix: Appendix;
  readonly #splice: ContentSplice;
  readonly #eol: string;
  readonly #isBase64: boolean;
  readonly #output: Output;
  readonly #tail: DecodedTail;
  readonly #pgp = new PgpBlocks();
  #unread: Uint8Array = NO_BYTES;
  #broken = false;

  /** @param eol the message's line end; base64 text may have its own inside */
  constructor(appendix: Appendix, splice: ContentSplice, isBase64: boolean, eol: string, output: Output) {
    this.#appendix = appendix;
    this.#splice = splice;
    this.#isBase64 = isBase64;
    this.#eol = eol;
    this.#output = output;
    this.#tail = new DecodedTail(4 * appendix.lines.length + 1024);
  }

  write(raw: Uint8Array): void {
    const shown = this.#unread.length > 0 ? Buffer.concat([this.#unread, raw]) : raw;
    const { bytes, consumed } = this.#splice.decoder.decode(shown, false);
    this.#look(bytes);
    const settled = this.#broken ? shown : shown.subarray(0, consumed);
    this.#unread = this.#broken ? NO_BYTES : copyOf(shown.subarray(consumed));
    this.#broken ||= this.#unread.length > UNREAD_LIMIT;
    this.#splice.passed(settled);
    if (settled.length > 0) this.#output(settled);
  }

  finish(commit: boolean, follower: Follower): EditResult {
    const held = this.#unread;
    const result = commit ? this.#append(held, follower) : NOT_WANTED;
    if (!result.added) this.#output(held);
    this.#unread = NO_BYTES;
    return result;
  }

  abandon(): boolean {
    this.#output(this.#unread);
    this.#unread = NO_BYTES;
    return true;
  }

  #look(decoded: Uint8Array): void {
    this.#tail.push(decoded);
    this.#pgp.push(decoded);
  }

  #append(held: Uint8Array, follower: Follower): EditResult {
    const { lines, charset, format, transliterated } = this.#appendix;
    this.#look(this.#splice.decoder.decode(held, true).bytes);
    this.#pgp.end();
    if (this.#pgp.open) return skipped('unclosed pgp');
    const footer = charset.encode(lines);
    if (!footer) return skipped('unusable charset');
    if (endsWithFooter(comparable(this.#tail.bytes, charset), comparable(footer, charset)))
      return skipped('already there');
    const end = textEnd(new SingleBytes(charset).read(this.#tail.bytes));
    const needsLineEnd = follower !== 'delimiter';
    const insertion = textInsertion(lines, end, format, needsLineEnd && !this.#isBase64);
    const eol = this.#isBase64 ? (end.eol ?? '\r\n') : this.#eol;
    const encoded = charset.encode(eol === '\n' ? insertion : insertion.replaceAll('\n', eol))!;
    const reset = charsetReset(charset, this.#tail.bytes);
    const bytes = reset ? Buffer.concat([reset, encoded]) : encoded;
    const spliced = this.#broken
      ? undefined
      : this.#splice.splice(held, 0, bytes, { atEnd: true, needsLineEnd });
    if (!spliced) return skipped('broken base64');
    this.#output(spliced);
    return { added: true, transliterated };
  }
}

/** RFC 1468 has every text end in ASCII. Where a mailer forgot, the escape sequence is added before the footer. */
function charsetReset(charset: Charset, tail: Uint8Array): Uint8Array | undefined {
  if (!charset.name.startsWith('iso-2022-')) return undefined;
  const at = tail.lastIndexOf(0x1b);
  const isAscii = at < 0 || (tail[at + 1] === 0x28 && (tail[at + 2] === 0x42 || tail[at + 2] === 0x4a));
  return isAscii ? undefined : fromLatin1('\x1b(B');
}
