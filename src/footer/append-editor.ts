import type { Charset } from '../mime/charset.ts';
import type { Follower } from '../mime/tokens.ts';
import { charsetReset } from './charset-reset.ts';
import { type TextFormat, textInsertion } from './compose.ts';
import type { ContentSplice } from './content-splice.ts';
import { DecodedTail, endsWithFooter, textEnd } from './decoded-tail.ts';
import { UNREAD_LIMIT } from './limits.ts';
import { type EditResult, NOT_WANTED, type PartEditor, skipped } from './part-editor.ts';
import type { Passage } from './passage.ts';
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
  readonly #passage: Passage;
  readonly #tail: DecodedTail;
  readonly #pgp = new PgpBlocks();
  #broken = false;

  /** @param eol the message's line end; base64 text may have its own inside */
  constructor(appendix: Appendix, splice: ContentSplice, isBase64: boolean, eol: string, passage: Passage) {
    this.#appendix = appendix;
    this.#splice = splice;
    this.#isBase64 = isBase64;
    this.#eol = eol;
    this.#passage = passage;
    this.#tail = new DecodedTail(4 * appendix.lines.length + 1024);
  }

  look(): void {
    const { bytes, consumed } = this.#splice.decoder.decode(this.#passage.waiting, false);
    this.#watch(bytes);
    this.#pass(consumed);
    this.#broken ||= this.#passage.waiting.length > UNREAD_LIMIT;
    if (this.#broken) this.#pass(this.#passage.waiting.length);
  }

  finish(commit: boolean, follower: Follower): EditResult {
    return commit ? this.#append(follower) : NOT_WANTED;
  }

  #watch(decoded: Uint8Array): void {
    this.#tail.push(decoded);
    this.#pgp.push(decoded);
  }

  #pass(length: number): void {
    this.#splice.passed(this.#passage.waiting.subarray(0, length));
    this.#passage.pass(length);
  }

  #append(follower: Follower): EditResult {
    const held = this.#passage.waiting;
    const { lines, charset, format, transliterated } = this.#appendix;
    this.#watch(this.#splice.decoder.decode(held, true).bytes);
    this.#pgp.end();
    if (this.#pgp.open) return skipped('unclosed pgp');
    const footer = charset.encode(lines);
    if (!footer) return skipped('unusable charset');
    if (endsWithFooter(comparable(this.#tail.bytes, charset), comparable(footer, charset), 'text'))
      return skipped('already there');
    const end = textEnd(new SingleBytes(charset).read(this.#tail.bytes));
    const needsLineEnd = follower !== 'delimiter';
    const insertion = textInsertion(lines, end, format, needsLineEnd && !this.#isBase64);
    const eol = this.#isBase64 ? (end.eol ?? '\r\n') : this.#eol;
    const encoded = charset.encode(eol === '\n' ? insertion : insertion.replaceAll('\n', eol))!;
    const reset = charsetReset(charset, this.#tail.bytes);
    const bytes = Buffer.concat([reset, encoded]);
    const spliced = this.#broken
      ? undefined
      : this.#splice.splice(held, 0, bytes, { atEnd: true, needsLineEnd });
    if (!spliced) return skipped('broken base64');
    this.#passage.replace(held.length, spliced);
    return { added: true, transliterated };
  }
}
