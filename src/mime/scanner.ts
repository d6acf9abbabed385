import { BoundaryStack, type Delimiter } from './boundary-stack.ts';
import { asBuffer, COLON, CR, DASH, HTAB, LF, NO_BYTES, SP } from './bytes.ts';
import { GrowingBytes } from './growing-bytes.ts';
import { DELIMITER_LINE_LIMIT, FIELD_LIMIT, NESTING_LIMIT } from './limits.ts';
import { isUnderstood, PartHeaderBuilder } from './part-header.ts';
import type { Follower, Token } from './tokens.ts';

/** A multipart whose end has not been seen. `closed`: its closing delimiter has, and its epilogue goes by. */
interface OpenMultipart {
  readonly boundary: string;
  readonly childType: string;
  closed: boolean;
}

/** What the bytes at hand belong to. A multipart's preamble and epilogue are `filler`, a leaf's content is `body`. */
type State = 'header' | 'body' | 'filler';

/** Bytes of a chunk that are joined to what was held of the one before, at first. */
const JOINT = 1024;

/** What is held is gone through from its start; so only once this share of it is new, however small the pieces are. */
const NEW_SHARE = 1 / 64;

/** How far a step got: to which offset the buffer is done, or that it needs bytes that are not there yet. */
const NEED_MORE = -1;

/**
 * A lossless, streaming MIME scanner: bytes in, tokens out, and the tokens' bytes joined are the input. It never
 * throws for what a message contains, never backtracks, and holds at most one header field or one delimiter line.
 *
 * Only LF ends a line (a CR before it belongs to the line end); a lone CR is content, as it is for Postfix.
 */
export class Scanner {
  readonly #emit: (token: Token) => void;
  readonly #boundaries = new BoundaryStack();
  readonly #multiparts: OpenMultipart[] = [];
  #state: State = 'header';
  #header = new PartHeaderBuilder();
  #headerIsEmpty = true;
  /** In a field longer than FIELD_LIMIT: its name, while its pieces go by. */
  #overlong: string | undefined;
  #atLineStart = true;
  /** The message's first line end. */
  #lineEnd: '\n' | '\r\n' | undefined;
  readonly #memory = new GrowingBytes();
  #held: Uint8Array = NO_BYTES;
  /** How much of what is held has come since it was gone through. */
  #fresh = 0;
  #buffer: Buffer = asBuffer(NO_BYTES);
  #done = 0;
  #ended = false;

  constructor(emit: (token: Token) => void) {
    this.#emit = emit;
  }

  /** @param chunk not kept beyond the call */
  write(chunk: Uint8Array): void {
    let joined = 0;
    // What was held is mostly the beginning of a line: it is not worth copying all of the chunk to join them.
    for (let more = JOINT; this.#held.length > 0 && joined < chunk.length; more *= 2) {
      const piece = chunk.subarray(joined, joined + more);
      joined += more;
      this.#held = this.#memory.join(this.#held, piece);
      this.#fresh += piece.length;
      if (this.#fresh >= NEW_SHARE * this.#held.length) this.#scan(asBuffer(this.#held));
    }
    if (joined < chunk.length) this.#scan(asBuffer(chunk.subarray(joined)));
  }

  #scan(bytes: Buffer): void {
    this.#buffer = bytes;
    this.#held = NO_BYTES;
    this.#run();
    const rest = this.#buffer.subarray(this.#done);
    this.#held = rest.length > 0 ? this.#memory.join(rest, NO_BYTES) : NO_BYTES;
    this.#fresh = 0;
    this.#buffer = asBuffer(NO_BYTES);
    this.#done = 0;
  }

  /** The message ends here, wherever that is; every open part gets its `part-end`. */
  end(): void {
    this.#ended = true;
    this.#buffer = asBuffer(this.#held);
    this.#held = NO_BYTES;
    this.#run();
    if (this.#state === 'header') this.#endHeader(this.#done, this.#done, 'cut off');
    if (this.#state === 'body') this.#endPart('leaf', 'end');
    while (this.#multiparts.length > 0) this.#closeInnermost('end');
  }

  /** What has been written but not emitted: with it a caller who gives up on MIME can still pass all bytes on. */
  get unscanned(): Uint8Array {
    return this.#held.length > 0 ? this.#held : this.#buffer.subarray(this.#done);
  }

  #run(): void {
    while (this.#done < this.#buffer.length) {
      const before = this.#done;
      const state = this.#state;
      if (state === 'header') this.#scanHeaderLine();
      else this.#scanContent();
      if (this.#done === before && this.#state === state) return;
    }
  }

  // Headers

  #scanHeaderLine(): void {
    const start = this.#done;
    if (this.#overlong !== undefined) return this.#scanOverlongField(this.#overlong);
    const lineEnd = this.#endOfLine(start, FIELD_LIMIT);
    if (this.#mayDelimit(start)) {
      if (lineEnd === NEED_MORE) return;
      const delimiter = this.#matchLine(start, lineEnd);
      if (delimiter) {
        this.#endHeader(start, start, 'cut off');
        return this.#takeDelimiter(delimiter, start, lineEnd, 'bare delimiter');
      }
    }
    if (lineEnd === NEED_MORE) return;
    if (this.#isBlankLine(start, lineEnd)) return this.#endHeader(start, lineEnd, 'present');
    const name = this.#fieldName(start, lineEnd);
    if (name === undefined) return this.#endHeader(start, start, 'missing');
    const fieldEnd = this.#endOfField(lineEnd, start);
    if (fieldEnd === NEED_MORE) return;
    const whole = fieldEnd - start <= FIELD_LIMIT;
    if (whole) {
      if (isUnderstood(name)) this.#header.add(name, this.#fieldBody(start, fieldEnd));
    } else {
      this.#header.addOverlong(name);
      this.#overlong = name;
      this.#atLineStart = this.#endsLine(fieldEnd);
    }
    this.#headerIsEmpty = false;
    this.#done = fieldEnd;
    this.#emit({ type: 'field', bytes: this.#buffer.subarray(start, fieldEnd), name, whole });
  }

  /** Passes on what is there of a field too long to hold, up to the line that does not continue it. */
  #scanOverlongField(name: string): void {
    const start = this.#done;
    if (this.#atLineStart && !this.#continuesField(start)) {
      this.#overlong = undefined;
      return this.#scanHeaderLine();
    }
    const lf = this.#buffer.indexOf(LF, start);
    this.#atLineStart = lf >= 0;
    this.#done = lf < 0 ? this.#buffer.length : lf + 1;
    this.#emit({ type: 'field', bytes: this.#buffer.subarray(start, this.#done), name, whole: false });
  }

  #continuesField(start: number): boolean {
    return this.#buffer[start] === SP || this.#buffer[start] === HTAB;
  }

  /**
   * Where the field whose first line ends at `lineEnd` ends, its continuation lines included. One that grows past
   * the limit ends wherever it has got to: the rest of it follows in pieces.
   */
  #endOfField(lineEnd: number, start: number): number {
    let end = lineEnd;
    while (this.#endsLine(end) && end - start <= FIELD_LIMIT) {
      if (end === this.#buffer.length) return this.#ended ? end : NEED_MORE;
      if (!this.#continuesField(end)) return end;
      const continuation = this.#endOfLine(end, FIELD_LIMIT - (end - start));
      if (continuation === NEED_MORE) return NEED_MORE;
      end = continuation;
    }
    return end;
  }

  /**
   * The lower-case name of the field that starts here, '' for a line that is none but stands where mailers put
   * one (`From ` of an mbox, a stray continuation at the very top), undefined where the header is over.
   */
  #fieldName(start: number, end: number): string | undefined {
    if (this.#headerIsEmpty && this.#multiparts.length === 0) {
      if (this.#continuesField(start)) return '';
      if (/^>?From /.test(this.#text(start, Math.min(end, start + 6)))) return '';
    }
    // Looked for in the line alone: where there is none, all that follows would be searched for each header.
    let nameEnd = start + this.#buffer.subarray(start, Math.min(end, start + FIELD_LIMIT)).indexOf(COLON);
    if (nameEnd < start) return undefined;
    // QUIRK: blanks before the colon (RFC 5322 §4.5.8, obsolete) are read as if they were not there.
    while (nameEnd > start && (this.#buffer[nameEnd - 1] === SP || this.#buffer[nameEnd - 1] === HTAB))
      nameEnd--;
    for (let i = start; i < nameEnd; i++)
      if (this.#buffer[i]! <= SP || this.#buffer[i]! > 0x7e) return undefined;
    return nameEnd > start ? this.#text(start, nameEnd).toLowerCase() : undefined;
  }

  #fieldBody(start: number, end: number): string {
    return this.#text(this.#buffer.indexOf(COLON, start) + 1, end);
  }

  #endHeader(start: number, end: number, blankLine: 'present' | 'missing' | 'cut off'): void {
    const header = this.#header.build(this.#multiparts.at(-1)?.childType ?? 'text/plain', blankLine);
    this.#done = end;
    this.#overlong = undefined;
    this.#atLineStart = true;
    const looksInside = header.boundary !== undefined && this.#multiparts.length < NESTING_LIMIT;
    const opened = looksInside ? header : { ...header, boundary: undefined };
    if (opened.boundary !== undefined) {
      this.#boundaries.open(opened.boundary, this.#multiparts.length);
      this.#multiparts.push({
        boundary: opened.boundary,
        // RFC 2046 §5.1.5: the parts of a digest are messages unless they say otherwise.
        childType: opened.mediaType === 'multipart/digest' ? 'message/rfc822' : 'text/plain',
        closed: false,
      });
      this.#state = 'filler';
    } else this.#state = 'body';
    const bytes = this.#buffer.subarray(start, end);
    this.#emit({ type: 'header-end', bytes, header: opened, lineEnd: this.#lineEnd ?? '\n' });
  }

  // Content

  /** Emits content up to the next delimiter line, or as much of it as surely is content. */
  #scanContent(): void {
    const start = this.#done;
    if (this.#boundaries.isEmpty) return this.#takeContent(start, this.#buffer.length);
    if (this.#atLineStart && this.#mayDelimit(start)) {
      const lineEnd = this.#endOfLine(start, DELIMITER_LINE_LIMIT);
      if (lineEnd === NEED_MORE) return;
      const delimiter = this.#matchLine(start, lineEnd);
      if (delimiter) return this.#takeDelimiter(delimiter, start, lineEnd, 'bare delimiter');
    }
    let from = start;
    for (;;) {
      const lf = this.#buffer.indexOf('\n--', from, 'latin1');
      if (lf < 0) break;
      const lineEnd = this.#endOfLine(lf + 1, DELIMITER_LINE_LIMIT);
      const contentEnd = lf > start && this.#buffer[lf - 1] === CR ? lf - 1 : lf;
      if (lineEnd === NEED_MORE) return this.#takeContent(start, contentEnd);
      const delimiter = this.#matchLine(lf + 1, lineEnd);
      if (delimiter) {
        this.#takeContent(start, contentEnd);
        return this.#takeDelimiter(delimiter, contentEnd, lineEnd, 'delimiter');
      }
      from = lf + 1;
    }
    this.#takeContent(start, this.#ended ? this.#buffer.length : this.#lastSureContent(start));
  }

  /** A line end, or the beginning of a delimiter, at the end of the buffer may belong to a delimiter to come. */
  #lastSureContent(start: number): number {
    const buffer = this.#buffer;
    let end = buffer.length;
    if (end > start && buffer[end - 1] === DASH && buffer[end - 2] === LF) end--;
    if (end > start && buffer[end - 1] === LF) end--;
    if (end > start && buffer[end - 1] === CR) end--;
    return end;
  }

  #takeContent(start: number, end: number): void {
    if (end === start) return;
    this.#done = end;
    this.#atLineStart = this.#buffer[end - 1] === LF;
    const type = this.#state === 'body' ? 'body' : 'filler';
    this.#emit({ type, bytes: this.#buffer.subarray(start, end) });
  }

  #takeDelimiter(delimiter: Delimiter, start: number, end: number, follower: Follower): void {
    if (this.#state === 'body') this.#endPart('leaf', follower);
    while (this.#multiparts.length > delimiter.level + 1) this.#closeInnermost(follower);
    if (delimiter.closing) {
      this.#multiparts[delimiter.level]!.closed = true;
      this.#boundaries.close(delimiter.boundary);
      this.#state = 'filler';
    } else {
      this.#header = new PartHeaderBuilder();
      this.#headerIsEmpty = true;
      this.#state = 'header';
    }
    this.#done = end;
    this.#atLineStart = true;
    this.#emit({ type: 'delimiter', bytes: this.#buffer.subarray(start, end), ...delimiter });
  }

  #endPart(of: 'leaf' | 'multipart', followedBy: Follower): void {
    this.#state = 'filler';
    this.#emit({ type: 'part-end', bytes: NO_BYTES, of, followedBy });
  }

  #closeInnermost(followedBy: Follower): void {
    const multipart = this.#multiparts.pop()!;
    if (!multipart.closed) this.#boundaries.close(multipart.boundary);
    this.#endPart('multipart', followedBy);
  }

  // Lines

  /**
   * The offset behind the line end of the line at `start`; `start + limit` or a little more for a longer line
   * (it is cut, never held); the end of the buffer at the end of the message; else NEED_MORE.
   */
  #endOfLine(start: number, limit: number): number {
    const lf = this.#buffer.indexOf(LF, start);
    if (lf >= 0) {
      this.#lineEnd ??= lf > start && this.#buffer[lf - 1] === CR ? '\r\n' : '\n';
      return lf + 1;
    }
    if (this.#ended || this.#buffer.length - start > limit) return this.#buffer.length;
    return NEED_MORE;
  }

  #endsLine(end: number): boolean {
    return end > 0 && this.#buffer[end - 1] === LF;
  }

  #isBlankLine(start: number, end: number): boolean {
    const length = end - start;
    if (length === 1) return this.#buffer[start] === LF;
    return length === 2 && this.#buffer[start] === CR && this.#buffer[start + 1] === LF;
  }

  /** Whether a line starting here can turn out to be a delimiter. */
  #mayDelimit(start: number): boolean {
    if (this.#boundaries.isEmpty || this.#buffer[start] !== DASH) return false;
    if (start + 1 === this.#buffer.length) return !this.#ended;
    return this.#buffer[start + 1] === DASH;
  }

  #matchLine(start: number, end: number): Delimiter | undefined {
    return end - start > DELIMITER_LINE_LIMIT ? undefined : this.#boundaries.match(this.#text(start, end));
  }

  #text(start: number, end: number): string {
    return this.#buffer.toString('latin1', start, end);
  }
}
