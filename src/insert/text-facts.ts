// What one pass over a text tells of it.
import { indexOf, isAscii, latin1 } from '../mime/bytes.ts';
import { AsciiView, Charset, CharsetDecoder } from '../mime/charset/charset.ts';
import { US_ASCII, UTF_8 } from '../mime/charset/charsets.ts';
import { Utf8Validator } from '../mime/charset/utf-8.ts';
import { BlankText } from './blank-text.ts';
import { PgpBlocks } from './pgp-blocks.ts';
import { TextTail } from './text-tail.ts';
import { needsView } from './text-units.ts';

const NUL: i32 = 0x00;
const ESCAPE: i32 = 0x1b;
const DOLLAR: i32 = 0x24;

const PDF: string = '%PDF-';

/** Takes a text in pieces of any size: its bytes as they are in its charset, decoded from the transfer encoding. */
export class TextFacts {
  readonly pgp: PgpBlocks = new PgpBlocks();
  readonly tail: TextTail;
  /** It has a NUL, which no text has, or begins as a PDF does. */
  isNoText: boolean = false;
  /** Every byte is below 0x80. Not known where nobody asks for the bytes' meaning, as the next two. */
  isAscii: boolean = true;
  /** `ESC $` leads to characters of several bytes somewhere (ISO 2022). A terminal's escapes are other ones. */
  isShifted: boolean = false;
  private readonly utf8: Utf8Validator = new Utf8Validator();
  private endsInEscape: boolean = false;
  private readonly blank: BlankText;
  private readonly view: AsciiView | null;
  private units: Uint8Array = new Uint8Array(0);
  private readonly head: Uint8Array = new Uint8Array(PDF.length);
  private inHead: i32 = 0;

  /**
   * @param charset null: unknown, a superset of ASCII
   * @param tailLimit how many of the last bytes are kept
   * @param asksMeaning whether it matters what bytes beyond ASCII may mean
   */
  constructor(
    charset: Charset | null,
    tailLimit: i32,
    private readonly asksMeaning: boolean,
  ) {
    this.tail = new TextTail(tailLimit);
    this.blank = new BlankText(readableBy(charset));
    this.view = charset !== null && needsView(charset) ? charset.asciiView() : null;
  }

  /** @param text its first `length` bytes are the next ones */
  push(text: Uint8Array, length: i32): void {
    this.tail.push(text, length);
    this.blank.push(text, length);
    if (this.asksMeaning) this.readMeaning(text, length);
    if (this.inHead < PDF.length) this.readHead(text, length);
    const view = this.view;
    if (view === null) {
      this.readUnits(text, length);
      return;
    }
    if (this.units.length < length + 1) this.units = new Uint8Array(length + 1);
    this.readUnits(this.units, view.view(text, 0, length, this.units));
  }

  /** The text ends here. */
  end(): void {
    this.pgp.end();
    this.blank.end();
  }

  /** Valid UTF-8 with at least one character beyond ASCII, whatever the charset is said to be; certain at the end. */
  get isUtf8(): boolean {
    return !this.isAscii && this.utf8.isWhole;
  }

  /** Nothing that a reader would see. */
  get isBlank(): boolean {
    return this.blank.isBlank;
  }

  private readUnits(units: Uint8Array, length: i32): void {
    if (!this.isNoText) this.isNoText = indexOf(units, NUL, 0, length) >= 0;
    this.pgp.push(units, length);
  }

  private readMeaning(text: Uint8Array, length: i32): void {
    if (this.isAscii && isAscii(text, 0, length)) this.findShift(text, length);
    else {
      this.isAscii = false;
      this.utf8.push(text, 0, length);
    }
  }

  private findShift(text: Uint8Array, length: i32): void {
    if (this.isShifted || length === 0) return;
    if (this.endsInEscape && text[0] === DOLLAR) this.isShifted = true;
    let at = indexOf(text, ESCAPE, 0, length - 1);
    while (at >= 0 && text[at + 1] !== DOLLAR) at = indexOf(text, ESCAPE, at + 1, length - 1);
    if (at >= 0) this.isShifted = true;
    this.endsInEscape = text[length - 1] === ESCAPE;
  }

  private readHead(text: Uint8Array, length: i32): void {
    for (let i = 0; i < length && this.inHead < PDF.length; i++) this.head[this.inHead++] = text[i];
    if (beginsLikeFile(this.head, this.inHead)) this.isNoText = true;
  }
}

/** Text whose charset is missing or unknown may show blanks of UTF-8; whatever else it has shows something. */
export function readableBy(charset: Charset | null): CharsetDecoder {
  if (charset !== null && charset !== US_ASCII) {
    const decoder = charset.decoder();
    if (decoder !== null) return decoder;
  }
  return UTF_8.decoder()!;
}

/** Whether text begins as a file of another kind does. */
export function beginsLikeFile(text: Uint8Array, length: i32): boolean {
  return length >= PDF.length && latin1(text, 0, PDF.length) === PDF;
}
