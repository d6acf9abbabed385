// Content in a message around it, read and added to as the engine does, and by readers that know nothing of it.
import { BufferSource } from '../../../src/mime/buffer-source.ts';
import { ByteBuilder } from '../../../src/mime/byte-builder.ts';
import type { Edit } from '../../../src/mime/edit.ts';
import { codingOfContent, encoderOf, recodingDecoder } from '../../../src/mime/encoding/coding-of.ts';
import type { Decoder } from '../../../src/mime/encoding/decoder.ts';
import type { TransferCoding } from '../../../src/mime/encoding/transfer-coding.ts';
import { TransferEncoding } from '../../../src/mime/encoding/transfer-encoding.ts';
import { Window } from '../../../src/mime/window.ts';

export const BEFORE = 'Subject: =\n\nQ';
const AFTER = '\r\n--b--\r\nA=41';

export interface Reading {
  readonly width?: number;
  readonly blockSize?: number;
}

/** Content with other bytes before and after it: none of them may be read. */
export class Content {
  readonly message: Buffer;
  readonly start = BEFORE.length;
  readonly end: number;

  constructor(
    readonly encoding: TransferEncoding,
    readonly raw: Buffer,
    readonly lineEnd: string = '\n',
    after: string = AFTER,
  ) {
    this.message = Buffer.concat([Buffer.from(BEFORE), raw, Buffer.from(after)]);
    this.end = this.start + raw.length;
  }

  window(width = 4096): Window {
    return new Window(new BufferSource(this.message), width);
  }

  coding(width?: number): TransferCoding {
    return codingOfContent(this.encoding, this.window(width), this.start, this.end, this.lineEnd)!;
  }

  decoded({ width, blockSize }: Reading = {}): Buffer {
    return readAll(this.coding(width).decoder(this.start), blockSize);
  }

  /** As it is read to be written anew. */
  decodedAnew({ width, blockSize }: Reading = {}): Buffer {
    return readAll(recodingDecoder(this.encoding, this.window(width), this.start, this.end), blockSize);
  }

  isBroken(width?: number): boolean {
    const decoder = this.coding(width).decoder(this.start);
    readAll(decoder);
    return decoder.isBroken;
  }

  /** The content as an edit leaves it. */
  edited(edit: Edit): Buffer {
    return Buffer.concat([
      this.message.subarray(this.start, edit.start),
      edit.bytes,
      this.message.subarray(edit.end, this.end),
    ]);
  }
}

export function readAll(decoder: Decoder, blockSize = 1000): Buffer {
  const block = new Uint8Array(blockSize);
  const blocks: Buffer[] = [];
  for (let length = decoder.read(block); length > 0; length = decoder.read(block))
    blocks.push(Buffer.from(block.subarray(0, length)));
  return Buffer.concat(blocks);
}

/** @param cuts where the bytes are cut before they are written */
export function encoded(
  encoding: TransferEncoding,
  bytes: Uint8Array,
  lineEnd: string,
  cuts: readonly number[] = [],
): Buffer {
  const encoder = encoderOf(encoding, lineEnd);
  const into = new ByteBuilder();
  let from = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    const to = Math.max(from, Math.min(cut, bytes.length));
    encoder.write(bytes, from, to, into);
    from = to;
  }
  encoder.write(bytes, from, bytes.length, into);
  encoder.end(into);
  return Buffer.from(into.bytes());
}

/** RFC 2045 and what readers make of the rest, said with expressions. */
export function expectedOf(encoding: TransferEncoding, raw: Buffer): Buffer {
  const text = raw.toString('latin1');
  if (encoding === TransferEncoding.Base64) {
    return Buffer.from(text.split('=')[0]!.replace(/[^A-Za-z0-9+/]/g, ''), 'base64');
  }
  if (encoding === TransferEncoding.QuotedPrintable) return unquoted(text);
  return raw;
}

export function unquoted(text: string): Buffer {
  const decoded = text.replace(
    /=(?:([0-9A-Fa-f]{2})|[ \t]{0,997}(?:\r?\n|\r?(?![\s\S])))/g,
    (_, digits?: string) => (digits ? String.fromCharCode(Number.parseInt(digits, 16)) : ''),
  );
  return Buffer.from(decoded, 'latin1');
}

export const CODED = [
  ['7bit', TransferEncoding.SevenBit],
  ['quoted-printable', TransferEncoding.QuotedPrintable],
  ['base64', TransferEncoding.Base64],
] as const;
