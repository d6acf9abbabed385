// A token in words, the same in both worlds.
import { latin1 } from '../../src/mime/bytes.ts';
import { PartHeader } from '../../src/mime/header/part-header.ts';
import { Part } from '../../src/mime/part.ts';
import { Scanner } from '../../src/mime/scanner.ts';
import { TokenKind } from '../../src/mime/token.ts';

const KINDS: string[] = ['field', 'header', 'body', 'preamble', 'epilogue', 'delimiter', 'close', 'end'];
const PARAMETERS: string[] = ['format', 'delsp', 'start', 'type', 'boundary', 'x'];
const FOLLOWERS: string[] = ['delimiter', 'bare delimiter', 'end'];

/** Its kind and range, the depth and number of its part, and what is new with it: the header, the part's end. */
export function describeToken(scanner: Scanner): string {
  const part = scanner.part;
  const kind = KINDS[scanner.kind];
  const words = `${kind} ${range(scanner.start, scanner.end)} ${part.depth}.${part.ordinal}`;
  if (scanner.kind === TokenKind.HeaderEnd)
    return `${words} ${describeHeader(part.header!, part.isMultipart)}`;
  return scanner.kind === TokenKind.PartEnd ? `${words} ${describeEnd(part)}` : words;
}

function describeHeader(header: PartHeader, isMultipart: boolean): string {
  const boundary = latin1(header.boundary, 0, header.boundary.length);
  let words = `${header.mediaType} ${header.isTypeReadable} ${isMultipart} [${header.charset}]`;
  words += ` ${i32(header.transferEncoding)} [${header.disposition}] [${header.fileName}] [${header.contentId}]`;
  words += ` [${boundary}] ${header.contradictory} ${i32(header.blankLine)}`;
  for (let i = 0; i < PARAMETERS.length; i++) words += ` [${header.parameter(PARAMETERS[i])}]`;
  return words;
}

function describeEnd(part: Part): string {
  const content = range(part.bodyStart, part.bodyEnd);
  return `${content} ${FOLLOWERS[part.follower]} ${part.isClosed} ${part.children}`;
}

function range(start: number, end: number): string {
  return `${decimal(start)}-${decimal(end)}`;
}

/** An offset may be larger than an i32, and asc writes an f64 with a point. */
function decimal(offset: number): string {
  const millions = i32(offset / 1000000);
  const rest = i32(offset - 1000000 * f64(millions)).toString();
  return millions === 0 ? rest : `${millions}${rest.padStart(6, '0')}`;
}
