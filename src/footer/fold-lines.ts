/** RFC 5322 §2.1.1 limits a line to 998 bytes without its line end; the rest is room for what stands before it. */
const LINE_LIMIT = 990;

/**
 * Breaks lines that would be too long for mail, at the last blank if there is one, else between two characters.
 * Only the unencoded transfer encodings need it. Lengths are those of UTF-8, which no charset here exceeds but
 * UTF-16, and that is never sent unencoded.
 */
export function foldLines(text: string): string {
  if (text.length * 3 <= LINE_LIMIT) return text;
  return text.split('\n').map(foldLine).join('\n');
}

function foldLine(line: string): string {
  if (Buffer.byteLength(line) <= LINE_LIMIT) return line;
  const folded: string[] = [];
  let start = 0;
  let blank = -1;
  let length = 0;
  for (let i = 0; i < line.length; ) {
    const point = line.codePointAt(i)!;
    const size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    if (length + size > LINE_LIMIT) {
      const end = blank > start ? blank : i;
      folded.push(line.slice(start, end));
      start = end === blank ? blank + 1 : end;
      blank = -1;
      length = Buffer.byteLength(line.slice(start, i));
    }
    if (point === 0x20) blank = i;
    length += size;
    i += point > 0xffff ? 2 : 1;
  }
  folded.push(line.slice(start));
  return folded.join('\n');
}
