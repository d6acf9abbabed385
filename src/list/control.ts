/**
 * The files in a list's `control/` directory. All of them are optional, so a missing file is an answer and not
 * an error. Everything else that goes wrong has a sentence that fits into the log line and names no path.
 */
import { ByteString, Files, IRREGULAR } from '../host/files.ts';
import { indexOf, LF, latin1 } from '../mime/bytes.ts';

/** Bytes. A footer longer than this is a mistake (a picture, an archive), and would be sent with every post. */
export const CONTROL_LIMIT: i32 = 64 * 1024;

export class ControlFile {
  constructor(
    /** Null where the file is missing or cannot be used. */
    readonly bytes: Uint8Array | null,
    /** What is wrong with a file that is there, in a few words that begin with its name; else ''. */
    readonly trouble: string,
  ) {}

  get isMissing(): boolean {
    return this.bytes === null && this.trouble === '';
  }
}

/** @param name of a file in `control/`, without a slash */
export function readControl(listDirectory: ByteString, name: string, files: Files): ControlFile {
  const content = files.read(`${listDirectory}/control/${name}`, CONTROL_LIMIT);
  const bytes = content.bytes;
  if (bytes !== null) {
    if (bytes.length <= CONTROL_LIMIT) return new ControlFile(bytes, '');
    return new ControlFile(null, `${name} is larger than ${CONTROL_LIMIT / 1024} KiB`);
  }
  if (content.error === 'ENOENT') return new ControlFile(null, '');
  if (content.error === IRREGULAR) return new ControlFile(null, `${name} is no regular file`);
  return new ControlFile(null, `${name} cannot be read (${content.error})`);
}

/**
 * The first line, without its line end: what mlmmj takes as the value of a "normal" tunable; what follows is
 * commentary. Blanks around it are dropped, as no tunable of ours or mlmmj's has any that mean something.
 */
export function firstLine(bytes: Uint8Array): ByteString {
  const start = afterMark(bytes);
  return trimmed(bytes, start, endOfLine(bytes, start));
}

/** All lines of a tunable of mlmmj's "list" kind, in order, trimmed, blank ones left out. */
export function filledLines(bytes: Uint8Array): ByteString[] {
  const lines: ByteString[] = [];
  let start = afterMark(bytes);
  while (start < bytes.length) {
    const end = endOfLine(bytes, start);
    const line = trimmed(bytes, start, end);
    if (line !== '') lines.push(line);
    start = end + 1;
  }
  return lines;
}

/** After UTF-8's byte order mark, which Windows' editors write. */
function afterMark(bytes: Uint8Array): i32 {
  return bytes.length > 2 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

function endOfLine(bytes: Uint8Array, start: i32): i32 {
  const end = indexOf(bytes, LF, start, bytes.length);
  return end < 0 ? bytes.length : end;
}

function trimmed(bytes: Uint8Array, start: i32, end: i32): ByteString {
  let from = start;
  let to = end;
  while (from < to && isSpace(bytes[from])) from++;
  while (to > from && isSpace(bytes[to - 1])) to--;
  return latin1(bytes, from, to);
}

/** C's isspace, as mlmmj has it. */
function isSpace(byte: i32): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}
