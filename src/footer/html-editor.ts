import { latin1 } from '../mime/bytes.ts';
import type { Charset } from '../mime/charset.ts';
import type { Follower } from '../mime/tokens.ts';
import { charsetReset } from './charset-reset.ts';
import type { ContentSplice } from './content-splice.ts';
import { DecodedTail, endsWithFooter, textEnd } from './decoded-tail.ts';
import { type BodyEndTag, HtmlScanner } from './html-scanner.ts';
import { HELD_HTML_LIMIT, UNREAD_LIMIT } from './limits.ts';
import { type EditResult, NOT_WANTED, type PartEditor, skipped } from './part-editor.ts';
import type { Passage } from './passage.ts';
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

/** Longest end tag of a cell or a row of cells, some blanks in it included. */
const CELL_END_LIMIT = 16;

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
  readonly #passage: Passage;
  readonly #unit: 1 | 2;
  readonly #singleBytes: SingleBytes;
  readonly #scanner = new HtmlScanner((tag) => this.#consider(tag));
  /** The end of the decoded text before the piece at hand. */
  readonly #tail: DecodedTail;
  /** The best tag of the piece at hand. */
  #found: BodyEndTag | undefined;
  #candidate: Candidate | undefined;
  /** How much of what waits has been read: the content from the candidate on. The rest is not settled. */
  #held = 0;
  #broken = false;

  /** @param eol the message's line end; base64 text may have its own inside */
  constructor(
    appendix: HtmlAppendix,
    splice: ContentSplice,
    isBase64: boolean,
    eol: string,
    passage: Passage,
  ) {
    this.#appendix = appendix;
    this.#splice = splice;
    this.#isBase64 = isBase64;
    this.#eol = eol;
    this.#passage = passage;
    this.#unit = unitSize(appendix.charset);
    this.#singleBytes = new SingleBytes(appendix.charset);
    this.#tail = new DecodedTail(10 * appendix.html.length + 1024);
  }

  look(): void {
    if (this.#broken) return this.#passage.release();
    const shown = this.#passage.waiting.subarray(this.#held);
    const { bytes, consumed } = this.#splice.decoder.decode(shown, false);
    const { decodedEnd, rawEnd } = this.#settled(shown, bytes, consumed);
    this.#take(shown.subarray(0, rawEnd), bytes.subarray(0, decodedEnd));
    if (this.#held > HELD_HTML_LIMIT) this.#pass(this.#held);
    this.#broken = this.#passage.waiting.length - this.#held > UNREAD_LIMIT;
    if (this.#broken) this.#passage.release();
  }

  finish(commit: boolean, follower: Follower): EditResult {
    if (!commit) return NOT_WANTED;
    if (this.#broken) return skipped('broken base64');
    const last = this.#passage.waiting.subarray(this.#held);
    this.#take(last, this.#splice.decoder.decode(last, true).bytes, true);
    return this.#insert(follower);
  }

  /**
   * How much of what is decoded can be read now: whole code units, and nothing from a `<` on whose tag name may go
   * on, so that every end tag is found in the piece in which it begins. End tags do not overlap, so the way back to a
   * group of base64 is short, whatever stands there.
   */
  #settled(shown: Uint8Array, bytes: Uint8Array, consumed: number): { decodedEnd: number; rawEnd: number } {
    let end = bytes.length;
    for (;;) {
      const readable = this.#readableEnd(bytes, end);
      if (readable === bytes.length) return { decodedEnd: readable, rawEnd: consumed };
      // Base64 can only be cut between groups: back to one, and see again what is readable before that.
      const { at, skip } = this.#splice.decoder.locate(shown, readable);
      if (skip === 0) return { decodedEnd: readable, rawEnd: at };
      end = readable - skip;
    }
  }

  /** The last place up to `end` that is in the middle of no end tag. */
  #readableEnd(bytes: Uint8Array, end: number): number {
    const whole = end - (end % this.#unit);
    const reach = (END_TAG_LENGTH - 1) * this.#unit;
    const from = Math.max(0, whole - reach);
    const around = new SingleBytes(this.#appendix.charset).read(bytes.subarray(from, whole + reach));
    const length = (whole - from) / this.#unit;
    for (let lt = around.indexOf(LT); lt >= 0 && lt < length; lt = around.indexOf(LT, lt + 1)) {
      if (mayBeEndTag(latin1(around.subarray(lt, lt + END_TAG_LENGTH)))) return from + lt * this.#unit;
    }
    return whole;
  }

  /** Scans a settled piece. It goes out up to the best place for the footer; from there on it is held. */
  #take(raw: Uint8Array, bytes: Uint8Array, isLast = false): void {
    this.#found = undefined;
    this.#scanner.write(this.#singleBytes.read(bytes));
    if (this.#found !== undefined) {
      const { name, offset } = this.#found as BodyEndTag;
      const inPiece = offset * this.#unit - this.#tail.total;
      const { at, skip } = this.#splice.decoder.locate(raw, inPiece);
      const after = raw.length - at;
      this.#pass(this.#held + at);
      this.#held = after;
      this.#tail.push(bytes.subarray(0, inPiece));
      this.#candidate = { tag: name, skip, before: this.#tail.bytes };
      this.#tail.push(bytes.subarray(inPiece));
      return;
    }
    this.#tail.push(bytes);
    // At the end, what base64 has left over is needed to go on from it.
    if (this.#candidate || isLast) this.#held += raw.length;
    else this.#pass(raw.length);
  }

  /** Goes out as it came; a candidate in it was none. */
  #pass(length: number): void {
    this.#splice.passed(this.#passage.waiting.subarray(0, length));
    this.#passage.pass(length);
    this.#held = 0;
    this.#candidate = undefined;
  }

  #consider(tag: BodyEndTag): void {
    const best = this.#found?.name ?? this.#candidate?.tag;
    if (tag.name === 'body' || best !== 'body') this.#found = tag;
  }

  #insert(follower: Follower): EditResult {
    const { html, charset } = this.#appendix;
    const before = this.#candidate?.before ?? this.#tail.bytes;
    const closer = this.#candidate ? '' : this.#scanner.closer;
    if (closer === undefined) return skipped('unfinished tag');
    const footer = charset.encode(html)!;
    const text = comparable(before, charset);
    if (endsWithFooter(text, comparable(footer, charset), 'html')) return skipped('already there');

    const end = textEnd(new SingleBytes(charset).read(before));
    const needsLineEnd = follower !== 'delimiter';
    const lead = end.isEmpty || end.endsWithLineEnd ? '' : '\n';
    const endLine = this.#candidate || end.endsWithLineEnd || (needsLineEnd && !this.#isBase64);
    const eol = this.#isBase64 ? (end.eol ?? '\r\n') : this.#eol;
    const tableEnd = endsBetweenCells(text) ? '</table>' : '';
    const insertion = `${lead}${closer}${tableEnd}${html}${endLine ? '\n' : ''}`.replaceAll('\n', eol);
    const encoded = Buffer.concat([charsetReset(charset, before), charset.encode(insertion)!]);
    const held = this.#passage.waiting;
    const spliced = this.#splice.splice(held, this.#candidate?.skip ?? 0, encoded, {
      atEnd: !this.#candidate,
      needsLineEnd,
    });
    if (!spliced) return skipped('broken base64');
    this.#passage.replace(held.length, spliced);
    return { added: true, transliterated: false };
  }
}

/** Whether a text is an end tag that matters, as far as its END_TAG_LENGTH characters are there. */
function mayBeEndTag(text: string): boolean {
  const name = text.slice(0, END_TAG_LENGTH - 1).toLowerCase();
  return (
    ('</body'.startsWith(name) || '</html'.startsWith(name)) && /^[\s/>]?$/.test(text.slice(name.length))
  );
}

/**
 * Whether the HTML ends in a table that was left open. Readers show what stands between cells in front of the table
 * (HTML standard, §13.2.6.1), so the footer of a newsletter that is all one table would be its first line.
 */
function endsBetweenCells(text: string): boolean {
  return /<\/t(?:[dhr]|body|head|foot)\s*>$/i.test(text.trimEnd().slice(-CELL_END_LIMIT));
}
