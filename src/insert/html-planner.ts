/**
 * How an HTML part gets its footer: at the place that HtmlReader finds, after the end tags of what would hide it there. One
 * pass over the text finds the place; then the end of what is before it is read again, to see how it ends and whether the
 * footer stands there already. The header never changes: what the charset lacks is written as references, in ASCII.
 */
import { indexOf } from '../mime/bytes.ts';
import { AsciiView, Charset } from '../mime/charset/charset.ts';
import { US_ASCII } from '../mime/charset/charsets.ts';
import { Utf8Validator } from '../mime/charset/utf-8.ts';
import { codingOf } from '../mime/encoding/coding-of.ts';
import { Decoder, Place } from '../mime/encoding/decoder.ts';
import { TransferCoding } from '../mime/encoding/transfer-coding.ts';
import { TransferEncoding } from '../mime/encoding/transfer-encoding.ts';
import { Follower, Part } from '../mime/part.ts';
import { Window } from '../mime/window.ts';
import { BlankText } from './blank-text.ts';
import { ComposedFooters } from './composed-footers.ts';
import { DecodedMarks, Mark } from './decoded-marks.ts';
import { HtmlInsertion } from './html-insertion.ts';
import { HtmlReader } from './html-reader.ts';
import { FooterKind, Manner, Placed, Reason } from './outcome.ts';
import { charsetOfPart } from './part-charset.ts';
import { PartPlanner } from './part-planner.ts';
import { endsWithFooter } from './text-end.ts';
import { beginsLikeFile, readableBy } from './text-facts.ts';
import { TextTail } from './text-tail.ts';
import { needsView } from './text-units.ts';

/** Bytes of text that are read in a step. */
const STEP: i32 = 64 * 1024;

/** Bytes of text that are held at least: a whole unit of any encoding, and what tells a file from text. */
const LEAST_BUFFER: i32 = 16;

/** Bytes of line ends and blanks that may follow a footer which is there already, and of a last line. */
const TAIL_ROOM: i32 = 2048;

const NUL: i32 = 0;

enum Stage {
  Start,
  Read,
  /** The text before the place is read again. */
  ReadTail,
  Done,
}

export class HtmlPlanner extends PartPlanner {
  private stage: Stage = Stage.Start;
  private readonly encoding: TransferEncoding;
  private readonly buffer: Uint8Array;
  private units: Uint8Array;
  private coding: TransferCoding | null = null;
  private decoder: Decoder | null = null;
  /** In which the footer is written: the part's, or ASCII where that is unknown. */
  private charset: Charset = US_ASCII;
  private view: AsciiView | null = null;
  private reader: HtmlReader | null = null;
  private utf8: Utf8Validator | null = null;
  private isNoText: boolean = false;
  /** Where the next block begins, in bytes of text. */
  private position: number = 0;
  private marks: DecodedMarks | null = null;
  private readonly bodyEnd: Mark = new Mark();
  private readonly htmlEnd: Mark = new Mark();
  private readonly textEnd: Mark = new Mark();
  private tail: TextTail | null = null;

  /**
   * @param window not the scanner's
   * @param part complete, with a header that can be read
   * @param lineEnd the message's
   */
  constructor(
    private readonly window: Window,
    private readonly part: Part,
    private readonly lineEnd: string,
    private readonly footers: ComposedFooters,
  ) {
    super();
    this.encoding = part.header!.transferEncoding;
    const buffer = new Uint8Array(max(i32(min(f64(STEP), part.bodyEnd - part.bodyStart)), LEAST_BUFFER));
    this.buffer = buffer;
    this.units = buffer;
  }

  step(): boolean {
    switch (this.stage) {
      case Stage.Start:
        this.start();
        break;
      case Stage.Read:
        this.read();
        break;
      case Stage.ReadTail:
        this.readTail();
        break;
      default:
        break;
    }
    return this.stage !== Stage.Done;
  }

  private leave(reason: Reason): void {
    this.plan.reason = reason;
    this.stage = Stage.Done;
  }

  private start(): void {
    const coding = codingOf(this.part, this.window, this.lineEnd);
    if (coding === null) {
      this.leave(Reason.UnknownEncoding);
      return;
    }
    const found = charsetOfPart(this.part, coding);
    if (!found.isUsable) {
      this.leave(Reason.UnusableCharset);
      return;
    }
    const charset = found.charset;
    if (charset !== null) this.charset = charset;
    if (this.charset.isSingleByte) this.utf8 = new Utf8Validator();
    if (needsView(charset)) {
      this.view = this.charset.asciiView();
      this.units = new Uint8Array(this.buffer.length + 1);
    }
    const tailLength = this.longestFooter() + TAIL_ROOM * this.charset.unit;
    this.tail = new TextTail(i32(min(f64(tailLength), this.part.bodyEnd - this.part.bodyStart + 1)));
    this.marks = new DecodedMarks(this.part.bodyStart, tailLength);
    this.reader = new HtmlReader(this.charset.unit > 1 ? null : new BlankText(readableBy(charset)));
    this.coding = coding;
    this.decoder = coding.decoder(this.part.bodyStart);
    this.stage = Stage.Read;
  }

  /** Bytes that a footer takes which is there already, its line ends perhaps longer than ours. */
  private longestFooter(): i32 {
    const characters = max(
      this.footers.html(this.encoding, this.charset).length,
      this.footers.htmlInAscii(this.encoding).length,
    );
    // References make a character beyond ASCII longer than any charset does, UTF-7 and shifts from ASCII and back included.
    return 8 * characters;
  }

  // The place

  private read(): void {
    const decoder = this.decoder!;
    const reader = this.reader!;
    const marks = this.marks!;
    const offset = decoder.offset;
    const length = decoder.read(this.buffer);
    if (length === 0) {
      this.endText();
      return;
    }
    const unit = this.charset.unit;
    marks.begin(offset, this.position, reader.tokenizer.end * unit);
    if (this.position === 0) this.isNoText = beginsLikeFile(this.buffer, length);
    const utf8 = this.utf8;
    if (utf8 !== null) utf8.push(this.buffer, 0, length);
    const view = this.view;
    const count = view === null ? length : view.view(this.buffer, 0, length, this.units);
    if (!this.isNoText) this.isNoText = indexOf(this.units, NUL, 0, count) >= 0;
    reader.push(this.units, count);
    marks.mark(this.bodyEnd, placeIn(reader.bodyEnd.offset, unit));
    marks.mark(this.htmlEnd, placeIn(reader.htmlEnd.offset, unit));
    this.position += length;
  }

  private endText(): void {
    const reader = this.reader!;
    reader.end();
    this.plan.isBlank = !reader.hasInk;
    const obstacle = this.obstacle();
    if (obstacle !== Reason.None) {
      this.leave(obstacle);
      return;
    }
    this.marks!.mark(this.textEnd, this.position);
    const tail = this.place().tail;
    this.decoder = this.coding!.decoder(tail.offset);
    this.position = tail.position;
    this.stage = Stage.ReadTail;
  }

  private obstacle(): Reason {
    const reader = this.reader!;
    if (this.decoder!.isBroken) return Reason.BrokenBase64;
    if (this.isNoText) return Reason.NotReallyText;
    if (this.position % this.charset.unit !== 0) return Reason.UnusableCharset;
    return reader.isUnfinished ? Reason.UnfinishedTag : Reason.None;
  }

  private place(): Mark {
    const reader = this.reader!;
    if (reader.place === null) return this.textEnd;
    return reader.place === reader.bodyEnd ? this.bodyEnd : this.htmlEnd;
  }

  private readTail(): void {
    const place = this.place();
    if (this.position < place.position) {
      const length = this.decoder!.read(this.buffer);
      if (length > 0) {
        this.tail!.push(this.buffer, i32(min(f64(length), place.position - this.position)));
        this.position += length;
        return;
      }
    }
    this.write(place);
  }

  // The footer

  private write(place: Mark): void {
    const tail = this.tail!.bytes(this.charset.unit);
    if (this.isAlreadyThere(tail)) {
      this.leave(Reason.AlreadyThere);
      return;
    }
    const html = this.isMislabelled
      ? this.footers.htmlInAscii(this.encoding)
      : this.footers.html(this.encoding, this.charset);
    const coding = this.coding!;
    const isAtEnd = place === this.textEnd;
    const needsLineEnd = this.part.follower !== Follower.Delimiter;
    const insertion = new HtmlInsertion(this.reader!, this.charset, tail);
    insertion.endsLine = !isAtEnd || (needsLineEnd && !coding.ownLineEnds);
    insertion.lineEnd = coding.ownLineEnds ? '' : this.lineEnd;
    insertion.unitLength = isAtEnd ? 1 : coding.unitLength;
    const bytes = insertion.compose(html);
    const edit = isAtEnd
      ? coding.append(bytes, needsLineEnd)
      : coding.insert(new Place(place.block.offset, i32(place.position - place.block.position)), bytes);
    if (edit === null) {
      this.leave(Reason.BrokenBase64);
      return;
    }
    this.plan.edits.push(edit);
    this.plan.placed = new Placed(Manner.Into, FooterKind.Html, false, insertion.mayBeHidden, '');
    this.stage = Stage.Done;
  }

  /** UTF-8 under the label of another charset is common, and mail readers repair it as long as all of it is valid. */
  private get isMislabelled(): boolean {
    const utf8 = this.utf8;
    if (utf8 === null) return false;
    return utf8.hasMultiByte && utf8.isWhole;
  }

  /** As it would be written, or in references: so a part of its own has it, and a text of uncertain charset. */
  private isAlreadyThere(tail: Uint8Array): boolean {
    return (
      this.endsWith(tail, this.footers.html(this.encoding, this.charset)) ||
      this.endsWith(tail, this.footers.htmlInAscii(this.encoding))
    );
  }

  private endsWith(tail: Uint8Array, html: string): boolean {
    const footer = this.charset.encode(html);
    return footer !== null && endsWithFooter(tail, footer, this.charset, true);
  }
}

function placeIn(offset: number, unit: i32): number {
  return offset < 0 ? offset : offset * unit;
}
