/**
 * Structured header values: `Content-Type`, `Content-Disposition`, `Content-Transfer-Encoding` (RFC 2045 §5,
 * RFC 2183, RFC 2231). Values come as latin1 characters of the raw bytes and may still be folded.
 */
export interface Structured {
  /** What stands before the first semicolon, lower-cased, without comments. */
  readonly value: string;
  /** By lower-case name. The first of two parameters of one name counts, as it does for most readers. */
  readonly parameters: ReadonlyMap<string, string>;
}

export function parseStructured(raw: string): Structured {
  const [head = '', ...rest] = structuredSegments(raw);
  const parameters = new Map<string, string>();
  const continued = new Map<string, string[]>();
  for (const segment of rest.map(withoutLeadingComments)) {
    const equals = segment.indexOf('=');
    if (equals < 0) continue;
    const name = withoutComments(segment.slice(0, equals)).trim().toLowerCase();
    const value = parameterValue(withoutLeadingComments(segment.slice(equals + 1)));
    const extended = /^([^*]+)\*(?:(\d{1,2})\*?)?$/.exec(name);
    if (!extended) {
      if (!parameters.has(name)) parameters.set(name, value);
      continue;
    }
    // RFC 2231: `name*=charset'language'percent-encoded`, or in numbered pieces `name*0*=…; name*1=…`.
    const piece = name.endsWith('*') ? percentDecoded(value, extended[2] ?? '0') : value;
    const pieces = continued.get(extended[1]!) ?? [];
    pieces[Number(extended[2] ?? 0)] = piece;
    continued.set(extended[1]!, pieces);
  }
  for (const [name, pieces] of continued) if (!parameters.has(name)) parameters.set(name, pieces.join(''));
  return { value: withoutComments(head).trim().toLowerCase(), parameters };
}

/**
 * What stands between the semicolons; those inside quoted strings and comments separate nothing. Joined with `;` it is
 * `raw`.
 */
export function structuredSegments(raw: string): string[] {
  const segments: string[] = [];
  let start = 0;
  let quoted = false;
  let mayComment = true;
  for (let i = 0; i < raw.length; i++) {
    const c = raw[i];
    if (c === '\\' && quoted) i++;
    else if (c === '"') quoted = !quoted;
    else if (c === '(' && !quoted && mayComment && /^[\s;=]?$/.test(raw.charAt(i - 1))) {
      const end = endOfComment(raw, i);
      // Parentheses that stay open are no comment, and to look for the end of each would take quadratic time.
      if (end < 0) mayComment = false;
      else i = end - 1;
    } else if (c === ';' && !quoted) {
      segments.push(raw.slice(start, i));
      start = i + 1;
    }
  }
  segments.push(raw.slice(start));
  return segments;
}

/**
 * QUIRK: an unquoted value runs to the semicolon, not to the end of the token: mailers write
 * `boundary=----=_Part 1` and readers accept it. A comment behind it (RFC 2045 §5.1 has one) does not count.
 */
function parameterValue(raw: string): string {
  const value = raw.trim();
  if (!value.startsWith('"')) {
    const comment = value.search(/\s\(/);
    return (comment < 0 ? value : value.slice(0, comment)).trim().replace(/\r?\n/g, '');
  }
  let unquoted = '';
  for (let i = 1; i < value.length; i++) {
    const c = value[i]!;
    if (c === '"') break;
    if (c === '\\' && i + 1 < value.length) unquoted += value[++i];
    else if (c !== '\r' && c !== '\n') unquoted += c;
  }
  return unquoted;
}

function percentDecoded(value: string, piece: string): string {
  const encoded = piece === '0' ? value.replace(/^[^']*'[^']*'/, '') : value;
  return encoded.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** An unclosed comment runs to the end. */
function withoutComments(raw: string): string {
  let kept = '';
  let from = 0;
  for (;;) {
    const open = raw.indexOf('(', from);
    if (open < 0) return kept + raw.slice(from);
    kept += raw.slice(from, open);
    from = endOfComment(raw, open);
    if (from < 0) return kept;
  }
}

/** The text from its first character on that is neither white space nor in a comment. */
export function withoutLeadingComments(raw: string): string {
  let rest = raw.trimStart();
  while (rest.startsWith('(')) {
    const end = endOfComment(rest, 0);
    if (end < 0) return rest;
    rest = rest.slice(end).trimStart();
  }
  return rest;
}

/** Where the comment that begins at `open` ends, or -1 where it does not. Comments nest (RFC 5322 §3.2.2). */
function endOfComment(raw: string, open: number): number {
  let depth = 0;
  for (let i = open; i < raw.length; i++) {
    const c = raw[i];
    if (c === '\\') i++;
    else if (c === '(') depth++;
    else if (c === ')' && --depth === 0) return i + 1;
  }
  return -1;
}
