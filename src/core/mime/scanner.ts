// The scanner: a message in, the structure of its MIME out.
import { Boundaries } from './boundaries.ts';
import { COLON, CR, DASH, isBlank, latin1, LF, lowerCase, NONE, SP, trimmedEnd } from './bytes.ts';
import { DELIMITER_LINE_LIMIT, FIELD_LIMIT, NESTING_LIMIT } from './limits.ts';
import { Part } from './part.ts';
import { PartHeaderBuilder } from './header/part-header.ts';
import { TokenKind } from './token.ts';
import { Window } from './window.ts';

enum State {
  Header,
  Content,
  /** Before a delimiter that has been matched: parts that it ends come first. */
  Delimiter,
  /** Behind the last byte: what is still open ends. */
  End,
}

/** Of fields whose names are longer nothing is known. */
const NAME_LIMIT: i32 = 32;

/**
 * A lossless MIME scanner. `advance` goes to the next token, which begins where the last one ended: the tokens' bytes,
 * one after another, are the message, whatever it contains. It takes linear time, and memory for the open parts alone.
 *
 * Only LF ends a line (a CR before it belongs to the line end); a lone CR is content, as it is for Postfix.
 */
export class Scanner {
  kind: TokenKind = TokenKind.PartEnd;
  start: i32 = 0;
  end: i32 = 0;
  /** The part that the token belongs to. For a delimiter: the multipart whose boundary it has. */
  part: Part;

  private state: State = State.Header;
  private readonly size: i32;
  private readonly boundaries: Boundaries = new Boundaries();
  private readonly open: Part[] = [];
  private header: PartHeaderBuilder = new PartHeaderBuilder();
  private readonly line: Uint8Array = new Uint8Array(DELIMITER_LINE_LIMIT + 1);
  /** Of the delimiter that has been matched. */
  private delimiterEnd: i32 = 0;

  constructor(private readonly window: Window) {
    this.size = window.size;
    this.part = new Part(null, 0, 1, 0);
    this.open.push(this.part);
  }

  /** Goes to the next token; false behind the last one. */
  advance(): boolean {
    this.start = this.end;
    switch (this.state) {
      case State.Header: return this.scanHeader();
      case State.Content: return this.scanContent();
      case State.Delimiter: return this.takeDelimiter();
      default: return this.open.length > 0 && this.endPart();
    }
  }

  private take(kind: TokenKind, end: i32): boolean {
    this.kind = kind;
    this.end = end;
    this.part = this.open[this.open.length - 1];
    return true;
  }

  // Headers

  private scanHeader(): boolean {
    const start = this.start;
    if (start === this.size) return this.endHeader(start);
    if (this.matchDelimiter(start)) return this.endHeader(start);
    const lineEnd = this.window.endOfLine(start);
    if (this.isBlankLine(start, lineEnd)) return this.endHeader(lineEnd);
    const colon = this.colonOfField(start, lineEnd);
    if (colon < 0 && !this.isTolerated(start)) return this.endHeader(start);
    const end = this.endOfField(lineEnd);
    if (colon >= 0) this.readField(start, colon, end);
    return this.take(TokenKind.Field, end);
  }

  private isBlankLine(start: i32, end: i32): boolean {
    const first = this.window.byteAt(start);
    return first === LF || (first === CR && end === start + 2 && this.window.byteAt(start + 1) === LF);
  }

  /** Where the field's name ends in a colon, or NONE if the line is no field. */
  private colonOfField(start: i32, end: i32): i32 {
    let at = start;
    for (; at < end; at++) {
      const byte = this.window.byteAt(at);
      if (byte <= SP || byte > 0x7e || byte === COLON) break;
    }
    if (at === start) return NONE;
    // QUIRK: blanks before the colon (RFC 5322 §4.5.8, obsolete) are read as if they were not there.
    while (at < end && isBlank(this.window.byteAt(at))) at++;
    return at < end && this.window.byteAt(at) === COLON ? at : NONE;
  }

  /** A line that is no field but stands where mailers put one: an mbox's `From `, a stray continuation at the top. */
  private isTolerated(start: i32): boolean {
    if (start > 0) return false;
    if (isBlank(this.window.byteAt(0))) return true;
    const from = this.window.byteAt(0) === 0x3e ? 1 : 0;
    return this.window.startsWith(from, 'From ');
  }

  private endOfField(endOfFirstLine: i32): i32 {
    let end = endOfFirstLine;
    while (end < this.size && isBlank(this.window.byteAt(end))) end = this.window.endOfLine(end);
    return end;
  }

  private readField(start: i32, colon: i32, end: i32): void {
    const name = fieldName(this.window.slice(start, min(colon, start + NAME_LIMIT)));
    if (!PartHeaderBuilder.isUnderstood(name)) return;
    this.header.add(name, end - start <= FIELD_LIMIT ? this.window.slice(colon + 1, end) : null);
  }

  private endHeader(end: i32): boolean {
    const part = this.open[this.open.length - 1];
    const parent = part.parent;
    // RFC 2046 §5.1.5: the parts of a digest are messages unless they say otherwise.
    const isInDigest = parent !== null && parent.header!.mediaType === 'multipart/digest';
    const header = this.header.build(isInDigest ? 'message/rfc822' : 'text/plain');
    part.header = header;
    part.bodyStart = end;
    part.isMultipart = header.boundary.length > 0 && part.depth < NESTING_LIMIT;
    if (part.isMultipart) this.boundaries.push(header.boundary, part.depth);
    if (this.state === State.Header) this.state = State.Content;
    return this.take(TokenKind.HeaderEnd, end);
  }

  // Content

  private scanContent(): boolean {
    const start = this.start;
    const end = this.endOfContent(start);
    if (this.state === State.Content) this.state = State.End;
    if (end === start) return this.advance();
    const part = this.open[this.open.length - 1];
    if (!part.isMultipart) return this.take(TokenKind.Body, end);
    return this.take(part.isClosed ? TokenKind.Epilogue : TokenKind.Preamble, end);
  }

  /** Looks for the next delimiter; the content ends before the line end that belongs to it. */
  private endOfContent(start: i32): i32 {
    if (this.boundaries.isEmpty) return this.size;
    let line = start;
    while (line < this.size) {
      if (this.matchDelimiter(line)) return this.beforeLineEnd(start, line);
      line = this.nextDashedLine(line);
    }
    return this.size;
  }

  private beforeLineEnd(start: i32, line: i32): i32 {
    if (line === start) return line;
    return line - 1 > start && this.window.byteAt(line - 2) === CR ? line - 2 : line - 1;
  }

  /** The next line behind `from` that may begin with a dash. Dashes are rare: to look for them passes over most lines. */
  private nextDashedLine(from: i32): i32 {
    const dash = this.window.indexOf(DASH, from + 1, this.size);
    if (dash < 0) return this.size;
    return this.window.byteAt(dash - 1) === LF ? dash : this.window.endOfLine(dash);
  }

  // Delimiters

  /** Whether a line is a delimiter; it is then the next one to be taken. */
  private matchDelimiter(line: i32): boolean {
    if (this.boundaries.isEmpty) return false;
    if (this.window.byteAt(line) !== DASH || this.window.byteAt(line + 1) !== DASH) return false;
    const lf = this.window.indexOf(LF, line, min(line + DELIMITER_LINE_LIMIT, this.size));
    if (lf < 0 && this.size - line > DELIMITER_LINE_LIMIT) return false;
    const end = lf < 0 ? this.size : lf + 1;
    const length = this.window.copy(line, end, this.line);
    if (!this.boundaries.match(this.line, length)) return false;
    this.delimiterEnd = end;
    this.state = State.Delimiter;
    return true;
  }

  private takeDelimiter(): boolean {
    const depth = this.boundaries.depth;
    if (this.open.length > depth + 1) return this.endPart();
    const multipart = this.open[depth];
    const closing = this.boundaries.closing;
    if (closing) {
      multipart.isClosed = true;
      this.boundaries.remove(depth);
      this.state = State.Content;
    } else this.state = State.Header;
    this.take(closing ? TokenKind.CloseDelimiter : TokenKind.Delimiter, this.delimiterEnd);
    if (!closing) this.beginPart(multipart);
    return true;
  }

  private beginPart(parent: Part): void {
    this.header = new PartHeaderBuilder();
    this.open.push(new Part(parent, parent.depth + 1, ++parent.children, this.delimiterEnd));
  }

  private endPart(): boolean {
    this.take(TokenKind.PartEnd, this.start);
    this.part.bodyEnd = this.start;
    this.open.pop();
    this.boundaries.remove(this.part.depth);
    return true;
  }
}

function fieldName(bytes: Uint8Array): string {
  for (let i = 0; i < bytes.length; i++) bytes[i] = u8(lowerCase(bytes[i]));
  return latin1(bytes, 0, trimmedEnd(bytes, 0, bytes.length));
}
