// In which charset a footer can be written into a part.
import { Charset } from '../mime/charset/charset.ts';
import { charsetByMark, charsetNamed, US_ASCII } from '../mime/charset/charsets.ts';
import { excludesAscii, needsByteOrderMark } from '../mime/charset/labels.ts';
import { TransferCoding } from '../mime/encoding/transfer-coding.ts';
import { Part } from '../mime/part.ts';

/** Bytes of text that tell a byte order mark, in any transfer encoding. */
const MARK_ROOM: i32 = 16;

export class PartCharset {
  constructor(
    /** Null: unknown. */
    readonly charset: Charset | null,
    /** ASCII at least can be written. */
    readonly isUsable: boolean,
  ) {}
}

/** @param part complete, with a header; @param coding the part's */
export function charsetOfPart(part: Part, coding: TransferCoding): PartCharset {
  const label = part.header!.charset;
  const charset = charsetLabelled(label, part, coding);
  if (charset === null) return new PartCharset(null, !excludesAscii(label));
  // A line end on the way is one byte or two: outside base64 it puts all that follows out of step in a wide charset. No
  // reader of today knows UTF-32 (the Encoding Standard has none).
  const isUsable = charset.asciiCompatible || (coding.ownLineEnds && charset.unit === 2);
  return new PartCharset(charset, isUsable);
}

function charsetLabelled(label: string, part: Part, coding: TransferCoding): Charset | null {
  if (label === '') return US_ASCII;
  if (!needsByteOrderMark(label)) return charsetNamed(label);
  if (!coding.ownLineEnds) return null;
  const start = new Uint8Array(MARK_ROOM);
  const length = coding.decoder(part.bodyStart).read(start);
  return charsetByMark(label, start.subarray(0, length));
}
