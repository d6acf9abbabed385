import { copyOf, NO_BYTES } from '../mime/bytes.ts';
import type { Charset } from '../mime/charset.ts';
import type { Follower } from '../mime/tokens.ts';
import type { ContentSplice } from './content-splice.ts';
import { DecodedTail, endsWithFooter, textEnd } from './decoded-tail.ts';
import { type BodyEndTag, HtmlScanner } from './html-scanner.ts';
import { HELD_HTML_LIMIT, UNREAD_LIMIT } from './limits.ts';
import { type EditResult, NOT_WANTED, type Output, type PartEditor, skipped } from './part-editor.ts';
import { comparable, SingleBytes, unitSize } from './single-bytes.ts';

/** An HTML footer that this part can take as it is. */
export interface HtmlAppendix {
  /** A fragment; lines separated by `\n`, short enough where the transfer encoding leaves lines as they are. */
  readonly html: string;
  /** Holds every character of `html`. */
  readonly charset: Charset;
}

/** The best place so far: before an end tag, in front of content that is held. */
interface Candidate {
  readonly tag: BodyEndTag['name'];
  readonly skip: number;
  /** The decoded text before the place. */
  readonly before: Uint8Array;
}

/** The characters of `</body` or `</html` and the one that ends the name. */
const END_TAG_LENGTH = 7;
const LT = 0x3c;

/**
 * Puts a footer before the real `</body>`, else before `</html>`, else at the end. Of several the last one counts:
 * mailers that quote a whole document leave its end tags in the middle. What follows the place is held back, up to
 * a limit; text that goes on beyond it shows that the body's end was none.
 */
export class HtmlEditor implements PartEditor {
  readonly #appendix: HtmlAppendix;
  readonly #splice: ContentSplice;
  readonly #isBase64: boolean;
  readonly #eol: string;
  readonly #output: Output;
  readonly #unit: 1 | 2;
  readonly #singleBytes: SingleBytes;
  readonly #scanner = new HtmlScanner((tag) => this.#consider(tag));
  /** The end of the decoded text before the piece at hand. */
  readonly #tail: DecodedTail;
  /** The best tag of the piece at hand. */
  #found: BodyEndTag | undefined;
  #candidate: Candidate | undefined;
  /** Encoded content from the candidate on; all of it goes out unless a footer is put before it. */
  #held: Uint8Array[] = [];
  #heldLength = 0;
  /** Encoded content that is not settled: it is shown to the decoder again with more behind it. */
  #unread: Uint8Array = NO_BYTES;
  #broken = false;

  /** @param eol the message's line end; base64 text may have its own inside */
  constructor(appendix: HtmlAppendix, splice: ContentSplice, isBase64: boolean, eol: string, output: Output) {
    this.#appendix = appendix;
    this.#splice = splice;
    this.#isBase64 = isBase64;
    this.#eol = eol;
    this.#output = output;
    this.#unit = unitSize(appendix.charset);
    this.#singleBytes = new SingleBytes(appendix.charset);
    this.#tail = new DecodedTail(10 * appendix.html.length + 1024);
  }

  write(raw: Uint8Array): void {
    if (this.#broken) return this.#output(raw);
    const shown = this.#unread.length > 0 ? Buffer.concat([this.#unread, raw]) : raw;
    const { bytes, consumed } = this.#splice.decoder.decode(shown, false);
    const { decodedEnd, rawEnd } = this.#settled(shown, bytes, consumed);
    this.#take(shown.subarray(0, rawEnd), bytes.subarray(0, decodedEnd));
    this.#unread = copyOf(shown.subarray(rawEnd));
    if (this.#heldLength > HELD_HTML_LIMIT) this.#release();
    if (this.#unread.length > UNREAD_LIMIT) this.#broken = this.abandon();
  }

  finish(commit: boolean, follower: Follower): EditResult {
    if (this.#broken) return commit ? skipped('broken base64') : NOT_WANTED;
    const last = this.#unread;
    this.#unread = NO_BYTES;
    const { bytes } = this.#splice.decoder.decode(last, true);
    this.#take(last, bytes, true);
    const result = commit ? this.#insert(follower) : NOT_WANTED;
    if (!result.added) this.#release();
    return result;
  }

  abandon(): boolean {
    this.#release();
    this.#pass(this.#unread);
    this.#unread = NO_BYTES;
    return true;
  }

  /**
   * How much of what is decoded can be read now: whole code units, and nothing from a `<` on whose tag name may go
   * on, so that every end tag is found in the piece in which it begins.
   */
  #settled(shown: Uint8Array, bytes: Uint8Array, consumed: number): { decodedEnd: number; rawEnd: number } {
    let end = bytes.length;
    for (;;) {
      const readable = this.#readableEnd(bytes.subarray(0, end));
      if (readable === bytes.length) return { decodedEnd: readable, rawEnd: consumed };
      // Base64 can only be cut between groups: back to one, and see again what is readable before that.
      const { at, skip } = this.#splice.decoder.locate(shown, readable);
      if (skip === 0) return { decodedEnd: readable, rawEnd: at };
      end = readable - skip;
    }
  }

  #readableEnd(bytes: Uint8Array): number {
    const whole = bytes.length - (bytes.length % this.#unit);
    const recent = Math.max(0, whole - (END_TAG_LENGTH - 1) * this.#unit);
    const lt = bytes.subarray(recent, whole).lastIndexOf(LT);
    return lt < 0 ? whole : recent + lt - ((recent + lt) % this.#unit);
  }

  /** Scans a settled piece. It goes out up to the best place for the footer; from there on it is held. */
  #take(raw: Uint8Array, bytes: Uint8Array, isLast = false): void {
    this.#found = undefined;
    this.#scanner.write(this.#singleBytes.read(bytes));
    if (this.#found !== undefined) {
      const { name, offset } = this.#found as BodyEndTag;
      const inPiece = offset * this.#unit - this.#tail.total;
      const { at, skip } = this.#splice.decoder.locate(raw, inPiece);
      this.#release();
      this.#pass(raw.subarray(0, at));
      this.#hold(raw.subarray(at));
      this.#tail.push(bytes.subarray(0, inPiece));
      this.#candidate = { tag: name, skip, before: this.#tail.bytes };
      this.#tail.push(bytes.subarray(inPiece));
      return;
    }
    // At the end, what base64 has left over is needed to go on from it.
    if (this.#candidate || isLast) this.#hold(raw);
    else this.#pass(raw);
    this.#tail.push(bytes);
  }

  #consider(tag: BodyEndTag): void {
    const best = this.#found?.name ?? this.#candidate?.tag;
    if (tag.name === 'body' || best !== 'body') this.#found = tag;
  }

  #hold(raw: Uint8Array): void {
    this.#held.push(copyOf(raw));
    this.#heldLength += raw.length;
  }

  /** What is held goes out as it came: the place before it was none. */
  #release(): void {
    for (const raw of this.#held) this.#pass(raw);
    this.#held = [];
    this.#heldLength = 0;
    this.#candidate = undefined;
  }

  #pass(raw: Uint8Array): void {
    if (raw.length === 0) return;
    this.#splice.passed(raw);
    this.#output(raw);
  }

  #insert(follower: Follower): EditResult {
    const { html, charset } = this.#appendix;
    const before = this.#candidate?.before ?? this.#tail.bytes;
    const closer = this.#candidate ? '' : this.#scanner.closer;
    if (closer === undefined) return skipped('unfinished tag');
    const footer = charset.encode(html)!;
    if (endsWithFooter(comparable(before, charset), comparable(footer, charset)))
      return skipped('already there');

    const end = textEnd(new SingleBytes(charset).read(before));
    const needsLineEnd = follower !== 'delimiter';
    const lead = end.isEmpty || end.endsWithLineEnd ? '' : '\n';
    const endLine = this.#candidate || end.endsWithLineEnd || (needsLineEnd && !this.#isBase64);
    const eol = this.#isBase64 ? (end.eol ?? '\r\n') : this.#eol;
    const insertion = `${lead}${closer}${html}${endLine ? '\n' : ''}`.replaceAll('\n', eol);
    const spliced = this.#splice.splice(
      Buffer.concat(this.#held),
      this.#candidate?.skip ?? 0,
      charset.encode(insertion)!,
      { atEnd: !this.#candidate, needsLineEnd },
    );
    if (!spliced) return skipped('broken base64');
    this.#output(spliced);
    return { added: true, transliterated: false };
  }
}
