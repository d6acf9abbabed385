import { asBuffer, fromLatin1, latin1 } from './bytes.ts';
import { structuredSegments } from './content-type.ts';

/**
 * The field with its `charset` parameter set, every other byte kept. A type that is none (`Content-Type: text`)
 * is written anew, because a parameter behind it would not be read.
 */
export function withCharset(field: Uint8Array, charset: string, eol: string): Uint8Array {
  const raw = latin1(field);
  const colon = raw.indexOf(':') + 1;
  const segments = structuredSegments(raw.slice(colon));
  if (!/^\s*[^\s/;]+\/[^\s/;]+/.test(segments[0] ?? '')) {
    return fromLatin1(`${raw.slice(0, colon)} text/plain; charset=${charset}${eol}`);
  }
  const at = segments.findIndex((segment, i) => i > 0 && /^\s*charset\*?0?\*?\s*=/i.test(segment));
  if (at > 0) {
    const [lead = '', trail = ''] = outerBlanks(segments[at]!);
    segments[at] = `${lead}charset=${charset}${trail}`;
    return fromLatin1(raw.slice(0, colon) + segments.join(';'));
  }
  const value = raw.slice(colon).replace(/[\s;]*$/, '');
  const column = raw.slice(0, colon).length + value.length - (value.lastIndexOf('\n') + 1);
  const separator = column + charset.length + 11 > 78 ? `;${eol}\t` : '; ';
  return fromLatin1(`${raw.slice(0, colon)}${value}${separator}charset=${charset}${eol}`);
}

/** The field with another value: its name stays as the author's mailer spelled it. */
export function withValue(field: Uint8Array, value: string, eol: string): Uint8Array {
  const name = asBuffer(field).toString('latin1', 0, field.indexOf(0x3a) + 1);
  return fromLatin1(`${name} ${value}${eol}`);
}

function outerBlanks(segment: string): [string, string] {
  const start = segment.length - segment.trimStart().length;
  return [segment.slice(0, start), segment.slice(segment.trimEnd().length)];
}
