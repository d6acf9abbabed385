// Parts are numbered as IMAP does it.
import { Part } from '../mime/part.ts';

/** RFC 3501 §6.4.5: `1`, `2.1`; a message that is no multipart is part `1`, and one that is has the number `0` here. */
export function partNumber(part: Part): string {
  const parent = part.parent;
  if (parent === null) return part.isMultipart ? '0' : '1';
  return childNumber(parent, part.ordinal);
}

/** The number of a multipart's n-th part; `2.0` is the place before `2.1`. */
export function childNumber(multipart: Part, ordinal: i32): string {
  return multipart.parent === null ? ordinal.toString() : partNumber(multipart) + '.' + ordinal.toString();
}
