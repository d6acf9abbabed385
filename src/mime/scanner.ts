// The scanner: a message in, the structure of its MIME out.
import { Boundaries } from './boundaries.ts';
import { CR, DASH, equalRange, isBlank, LF, trimmedEnd } from './bytes.ts';
import { colonOfField, hasPrefix, isBlankLine, isNamed, isTolerated } from './header/header-fields.ts';
import { BlankLine, FieldName, PartHeader, PartHeaderBuilder } from './header/part-header.ts';
import { DELIMITER_LINE_LIMIT, FIELD_LIMIT, NESTING_LIMIT, TOKEN_LIMIT } from './limits.ts';
import { firstLineEnd } from './line-end.ts';
import { Follower, Part } from './part.ts';
import { TokenKind } from './token.ts';
import { Window } from './window.ts';

enum State {
  Header,
  /** In a field that is longer than a token. */
  LongField,
  Content,
  /** In content that is longer than a token, not at the beginning of a line. */
  LongContent,
  /** Before a delimiter that has been matched: parts that it ends come first. */
  Delimiter,
  /** After the last byte: what is still open ends. */
  End,
}

/**
 * A lossless MIME scanner. `advance` goes to the next token, which begins where the one before it ended: the tokens'
 * bytes, one after another, are the message, whatever it contains. It takes linear time, and memory for the open parts
 * alone.
 *
 * Only LF ends a line (a CR before it belongs to the line end); a lone CR is content, as it is for Postfix.
 */
export class Scanner {
  kind: TokenKind = TokenKind.PartEnd;
  start: number = 0;
  end: number = 0;
  /** The part that the token belongs to. For a delimiter: the multipart whose boundary it has. */
  part: Part;
  /** The message's first line end: `\n`, also where it has none, or `\r\n`. */
  readonly lineEnd: string;

  private readonly window: Window;
  private readonly size: number;
  private state: State = State.Header;
  private readonly boundaries: Boundaries = new Boundaries();
  private readonly open: Part[] = [];
  private readonly header: PartHeaderBuilder = new PartHeaderBuilder();
  /** The last line that could have been a delimiter. */
  private readonly line: Uint8Array = new Uint8Array(DELIMITER_LINE_LIMIT);
  private lineLength: i32 = 0;
  /** Of the delimiter that has been matched. */
  private delimiterStart: number = 0;
  private delimiterEnd: number = 0;

  /** @param window the scanner's own while it scans */
  constructor(window: Window) {
    this.lineEnd = firstLineEnd(window);
    this.window = window;
    this.size = window.size;
    this.part = new Part(null, 0, 1, 0);
    this.open.push(this.part);
  }

  /** Goes to the next token; false after the last one. */
  advance(): boolean {
    this.start = this.end;
    switch (this.state) {
      case State.Header:
        return this.scanHeader();
      case State.LongField:
        return this.takeField(this.start, this.start);
      case State.Content:
      case State.LongContent:
        return this.scanContent();
      case State.Delimiter:
        return this.takeDelimiter();
      default:
        return this.open.length > 0 && this.endPart(Follower.End);
    }
  }

  private take(kind: TokenKind, end: number): boolean {
    this.kind = kind;
    this.end = end;
    this.part = this.open[this.open.length - 1];
    return true;
  }

  // Headers

  private scanHeader(): boolean {
    const start = this.start;
    if (start >= this.size || this.matchDelimiter(start)) return this.endHeader(start, BlankLine.CutOff);
    const lineEnd = this.endOfLine(start);
    if (isBlankLine(this.window, start, lineEnd)) return this.endHeader(lineEnd, BlankLine.Present);
    const colon = colonOfField(this.window, start, lineEnd);
    if (colon < 0 && !isTolerated(this.window, start)) return this.endHeader(start, BlankLine.Missing);
    this.takeField(start, lineEnd);
    if (colon >= 0) this.readField(start, colon, this.end);
    return true;
  }

  /** Takes a field, whose first line ends at `lineEnd`, or as much of it as a token may have. */
  private takeField(start: number, lineEnd: number): boolean {
    let end = lineEnd;
    while (end - start < TOKEN_LIMIT && this.continuesField(end)) end = this.endOfLine(end);
    this.state = this.continuesField(end) ? State.LongField : State.Header;
    return this.take(TokenKind.Field, end);
  }

  private continuesField(offset: number): boolean {
    if (offset >= this.size) return false;
    return this.window.byteAt(offset - 1) !== LF || isBlank(this.window.byteAt(offset));
  }

  /** The offset after the line end of the line at `start`, or as far as a token may go if the line is longer. */
  private endOfLine(start: number): number {
    const limit = this.window.failed ? this.size : min(start + TOKEN_LIMIT, this.size);
    const lf = this.window.indexOf(LF, start, limit);
    return lf < 0 ? limit : lf + 1;
  }

  private readField(start: number, colon: number, end: number): void {
    const window = this.window;
    if (!hasPrefix(window, start, colon, 'content-')) return;
    const body = end - start <= FIELD_LIMIT;
    if (isNamed(window, start, colon, 'content-type')) this.addField(FieldName.ContentType, colon, end, body);
    else if (isNamed(window, start, colon, 'content-transfer-encoding')) {
      this.addField(FieldName.ContentTransferEncoding, colon, end, body);
    } else if (isNamed(window, start, colon, 'content-disposition')) {
      this.addField(FieldName.ContentDisposition, colon, end, body);
    } else if (isNamed(window, start, colon, 'content-id'))
      this.addField(FieldName.ContentId, colon, end, body);
  }

  private addField(name: FieldName, colon: number, end: number, isWhole: boolean): void {
    this.header.add(name, isWhole ? this.window.slice(colon + 1, end) : null);
  }

  private endHeader(end: number, blankLine: BlankLine): boolean {
    const part = this.open[this.open.length - 1];
    const parent = part.parent;
    const isInDigest = parent !== null && parent.header!.mediaType === 'multipart/digest';
    if (this.state === State.Header) this.state = State.Content;
    const header = this.header.build(isInDigest, blankLine);
    part.isMultipart = header.boundary.length > 0 && part.depth < NESTING_LIMIT;
    if (part.isMultipart && !header.isTypeReadable) part.isMultipart = this.delimitsSomething(header, end);
    part.header = part.isMultipart && !header.isTypeReadable ? header.asMixed() : header;
    part.bodyStart = end;
    if (part.isMultipart) this.openMultipart(part, header.boundary);
    return this.take(TokenKind.HeaderEnd, end);
  }

  private openMultipart(part: Part, boundary: Uint8Array): void {
    const depth = this.boundaries.depthOf(boundary);
    if (depth >= 0) {
      part.sharesBoundary = true;
      this.open[depth].sharesBoundary = true;
    }
    this.boundaries.push(boundary, part.depth);
  }

  /**
   * Whether the next delimiter line after a header has the boundary that the header names. It looks no further than at
   * content which is scanned next, so that each byte is looked at twice at most.
   */
  private delimitsSomething(header: PartHeader, bodyStart: number): boolean {
    // A delimiter that has been matched cuts the header off.
    if (this.state === State.Delimiter) return false;
    let line = bodyStart;
    while (line < this.size) {
      if (this.readDashedLine(line)) {
        if (this.boundaries.match(this.line, this.lineLength)) return false;
        const end = trimmedEnd(this.line, 2, this.lineLength);
        if (equalRange(header.boundary, this.line, 2, end)) return true;
      }
      line = this.nextLine(line, this.size);
    }
    return false;
  }

  // Content

  private scanContent(): boolean {
    const start = this.start;
    const end = this.endOfContent(start);
    if (end === start) return this.advance();
    const part = this.open[this.open.length - 1];
    if (!part.isMultipart) return this.take(TokenKind.Body, end);
    return this.take(part.isClosed ? TokenKind.Epilogue : TokenKind.Preamble, end);
  }

  /** Where the content ends, before the line end of the next delimiter, or the token; the state says which. */
  private endOfContent(start: number): number {
    const isWhole = this.boundaries.isEmpty || this.window.failed;
    const stop = isWhole ? this.size : min(start + TOKEN_LIMIT, this.size);
    let line = isWhole ? stop : this.state === State.LongContent ? this.nextLine(start - 1, stop) : start;
    while (line < stop) {
      if (this.matchDelimiter(line)) return this.beforeLineEnd(start, line);
      line = this.nextLine(line, stop);
    }
    this.state = stop < this.size ? State.LongContent : State.End;
    return stop < this.size ? this.beforeLineEnd(start, stop) : stop;
  }

  /** Where what precedes the offset ends if a line end that it may have is left off. */
  private beforeLineEnd(start: number, offset: number): number {
    let end = offset;
    if (end > start && this.window.byteAt(end - 1) === LF) end--;
    if (end > start && this.window.byteAt(end - 1) === CR) end--;
    return end;
  }

  /** The next line after `from` that begins with a dash, or `stop`. */
  private nextLine(from: number, stop: number): number {
    const line = this.window.indexOfDashedLine(from + 1, stop);
    return line < 0 ? stop : line;
  }

  // Delimiters

  /** Whether a line is a delimiter; it is then the next one to be taken. */
  private matchDelimiter(line: number): boolean {
    if (this.boundaries.isEmpty || !this.readDashedLine(line)) return false;
    if (!this.boundaries.match(this.line, this.lineLength)) return false;
    this.delimiterStart = line;
    this.delimiterEnd = line + this.lineLength;
    this.state = State.Delimiter;
    return true;
  }

  /** Reads a line that begins with two dashes and is short enough for a delimiter; false for any other. */
  private readDashedLine(line: number): boolean {
    if (this.window.byteAt(line) !== DASH || this.window.byteAt(line + 1) !== DASH) return false;
    const limit = min(line + DELIMITER_LINE_LIMIT, this.size);
    const lf = this.window.indexOf(LF, line, limit);
    if (lf < 0 && limit < this.size) return false;
    this.lineLength = this.window.copy(line, lf < 0 ? limit : lf + 1, this.line);
    return this.lineLength >= 2;
  }

  private takeDelimiter(): boolean {
    const depth = this.boundaries.depth;
    if (this.open.length > depth + 1) {
      return this.endPart(this.start < this.delimiterStart ? Follower.Delimiter : Follower.BareDelimiter);
    }
    const multipart = this.open[depth];
    const isClosing = this.boundaries.closing;
    this.take(isClosing ? TokenKind.CloseDelimiter : TokenKind.Delimiter, this.delimiterEnd);
    if (isClosing) {
      multipart.isClosed = true;
      this.boundaries.remove(depth);
      this.state = State.Content;
    } else {
      this.open.push(new Part(multipart, depth + 1, ++multipart.children, this.delimiterEnd));
      this.state = State.Header;
    }
    return true;
  }

  private endPart(follower: Follower): boolean {
    this.take(TokenKind.PartEnd, this.start);
    this.part.bodyEnd = this.start;
    this.part.follower = follower;
    this.open.pop();
    this.boundaries.remove(this.part.depth);
    return true;
  }
}
