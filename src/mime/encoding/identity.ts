// Content that is its own encoding: 7bit, 8bit and binary (RFC 2045 §6.2).
import { ByteBuilder } from '../byte-builder.ts';
import { LF } from '../bytes.ts';
import { Edit } from '../edit.ts';
import { Window } from '../window.ts';
import { Decoder, Place } from './decoder.ts';
import { ContentEncoder, TransferCoding } from './transfer-coding.ts';

export class IdentityDecoder extends Decoder {
  read(into: Uint8Array): i32 {
    const length = this.window.copy(this.offset, this.end, into);
    this.offset = length > 0 ? this.offset + length : this.end;
    return length;
  }
}

export class IdentityEncoder extends ContentEncoder {
  write(bytes: Uint8Array, from: i32, to: i32, into: ByteBuilder): void {
    into.addRange(bytes, from, to);
  }

  end(_into: ByteBuilder): void {}
}

/** Text is put in as it is: whether a line of it is a delimiter is the caller's to see to. */
export class IdentityCoding extends TransferCoding {
  /** @param lineEnd the message's */
  constructor(
    private readonly window: Window,
    private readonly start: number,
    private readonly end: number,
    private readonly lineEnd: string,
  ) {
    super();
  }

  get breaksLines(): boolean {
    return false;
  }

  get ownLineEnds(): boolean {
    return false;
  }

  get sevenBit(): boolean {
    return false;
  }

  decoder(from: number): Decoder {
    return new IdentityDecoder(this.window, from, this.end);
  }

  insert(place: Place, text: Uint8Array): Edit | null {
    const at = min(place.offset + place.distance, this.end);
    return new Edit(at, at, text);
  }

  append(text: Uint8Array, needsLineEnd: boolean): Edit | null {
    const bytes = new ByteBuilder();
    bytes.addBytes(text);
    if (needsLineEnd && !this.endsInLineEnd(text)) bytes.addText(this.lineEnd);
    return new Edit(this.end, this.end, bytes.bytes());
  }

  private endsInLineEnd(text: Uint8Array): boolean {
    if (text.length > 0) return text[text.length - 1] === LF;
    return this.end === this.start || this.window.byteAt(this.end - 1) === LF;
  }
}
