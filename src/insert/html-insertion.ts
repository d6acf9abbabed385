// What is put into an HTML text: the ends of what is open at the place, and the footer, on lines of its own.

import { Trait } from '../html/element-stack.ts';
import { HtmlElement } from '../html/elements.ts';
import { OpenElements } from '../html/open-elements.ts';
import { ByteBuilder } from '../mime/byte-builder.ts';
import { DASH, LF, lastIndexOf } from '../mime/bytes.ts';
import { Charset } from '../mime/charset/charset.ts';
import { HtmlClosing } from './html-closing.ts';
import { HtmlReader } from './html-reader.ts';
import { textEndOf } from './text-end.ts';
import { unitsOfText } from './text-units.ts';

/** The line end of text that has none yet and lies in base64 (RFC 2045 §6.8). */
const CRLF: string = '\r\n';

export class HtmlInsertion {
  /** A line end follows the footer, whether the text before it ends in one or not. */
  endsLine: boolean = false;
  /** The text's line end; '': its own, as its last line has it. */
  lineEnd: string = '';
  /** The insertion has to be a multiple of so many bytes. */
  unitLength: i32 = 1;
  /** Something is open that cannot be closed, and hides the footer, or may. */
  mayBeHidden: boolean = false;

  /**
   * @param reader has read all of the text; what it knows of what is open is used up
   * @param charset in which the text is
   * @param tail the text before the place, as far as it is kept
   */
  constructor(
    private readonly reader: HtmlReader,
    private readonly charset: Charset,
    private readonly tail: Uint8Array,
  ) {}

  /** The bytes to put in; asked for once. @param html the footer, in characters that the charset has, with LF line ends */
  compose(html: string): Uint8Array {
    const units = unitsOfText(this.tail, this.charset);
    const end = textEndOf(units);
    const isWithinLine = !end.isEmpty && !end.endsWithLineEnd;
    let closing = this.closer() + this.endTags();
    // `--boundary--</body>` is a line of text, and `--boundary--` would be a delimiter.
    const isDashed = isWithinLine && endsInDashedLine(units);
    if (isDashed && closing === '') closing = '<!---->';
    if (closing !== '') closing += '\n';
    const lead = isWithinLine && !isDashed ? '\n' : '';
    const text = lead + closing + html + (this.endsLine || end.endsWithLineEnd ? '\n' : '');
    const own = end.lineEnd === '' ? CRLF : end.lineEnd;
    return this.encode(text.replaceAll('\n', this.lineEnd === '' ? own : this.lineEnd));
  }

  /** Ends an open comment or raw text; only at the text's end there is one. */
  private closer(): string {
    const tokenizer = this.reader.tokenizer;
    const closer = this.reader.place === null ? tokenizer.closer : '';
    return closer === null ? '' : closer;
  }

  private endTags(): string {
    const reader = this.reader;
    const open = reader.openAtPlace();
    if (reader.place === null && reader.tokenizer.openRawText === HtmlElement.Plaintext) {
      this.mayBeHidden = true;
      return '';
    }
    const closing = new HtmlClosing(open, reader.tokenizer.names).close();
    this.mayBeHidden = !closing.isComplete || hidesForGood(open);
    return closing.text;
  }

  private encode(text: string): Uint8Array {
    const bytes = new ByteBuilder();
    bytes.addBytes(this.charset.resetAfter(this.tail));
    bytes.addBytes(this.charset.encode(text)!);
    const blank = this.charset.encode(' ')!;
    while (bytes.length % this.unitLength !== 0) bytes.addBytes(blank);
    return bytes.bytes();
  }
}

/** Whether the last line may be a delimiter once it ends. */
function endsInDashedLine(units: Uint8Array): boolean {
  const start = lastIndexOf(units, LF, 0, units.length) + 1;
  return start + 1 < units.length && units[start] === DASH && units[start + 1] === DASH;
}

/** What end tags cannot help: frames, a hidden body, and what is too much to be followed. */
function hidesForGood(open: OpenElements): boolean {
  const hidden = open.bodyTraits & (Trait.Hides | Trait.HidesText);
  return !open.isCertain || open.isFrameset || hidden !== 0;
}
