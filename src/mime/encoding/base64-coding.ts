// Text that is put into base64.
import { ByteBuilder } from '../byte-builder.ts';
import { CR, LF } from '../bytes.ts';
import { Edit } from '../edit.ts';
import { Window } from '../window.ts';
import { BASE64_LINE, Base64Decoder, Base64Encoder } from './base64.ts';
import { Decoder, Place, skip } from './decoder.ts';
import { TransferCoding } from './transfer-coding.ts';

/** How much may be written anew where what follows the place does not fit into whole groups any more, in bytes. */
const REGROUPING_LIMIT: i32 = 64 * 1024;

/** Lines are not looked over any further than this: as many characters as a line may have (RFC 5322 §2.1.1). */
const LINE_LIMIT: i32 = 998;

/**
 * Three bytes share a group, so the group at the place is written again, in lines as long as the mailer's. Where the
 * content is broken, readers disagree about what it says, and what came of an insertion would be anybody's guess.
 */
export class Base64Coding extends TransferCoding {
  /** Reads all of the content, and so knows how it ends. */
  private whole: Base64Decoder;

  /** @param lineEnd the message's, for the lines of base64 */
  constructor(
    private readonly window: Window,
    private readonly start: number,
    private readonly end: number,
    private readonly lineEnd: string,
  ) {
    super();
    this.whole = new Base64Decoder(window, start, end);
  }

  get breaksLines(): boolean {
    return true;
  }

  get ownLineEnds(): boolean {
    return true;
  }

  get sevenBit(): boolean {
    return true;
  }

  override get unitLength(): i32 {
    return 3;
  }

  decoder(from: number): Decoder {
    const decoder = new Base64Decoder(this.window, from, this.end);
    if (from === this.start && this.whole.offset < this.end) this.whole = decoder;
    return decoder;
  }

  insert(place: Place, text: Uint8Array): Edit | null {
    if (!this.isSound()) return null;
    const decoder = new Base64Decoder(this.window, place.offset, this.end);
    const before = place.distance - skip(decoder, place.distance - (place.distance % 3));
    const groupStart = decoder.offset;
    const group = new Uint8Array(3);
    const inGroup = decoder.read(group);
    if (inGroup === 0) return this.append(text, false);
    const content = new ByteBuilder();
    content.addRange(group, 0, min(before, inGroup));
    content.addBytes(text);
    if (inGroup < 3) {
      content.addRange(group, before, inGroup);
      return this.withTail(content.bytes(), false);
    }
    if (before > 0) content.addRange(group, before, 3);
    const groupEnd = before > 0 ? decoder.offset : groupStart;
    return content.length % 3 === 0
      ? this.betweenGroups(groupStart, groupEnd, content.bytes())
      : this.withAllThatFollows(groupStart, groupEnd, content);
  }

  append(text: Uint8Array, needsLineEnd: boolean): Edit | null {
    if (!this.isSound()) return null;
    const tail = new Uint8Array(3);
    const inTail = new Base64Decoder(this.window, this.whole.tailStart, this.end).read(tail);
    const content = new ByteBuilder();
    content.addRange(tail, 0, inTail);
    content.addBytes(text);
    return this.withTail(content.bytes(), needsLineEnd);
  }

  /** Reads what nobody has read yet: nothing, after a search for the place. */
  private isSound(): boolean {
    if (this.whole.offset < this.end) {
      const rest = new Uint8Array(4096);
      while (this.whole.read(rest) > 0);
    }
    return !this.whole.isBroken;
  }

  /** @param content takes the place of the last group that is not whole, padding included */
  private withTail(content: Uint8Array, needsLineEnd: boolean): Edit {
    const start = this.whole.tailStart;
    const end = max(start, this.whole.dataEnd);
    const lines = this.lines(content, start);
    const hasLineEnd = end < this.end && this.window.byteAt(this.end - 1) === LF;
    if (!needsLineEnd || hasLineEnd) return new Edit(start, end, lines.bytes());
    const takesRest = this.end - end <= LINE_LIMIT;
    if (takesRest) lines.addBytes(this.window.slice(end, this.end));
    lines.addText(this.lineEnd);
    return new Edit(start, takesRest ? this.end : end, lines.bytes());
  }

  /** What follows on the line goes on in one of its own, which is not too long so. */
  private betweenGroups(start: number, end: number, content: Uint8Array): Edit {
    const lines = this.lines(content, start);
    const next = end < this.end ? this.window.byteAt(end) : LF;
    if (next !== CR && next !== LF && content.length > 0) lines.addText(this.lineEnd);
    return new Edit(start, end, lines.bytes());
  }

  private withAllThatFollows(start: number, from: number, content: ByteBuilder): Edit | null {
    const end = this.whole.dataEnd;
    if (end - start > REGROUPING_LIMIT) return null;
    const decoder = new Base64Decoder(this.window, from, this.end);
    const rest = new Uint8Array(4096);
    for (let length = decoder.read(rest); length > 0; length = decoder.read(rest))
      content.addRange(rest, 0, length);
    return new Edit(start, end, this.lines(content.bytes(), start).bytes());
  }

  /** Lines of base64 that go on the line in which `start` is. */
  private lines(content: Uint8Array, start: number): ByteBuilder {
    const encoder = new Base64Encoder(this.lineEnd, this.columnOf(start), this.width());
    const lines = new ByteBuilder();
    encoder.write(content, 0, content.length, lines);
    encoder.end(lines);
    return lines;
  }

  /** How many characters of the line come before an offset. */
  private columnOf(offset: number): i32 {
    const line = this.window.slice(max(this.start, offset - LINE_LIMIT), offset);
    let from = line.length;
    while (from > 0 && line[from - 1] !== LF) from--;
    return withoutReturns(line, from, line.length);
  }

  /** How long this mailer's lines are, by the first one that is not empty and not the last; else the longest allowed. */
  private width(): i32 {
    const lines = this.window.slice(this.start, min(this.start + 2 * LINE_LIMIT, this.whole.dataEnd));
    let from = 0;
    while (from < lines.length && (lines[from] === CR || lines[from] === LF)) from++;
    let to = from;
    while (to < lines.length && lines[to] !== LF) to++;
    const width = to < lines.length ? withoutReturns(lines, from, to) : 0;
    return width >= 4 && width <= BASE64_LINE ? width : BASE64_LINE;
  }
}

/** How many characters there are, but for carriage returns. */
function withoutReturns(line: Uint8Array, from: i32, to: i32): i32 {
  let count = 0;
  for (let i = from; i < to; i++) if (line[i] !== CR) count++;
  return count;
}
