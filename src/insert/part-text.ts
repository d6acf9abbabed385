// A part's text once it has been read, and what a footer looks like that is added to it.
import { ByteBuilder } from '../mime/byte-builder.ts';
import { asciiLower } from '../mime/bytes.ts';
import { Charset } from '../mime/charset/charset.ts';
import { TransferEncoding } from '../mime/encoding/transfer-encoding.ts';
import { Follower, Part } from '../mime/part.ts';
import { textInsertion } from './compose.ts';
import { ComposedFooters, isUnencoded } from './composed-footers.ts';
import { endsWithFooter, textEndOf } from './text-end.ts';
import { TextFormat } from './text-format.ts';
import { TextChange, TextStrategy } from './text-strategy.ts';
import { unitsOfText } from './text-units.ts';

/** The line end of text that has none yet and lies in base64 (RFC 2045 §6.8). */
const CRLF: string = '\r\n';

export class PartText {
  /** Nothing that follows the part brings a line end along. */
  readonly needsLineEnd: boolean;
  private readonly encoding: TransferEncoding;
  private readonly isFlowed: boolean;

  /**
   * @param charset null: unknown, a superset of ASCII
   * @param tail the text's last bytes
   * @param hasOwnLineEnds the text has line ends of its own; else they are the message's
   * @param lineEnd the message's
   */
  constructor(
    part: Part,
    private readonly charset: Charset | null,
    private readonly tail: Uint8Array,
    private readonly hasOwnLineEnds: boolean,
    private readonly lineEnd: string,
    private readonly footers: ComposedFooters,
  ) {
    this.needsLineEnd = part.follower !== Follower.Delimiter;
    this.encoding = part.header!.transferEncoding;
    this.isFlowed = asciiLower(part.header!.parameter('format')) === 'flowed';
  }

  /**
   * The bytes to add to the text, in the strategy's charset and with the text's line ends; empty where the charset
   * does not hold them.
   * @param encoding the transfer encoding in which the text goes out
   */
  addition(strategy: TextStrategy, encoding: TransferEncoding): Uint8Array {
    const format = this.formatIn(encoding);
    const end = textEndOf(unitsOfText(this.tail, this.charsetOfText(strategy)));
    const lines = this.lines(strategy, format);
    const text = textInsertion(lines, end, format, this.needsLineEnd && !this.hasOwnLineEnds);
    let lineEnd = this.lineEnd;
    if (this.hasOwnLineEnds) lineEnd = end.lineEnd === '' ? CRLF : end.lineEnd;
    const bytes = strategy.charset.encode(lineEnd === '\n' ? text : text.replaceAll('\n', lineEnd));
    if (bytes === null) return new Uint8Array(0);
    if (strategy.change === TextChange.Convert) return bytes;
    const added = new ByteBuilder();
    added.addBytes(strategy.charset.resetAfter(this.tail));
    added.addBytes(bytes);
    return added.bytes();
  }

  /**
   * Whether the text ends with the footer already: in lines as they would be written, or as they would be if the text
   * stayed in its encoding. Text that is to be converted cannot hold the footer but in ASCII.
   */
  hasFooter(strategy: TextStrategy, encoding: TransferEncoding): boolean {
    if (this.endsWithLines(strategy, this.formatIn(encoding))) return true;
    const isFoldedAlike = isUnencoded(encoding) === isUnencoded(this.encoding);
    return !isFoldedAlike && this.endsWithLines(strategy, this.formatIn(this.encoding));
  }

  private endsWithLines(strategy: TextStrategy, format: TextFormat): boolean {
    const charset = this.charsetOfText(strategy);
    if (strategy.change !== TextChange.Convert) {
      return this.endsWith(strategy.charset.encode(this.lines(strategy, format)), charset);
    }
    return this.endsWith(charset!.encode(this.footers.textInAscii(format, charset!)), charset);
  }

  private endsWith(footer: Uint8Array | null, charset: Charset | null): boolean {
    return footer !== null && endsWithFooter(this.tail, footer, charset, false);
  }

  private lines(strategy: TextStrategy, format: TextFormat): string {
    return strategy.inAscii
      ? this.footers.textInAscii(format, strategy.charset)
      : this.footers.text(format, strategy.charset);
  }

  private formatIn(encoding: TransferEncoding): TextFormat {
    return new TextFormat(this.isFlowed, isUnencoded(encoding));
  }

  private charsetOfText(strategy: TextStrategy): Charset | null {
    return strategy.isGuess ? strategy.charset : this.charset;
  }
}
