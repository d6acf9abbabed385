/**
 * How a text gets its footer: at its end, in characters that are sure to be read as they are meant. One pass over the
 * text tells what there is to know; where it has to be written anew, another one tells how long it gets.
 */
import { Edit } from '../mime/edit.ts';
import { codingOf } from '../mime/encoding/coding-of.ts';
import { Decoder } from '../mime/encoding/decoder.ts';
import { TransferCoding } from '../mime/encoding/transfer-coding.ts';
import { TransferEncoding } from '../mime/encoding/transfer-encoding.ts';
import { editHeader, HeaderChanges } from '../mime/header/header-edit.ts';
import { Part } from '../mime/part.ts';
import { Window } from '../mime/window.ts';
import { ComposedFooters, isUnencoded } from './composed-footers.ts';
import { FooterKind, Manner, Placed, Reason } from './outcome.ts';
import { charsetOfPart } from './part-charset.ts';
import { PartPlanner } from './part-planner.ts';
import { PartText } from './part-text.ts';
import { Recoding } from './plan.ts';
import { Recoder } from './recoder.ts';
import { TextFacts } from './text-facts.ts';
import { chooseStrategy, TextChange, TextSituation, TextStrategy } from './text-strategy.ts';
import { UnencodedLines } from './unencoded-lines.ts';

/** Bytes of content that are written anew at most. What people write is far shorter. */
export const RECODE_LIMIT: number = 1024 * 1024;

/** Bytes of text that are read in a step. */
const STEP: i32 = 64 * 1024;

/** Bytes of text that are held at least: a decoder fills no less. */
const LEAST_BUFFER: i32 = 16;

/** Bytes that a footer's character takes at most, its share of line ends, stuffing and escapes included. */
const LONGEST_CHARACTER: i32 = 8;

/** Bytes of line ends and blanks that may follow a footer which is there already. */
const BLANK_ROOM: i32 = 1024;

enum Stage {
  Start,
  Read,
  /** The text is read to see whether it is valid in the charset that it was taken for. */
  Verify,
  /** The text is written anew, to see how long it gets. */
  Rewrite,
  Done,
}

export class TextPlanner extends PartPlanner {
  private stage: Stage = Stage.Start;
  private readonly encoding: TransferEncoding;
  private readonly buffer: Uint8Array;
  private coding: TransferCoding | null = null;
  private decoder: Decoder | null = null;
  private situation: TextSituation | null = null;
  private facts: TextFacts | null = null;
  private text: PartText | null = null;
  private strategy: TextStrategy | null = null;
  private recoder: Recoder | null = null;
  private lines: UnencodedLines = new UnencodedLines();

  /**
   * @param window not the scanner's
   * @param part complete, with a header that can be read
   * @param lineEnd the message's
   * @param avoidsUnencoded the footer's lines must not go out as they are: one of them would be a delimiter
   */
  constructor(
    private readonly window: Window,
    private readonly part: Part,
    private readonly lineEnd: string,
    private readonly footers: ComposedFooters,
    private readonly avoidsUnencoded: boolean,
  ) {
    super();
    this.encoding = part.header!.transferEncoding;
    this.buffer = new Uint8Array(max(i32(min(f64(STEP), part.bodyEnd - part.bodyStart)), LEAST_BUFFER));
  }

  step(): boolean {
    switch (this.stage) {
      case Stage.Start:
        this.start();
        break;
      case Stage.Read:
        this.read();
        break;
      case Stage.Verify:
        this.verify();
        break;
      case Stage.Rewrite:
        this.rewrite();
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

  // What the text is

  private start(): void {
    const coding = codingOf(this.part, this.window, this.lineEnd);
    if (coding === null) {
      this.leave(Reason.UnknownEncoding);
      return;
    }
    const known = charsetOfPart(this.part, coding);
    if (!known.isUsable) {
      this.leave(Reason.UnusableCharset);
      return;
    }
    const charset = known.charset;
    const isDeclared = this.part.header!.charset !== '';
    const length = this.part.bodyEnd - this.part.bodyStart;
    const situation = new TextSituation(charset, isDeclared, this.encoding, length <= RECODE_LIMIT);
    const tailLimit = LONGEST_CHARACTER * this.footers.pair.text.length + BLANK_ROOM;
    const asksMeaning = situation.asksMeaning(this.footers);
    this.facts = new TextFacts(charset, i32(min(f64(tailLimit), length + 1)), asksMeaning);
    this.situation = situation;
    this.coding = coding;
    this.decoder = coding.decoder(this.part.bodyStart);
    this.stage = Stage.Read;
  }

  private read(): void {
    const facts = this.facts!;
    const length = this.decoder!.read(this.buffer);
    if (length > 0) {
      facts.push(this.buffer, length);
      return;
    }
    facts.end();
    this.plan.isBlank = facts.isBlank;
    const obstacle = this.obstacle(facts);
    if (obstacle !== Reason.None) {
      this.leave(obstacle);
      return;
    }
    const charset = this.situation!.charset;
    const tail = facts.tail.bytes(charset === null ? 1 : charset.unit);
    this.text = new PartText(this.part, charset, tail, this.coding!.ownLineEnds, this.lineEnd, this.footers);
    this.choose();
  }

  private obstacle(facts: TextFacts): Reason {
    if (this.decoder!.isBroken) return Reason.BrokenBase64;
    if (facts.isNoText) return Reason.NotReallyText;
    const charset = this.situation!.charset;
    if (charset !== null && facts.tail.total % charset.unit !== 0) return Reason.UnusableCharset;
    return facts.pgp.open ? Reason.UnclosedPgp : Reason.None;
  }

  // What is done about it

  /** Goes on with the best strategy that has not failed yet. */
  private choose(): void {
    const situation = this.situation!;
    let strategy = chooseStrategy(situation, this.footers, this.facts!);
    if (this.avoidsUnencoded && strategy.change === TextChange.Append && isUnencoded(this.encoding)) {
      if (!situation.mayChangeHeader || !situation.isShort) {
        this.leave(Reason.DelimiterLine);
        return;
      }
      strategy = strategy.quoted();
    }
    this.strategy = strategy;
    if (strategy.isGuess) this.beginVerifying(strategy);
    else this.carryOut(strategy, this.encodingAfter(strategy));
  }

  /** 8-bit text that is converted stays 8-bit if its lines allow it. */
  private encodingAfter(strategy: TextStrategy): TransferEncoding {
    if (strategy.change === TextChange.Append || !isUnencoded(this.encoding)) return this.encoding;
    const becomesQuoted =
      strategy.change === TextChange.Quote ||
      this.encoding === TransferEncoding.SevenBit ||
      this.avoidsUnencoded;
    return becomesQuoted ? TransferEncoding.QuotedPrintable : this.encoding;
  }

  private carryOut(strategy: TextStrategy, encoding: TransferEncoding): void {
    const text = this.text!;
    if (text.hasFooter(strategy, encoding)) {
      this.leave(Reason.AlreadyThere);
      return;
    }
    const edits = this.headerEdits(strategy, encoding);
    if (edits === null) {
      this.situation!.mayChangeHeader = false;
      this.choose();
      return;
    }
    const addition = text.addition(strategy, encoding);
    if (addition.length === 0) this.leave(Reason.UnusableCharset);
    else if (strategy.change === TextChange.Append) this.append(edits, addition);
    else this.beginRewriting(strategy, encoding, edits, addition);
  }

  private headerEdits(strategy: TextStrategy, encoding: TransferEncoding): Edit[] | null {
    if (strategy.label === '' && encoding === this.encoding) return [];
    const changed = encoding === this.encoding ? TransferEncoding.Unknown : encoding;
    return editHeader(this.window, this.part, new HeaderChanges(strategy.label, changed), this.lineEnd);
  }

  private append(headerEdits: Edit[], addition: Uint8Array): void {
    const edit = this.coding!.append(addition, this.text!.needsLineEnd);
    if (edit === null) {
      this.leave(Reason.BrokenBase64);
      return;
    }
    this.addEdits(headerEdits);
    this.plan.edits.push(edit);
    this.place();
  }

  private addEdits(edits: Edit[]): void {
    for (let i = 0; i < edits.length; i++) this.plan.edits.push(edits[i]);
  }

  private place(): void {
    const strategy = this.strategy!;
    const transliterated = strategy.inAscii && !this.footers.isAscii;
    const from = strategy.change === TextChange.Convert ? this.situation!.charset!.name : '';
    this.plan.placed = new Placed(Manner.Into, FooterKind.Text, transliterated, false, from);
    this.stage = Stage.Done;
  }

  // Reading it again

  private beginVerifying(strategy: TextStrategy): void {
    const recoding = new Recoding(
      strategy.charset.name,
      this.encoding,
      TransferEncoding.EightBit,
      this.lineEnd,
    );
    this.recoder = this.recoderOf(recoding, new Uint8Array(0));
    this.stage = Stage.Verify;
  }

  private verify(): void {
    const recoder = this.recoder!;
    if (recoder.read(this.buffer) > 0) return;
    const strategy = this.strategy!;
    if (!recoder.failed) this.carryOut(strategy, this.encodingAfter(strategy));
    else {
      this.situation!.mayGuess = false;
      this.choose();
    }
  }

  private beginRewriting(
    strategy: TextStrategy,
    encoding: TransferEncoding,
    headerEdits: Edit[],
    addition: Uint8Array,
  ): void {
    const charset = strategy.change === TextChange.Convert ? this.situation!.charset!.name : '';
    const endsLine = this.coding!.ownLineEnds && this.text!.needsLineEnd;
    const recoding = new Recoding(charset, this.encoding, encoding, this.lineEnd, endsLine);
    this.plan.recoding = recoding;
    this.plan.tail = addition;
    this.plan.recodedLength = 0;
    this.plan.edits.length = 0;
    this.addEdits(headerEdits);
    this.recoder = this.recoderOf(recoding, addition);
    this.lines = new UnencodedLines();
    this.stage = Stage.Rewrite;
  }

  private recoderOf(recoding: Recoding, tail: Uint8Array): Recoder {
    return new Recoder(this.window, this.part.bodyStart, this.part.bodyEnd, recoding, tail);
  }

  private rewrite(): void {
    const recoder = this.recoder!;
    const length = recoder.read(this.buffer);
    if (length > 0) {
      this.plan.recodedLength += length;
      if (isUnencoded(this.plan.recoding!.to)) this.lines.push(this.buffer, length);
    } else if (recoder.failed) this.rewriteNothing();
    else if (this.mayGoOutAsItIs()) this.place();
    else this.carryOut(this.strategy!, TransferEncoding.QuotedPrintable);
  }

  /** Characters that were one byte are two in UTF-8, and what was an escape is gone: lines are other lines than before. */
  private mayGoOutAsItIs(): boolean {
    if (this.lines.hasLongLine) return false;
    return !this.lines.hasDashedLine || this.part.parent === null;
  }

  private rewriteNothing(): void {
    this.plan.recoding = null;
    this.plan.tail = new Uint8Array(0);
    this.plan.recodedLength = 0;
    this.plan.edits.length = 0;
    this.situation!.mayConvert = false;
    this.choose();
  }
}
