// Text that is put into quoted-printable.
import { ByteBuilder } from '../byte-builder.ts';
import { CR, DASH, EQUALS, isBlank, LF, NONE } from '../bytes.ts';
import { Edit } from '../edit.ts';
import { DELIMITER_LINE_LIMIT } from '../limits.ts';
import { Window } from '../window.ts';
import { Decoder, Place, skip } from './decoder.ts';
import {
  hexDigit,
  isUnsafeAtLineStart,
  PADDING_LIMIT,
  QUOTED_PRINTABLE_LINE,
  QuotedPrintableDecoder,
  QuotedPrintableEncoder,
} from './quoted-printable.ts';
import { TransferCoding } from './transfer-coding.ts';

/** How new text goes on from the author's line. */
enum Joint {
  /** On that line. */
  Line,
  /** After a soft break. */
  SoftBreak,
  /** After the soft break at the content's end, which lacks its line end. */
  CutSoftBreak,
  /** With that line written anew. */
  Rewritten,
}

/**
 * New text goes on the author's line, and what follows goes on the last line of it. The author's bytes stay as they are, but
 * where a piece of a line would become a line of its own that begins with `--` (the whole was no delimiter, the piece may be
 * one), or where a full line has no room for a soft break.
 */
export class QuotedPrintableCoding extends TransferCoding {
  /** @param lineEnd the message's, which is also the text's */
  constructor(
    private readonly window: Window,
    private readonly start: number,
    private readonly end: number,
    private readonly lineEnd: string,
  ) {
    super();
  }

  get breaksLines(): boolean {
    return true;
  }

  get ownLineEnds(): boolean {
    return false;
  }

  get sevenBit(): boolean {
    return true;
  }

  decoder(from: number): Decoder {
    return new QuotedPrintableDecoder(this.window, from, this.end);
  }

  insert(place: Place, text: Uint8Array): Edit | null {
    const decoder = this.decoder(place.offset);
    skip(decoder, place.distance);
    return this.put(decoder.offset, text, false);
  }

  append(text: Uint8Array, needsLineEnd: boolean): Edit | null {
    return this.put(this.end, text, needsLineEnd);
  }

  private put(at: number, text: Uint8Array, needsLineEnd: boolean): Edit {
    if (text.length === 0 && !needsLineEnd) return new Edit(at, at, text);
    const line = this.lineBefore(at);
    const joint = this.jointOf(line, at, text);
    const bytes = new ByteBuilder();
    if (joint === Joint.SoftBreak) bytes.add(EQUALS);
    if (joint === Joint.SoftBreak || joint === Joint.CutSoftBreak) {
      // Of a line end that is cut in two, the CR is there.
      bytes.addText(joint === Joint.CutSoftBreak && line[line.length - 1] === CR ? '\n' : this.lineEnd);
    }
    const encoder = new QuotedPrintableEncoder(this.lineEnd, joint === Joint.Line ? line.length : 0);
    const start = joint === Joint.Rewritten ? at - line.length : at;
    if (start < at) this.encodeAgain(start, at, encoder, bytes);
    encoder.write(text, 0, text.length, bytes);
    encoder.end(bytes);
    let end = at;
    if (at < this.end) end = this.joinRest(at, line.length > 0, encoder.column, bytes);
    else if (needsLineEnd && encoder.column > 0) bytes.addText(this.lineEnd);
    return new Edit(start, end, bytes.bytes());
  }

  // Before the place

  /** The author's line as far as the place; no more of it than a delimiter can have. */
  private lineBefore(at: number): Uint8Array {
    const line = this.window.slice(max(this.start, at - DELIMITER_LINE_LIMIT), at);
    let from = line.length;
    while (from > 0 && line[from - 1] !== LF) from--;
    return line.slice(from);
  }

  private jointOf(line: Uint8Array, at: number, text: Uint8Array): Joint {
    if (line.length === 0) return Joint.Line;
    const isOpen = endsInOpenEquals(line);
    if (isOpen && at === this.end) {
      const isHalf = line[line.length - 1] === CR;
      return isHalf && mayBeDelimiter(line) ? Joint.Rewritten : Joint.CutSoftBreak;
    }
    const endsLine = text.length === 0 || startsWith(text, this.lineEnd);
    // A hard line end would make the blanks before it disappear (§6.7 rule 3), a soft break of a lone `=`, and a digit may
    // complete one.
    const isSplit = isOpen || endsInDigit(line) || (endsLine && isBlank(line[line.length - 1]));
    const isAsItWas = at === this.end && endsLine && !isSplit;
    const isFull = line.length === QUOTED_PRINTABLE_LINE && (isSplit || !endsLine);
    if (isFull || (!isAsItWas && mayBeDelimiter(line))) return Joint.Rewritten;
    return isSplit ? Joint.SoftBreak : Joint.Line;
  }

  private encodeAgain(start: number, end: number, encoder: QuotedPrintableEncoder, into: ByteBuilder): void {
    const decoder = this.decoder(start);
    const byte = new Uint8Array(1);
    while (decoder.offset < end && decoder.read(byte) > 0) encoder.write(byte, 0, 1, into);
  }

  // After the place

  /**
   * Makes what follows go on after `bytes`.
   * @param isWithinLine whether it stood within a line
   * @param column where it stands now
   * @returns where it begins: some of it may have been written again
   */
  private joinRest(at: number, isWithinLine: boolean, column: i32, bytes: ByteBuilder): number {
    const rest = this.window.slice(at, min(this.end, at + DELIMITER_LINE_LIMIT));
    const length = lineLength(rest);
    if (column + length <= QUOTED_PRINTABLE_LINE && (column > 0 || !isWithinLine)) return at;
    if (column > 0) this.addSoftBreak(bytes);
    const unsafe = unsafeAtLineStart(rest, length);
    if (unsafe === 0) return at;
    const encoder = new QuotedPrintableEncoder(this.lineEnd);
    encoder.write(rest, 0, unsafe, bytes);
    encoder.end(bytes);
    if (encoder.column + length - unsafe > QUOTED_PRINTABLE_LINE) this.addSoftBreak(bytes);
    return at + unsafe;
  }

  private addSoftBreak(bytes: ByteBuilder): void {
    bytes.add(EQUALS);
    bytes.addText(this.lineEnd);
  }
}

/** Whether a line end, or what is left of one, would make a soft break of it: `=`, blanks, perhaps a CR. */
function endsInOpenEquals(line: Uint8Array): boolean {
  const end = line[line.length - 1] === CR ? line.length - 1 : line.length;
  let at = end;
  while (at > 0 && isBlank(line[at - 1])) at--;
  return at > 0 && line[at - 1] === EQUALS && end - at <= PADDING_LIMIT;
}

/** Whether a digit would make an encoded byte of it: an `=` that stands for itself, and a digit. */
function endsInDigit(line: Uint8Array): boolean {
  const last = line.length - 1;
  return last > 0 && line[last - 1] === EQUALS && hexDigit(line[last]) !== NONE;
}

/** Whether a line that begins so may be a delimiter. A longer one is none. */
function mayBeDelimiter(line: Uint8Array): boolean {
  if (line.length === DELIMITER_LINE_LIMIT) return false;
  return line[0] === DASH && (line.length === 1 || line[1] === DASH);
}

/** How much of what begins a line is to be encoded, or has to stay with it: what follows may begin a line after a soft break. */
function unsafeAtLineStart(rest: Uint8Array, length: i32): i32 {
  let end = 0;
  while (end < length && isUnsafeAtLineStart(rest, end, rest.length))
    end += rest[end] === LETTER_F ? FROM_LENGTH : 1;
  return end;
}

/** Of `From `, which software on the way changes. */
const LETTER_F: i32 = 0x46;
const FROM_LENGTH: i32 = 5;

/** Up to the line end, or all. */
function lineLength(bytes: Uint8Array): i32 {
  let end = 0;
  while (end < bytes.length && bytes[end] !== LF) end++;
  return end > 0 && end < bytes.length && bytes[end - 1] === CR ? end - 1 : end;
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  if (bytes.length < text.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[i] !== text.charCodeAt(i)) return false;
  return true;
}
