/**
 * Whether what is written would delimit: a line that we put into a part, or that we end where the author's went on, must
 * not be a delimiter line of a multipart around it. Who writes the mail chooses its boundaries and knows the footer;
 * attachments would vanish.
 */
import { Boundaries } from '../mime/boundaries.ts';
import { ByteBuilder } from '../mime/byte-builder.ts';
import { DASH, indexOf, LF } from '../mime/bytes.ts';
import { Edit } from '../mime/edit.ts';
import { DELIMITER_LINE_LIMIT } from '../mime/limits.ts';
import { Part } from '../mime/part.ts';
import { Window } from '../mime/window.ts';

/** @param part inside which the edit lies; only the multiparts around it matter */
export function makesDelimiter(edit: Edit, part: Part, window: Window): boolean {
  if (part.parent === null) return false;
  const text = new ByteBuilder();
  const lineStart = startOfLine(edit.start, part, window);
  if (lineStart >= 0) text.addBytes(window.slice(lineStart, edit.start));
  const begins = text.length;
  text.addBytes(edit.bytes);
  const ends = text.length;
  text.addBytes(window.slice(edit.end, endOfLine(edit.end, part, window)));
  return hasDelimiter(text.bytes(), begins, ends, lineStart >= 0, part);
}

/**
 * @param text whole lines, the first perhaps without its beginning
 * @param begins, ends what of it is written
 */
function hasDelimiter(text: Uint8Array, begins: i32, ends: i32, isWhole: boolean, part: Part): boolean {
  const boundaries = boundariesAround(part);
  let start = isWhole ? 0 : afterLine(text, 0);
  while (start < text.length) {
    const end = afterLine(text, start);
    // What is added after a line of the author's own changes nothing about how that begins.
    const isOurs = start >= begins && start < ends;
    const isDashed = start + 1 < end && text[start] === DASH && text[start + 1] === DASH;
    if (isDashed && boundaries.match(text.subarray(start, end), end - start)) return true;
    if (isDashed && isOurs && beginsLikeDelimiter(text.subarray(start + 2, end), part)) return true;
    start = end;
  }
  return false;
}

function boundariesAround(part: Part): Boundaries {
  const boundaries = new Boundaries();
  let multipart: Part | null = part.parent;
  while (multipart !== null) {
    boundaries.push(multipart.header!.boundary, multipart.depth);
    multipart = multipart.parent;
  }
  return boundaries;
}

/** RFC 2046 §5.1.1 advises to compare no more than the boundary's length, and some readers do. */
function beginsLikeDelimiter(line: Uint8Array, part: Part): boolean {
  let multipart: Part | null = part.parent;
  while (multipart !== null) {
    if (startsWith(line, multipart.header!.boundary)) return true;
    multipart = multipart.parent;
  }
  return false;
}

function startsWith(line: Uint8Array, start: Uint8Array): boolean {
  if (line.length < start.length) return false;
  for (let i = 0; i < start.length; i++) if (line[i] !== start[i]) return false;
  return true;
}

/** The offset after the line end of the line at `from`, or the text's end. */
function afterLine(text: Uint8Array, from: i32): i32 {
  const at = indexOf(text, LF, from, text.length);
  return at < 0 ? text.length : at + 1;
}

/** Where the line begins that `offset` is in, or -1 where it is too long for a delimiter. */
function startOfLine(offset: number, part: Part, window: Window): number {
  const from = max(part.bodyStart, offset - DELIMITER_LINE_LIMIT);
  const at = window.lastIndexOf(LF, from, offset);
  if (at >= 0) return at + 1;
  return from === part.bodyStart ? from : -1;
}

function endOfLine(offset: number, part: Part, window: Window): number {
  const to = min(part.bodyEnd, offset + DELIMITER_LINE_LIMIT);
  const at = window.indexOf(LF, offset, to);
  return at < 0 ? to : at + 1;
}
