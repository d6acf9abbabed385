import { asBuffer, fromLatin1, latin1, withoutTrailingBlanks } from './bytes.ts';
import { structuredSegments, withoutLeadingComments } from './content-type.ts';

/**
 * The field with its `charset` parameter set once, every other byte kept: of several, some readers take the first and
 * some the last. A type that is none (`Content-Type: text`), or that runs into something else, is written anew,
 * because a parameter behind it would not be read.
 */
export function withCharset(field: Uint8Array, charset: string, eol: string): Uint8Array {
  const raw = latin1(field);
  const colon = raw.indexOf(':') + 1;
  const end = withoutTrailingBlanks(raw).length;
  const [type = '', ...parameters] = structuredSegments(raw.slice(colon, end));
  const isType = /^\s*[^\s/,]+\/[^\s/,(]+\s*(?:\(.*\)\s*)?$/s.test(type);
  const start = raw.slice(0, colon) + (isType ? type : ' text/plain');
  const at = parameters.findIndex(isCharset);
  if (at < 0) {
    const value = withoutTrailingSemicolons([start, ...parameters].join(';'));
    const column = value.length - (value.lastIndexOf('\n') + 1);
    const separator = column + charset.length + 11 > 78 ? `;${eol}\t` : '; ';
    return fromLatin1(`${value}${separator}charset=${charset}${eol}`);
  }
  const [before, after] = outerBlanks(parameters[at]!);
  parameters[at] = `${before}charset=${charset}${after}`;
  const kept = parameters.filter((parameter, i) => i <= at || !isCharset(parameter));
  return fromLatin1([start, ...kept].join(';') + raw.slice(end));
}

function withoutTrailingSemicolons(value: string): string {
  let kept = withoutTrailingBlanks(value);
  while (kept.endsWith(';')) kept = withoutTrailingBlanks(kept.slice(0, -1));
  return kept;
}

/** Also a piece of one that RFC 2231 lets be continued. */
function isCharset(parameter: string): boolean {
  return /^charset(?:\*\d*){0,2}\s*=/i.test(withoutLeadingComments(parameter));
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
