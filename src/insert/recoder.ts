// A text that goes out in another transfer encoding, and perhaps in UTF-8, with a footer added to it.
import { ByteBuilder } from '../mime/byte-builder.ts';
import { copyBytes } from '../mime/bytes.ts';
import { CharsetDecoder } from '../mime/charset/charset.ts';
import { charsetNamed } from '../mime/charset/charsets.ts';
import { encoderOf, recodingDecoder } from '../mime/encoding/coding-of.ts';
import { Decoder } from '../mime/encoding/decoder.ts';
import { ContentEncoder } from '../mime/encoding/transfer-coding.ts';
import { Window } from '../mime/window.ts';
import { Recoding } from './plan.ts';

/** Bytes of text that are taken at a time. */
const PIECE: i32 = 8192;

/** Gives the same bytes whenever it is made anew, however wide the window is and however much is read at a time. */
export class Recoder {
  /** The text was not valid in its charset: what came out is of no use. */
  failed: boolean = false;
  private readonly decoder: Decoder;
  private readonly charset: CharsetDecoder | null;
  private readonly encoder: ContentEncoder;
  private readonly text: Uint8Array = new Uint8Array(PIECE);
  private readonly utf8: ByteBuilder = new ByteBuilder();
  private readonly encoded: ByteBuilder = new ByteBuilder();
  /** How much of `encoded` has been given out. */
  private given: i32 = 0;
  private ended: boolean = false;

  /**
   * @param start where the content begins in the message, @param end where it ends
   * @param tail what is added to the text, in the charset that comes out, with the text's line ends
   */
  constructor(
    window: Window,
    start: number,
    end: number,
    private readonly recoding: Recoding,
    private readonly tail: Uint8Array,
  ) {
    this.decoder = recodingDecoder(recoding.from, window, start, end);
    this.charset = decoderNamed(recoding.charset);
    this.encoder = encoderOf(recoding.to, recoding.lineEnd);
    if (recoding.charset !== '' && this.charset === null) this.fail();
  }

  /** Fills `into`. @returns how many bytes there were: 0 at the end, or where it `failed` */
  read(into: Uint8Array): i32 {
    let length = 0;
    while (length < into.length) {
      if (this.given === this.encoded.length && !this.readOn()) break;
      const count = min(into.length - length, this.encoded.length - this.given);
      copyBytes(this.encoded.data, this.given, this.given + count, into, length);
      this.given += count;
      length += count;
    }
    return this.failed ? 0 : length;
  }

  /** @returns whether there may be more in `encoded` */
  private readOn(): boolean {
    if (this.ended) return false;
    this.encoded.clear();
    this.given = 0;
    const length = this.decoder.read(this.text);
    if (length > 0) this.convert(length);
    else this.end();
    if (this.failed) this.encoded.clear();
    return !this.failed;
  }

  private convert(length: i32): void {
    const charset = this.charset;
    if (charset === null) {
      this.encoder.write(this.text, 0, length, this.encoded);
      return;
    }
    this.utf8.clear();
    if (!charset.decode(this.text, 0, length, this.utf8)) this.fail();
    else this.encoder.write(this.utf8.data, 0, this.utf8.length, this.encoded);
  }

  private end(): void {
    this.ended = true;
    const charset = this.charset;
    if (charset !== null) {
      this.utf8.clear();
      if (!charset.end(this.utf8)) this.fail();
      else this.encoder.write(this.utf8.data, 0, this.utf8.length, this.encoded);
    }
    this.encoder.write(this.tail, 0, this.tail.length, this.encoded);
    this.encoder.end(this.encoded);
    if (this.recoding.endsLine) this.encoded.addText(this.recoding.lineEnd);
  }

  private fail(): void {
    this.failed = true;
    this.ended = true;
  }
}

/** Null where the charset is unknown, or '', or can only be written. */
function decoderNamed(name: string): CharsetDecoder | null {
  if (name === '') return null;
  const charset = charsetNamed(name);
  if (charset === null) return null;
  return charset.decoder();
}
