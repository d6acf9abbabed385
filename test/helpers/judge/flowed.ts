/**
 * What a reader of `format=flowed` shows (RFC 3676, section 4): stuffing removed, soft breaks joined within one quote
 * depth, the signature line always fixed. Quote marks are shown as they came.
 */
export function flowedLines(text: string, delsp: boolean): string[] {
  const shown: string[] = [];
  let open: { quotes: string; line: string } | undefined;
  for (const raw of text.split('\n')) {
    const quotes = /^>*/.exec(raw)?.[0] ?? '';
    const line = raw.slice(quotes.length).replace(/^ /, '');
    const isSignature = line === '-- ';
    if (open !== undefined && (open.quotes !== quotes || isSignature)) {
      shown.push(open.quotes + open.line);
      open = undefined;
    }
    const joined: string = (open?.line ?? '') + line;
    if (!isSignature && line.endsWith(' ')) {
      open = { quotes, line: delsp ? joined.slice(0, -1) : joined };
    } else {
      shown.push(quotes + joined);
      open = undefined;
    }
  }
  if (open !== undefined) shown.push(open.quotes + open.line);
  return shown;
}
