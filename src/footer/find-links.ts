/**
 * Finds what a reader would want to click in a line of plain text: `http:`, `https:` and `mailto:` addresses,
 * `www.` names and mail addresses. Works outward from marks that are cheap to find, and no character is looked at
 * more than a few times: linear for any text.
 */
export interface Link {
  /** Offsets into the line, in UTF-16 units: the first character of the link, and the one behind its last. */
  readonly start: number;
  readonly end: number;
  /** Where it leads: a URL of scheme `http`, `https` or `mailto`, not escaped for HTML. */
  readonly target: string;
}

const MARK = /https?:\/\/|mailto:|www\.|@/gi;

/**
 * Never part of a link: blanks, what encloses links, the full-width punctuation that CJK text puts right behind, and the
 * invisible marks by which Hebrew and Arabic text keeps a link apart from what stands around it.
 */
const STOP =
  /[\s<>"`\u00ab\u00bb\u201c-\u201f\u2018\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\u3000-\u3003\u3008-\u3011\uff01\uff08\uff09\uff0c\uff0e\uff1a\uff1b\uff1f]/;

/** Punctuation of the sentence around a link rather than of the link. */
const TRAILING = new Set([...".,;:!?'*|\\\u2019\u2026"]);

const BRACKETS = new Map([
  [')', '('],
  [']', '['],
  ['}', '{'],
]);

/** The links of a line, from left to right, never overlapping. */
export function* findLinks(line: string): Generator<Link> {
  let done = 0;
  const marks = new RegExp(MARK);
  for (let mark = marks.exec(line); mark !== null; mark = marks.exec(line)) {
    const link =
      mark[0] === '@' ? address(line, mark.index, done) : url(line, mark.index, mark[0].toLowerCase());
    if (link === undefined) continue;
    yield link;
    done = link.end;
    marks.lastIndex = Math.max(marks.lastIndex, done);
  }
}

/** Longest host name and longest mail address there can be (RFC 1035, RFC 5321); they bound every look ahead. */
const HOST_LIMIT = 255;
const ADDRESS_LIMIT = 320;

/** A URL at a mark. The far end is only looked for once the near one is right, so that a refusal costs little. */
function url(line: string, start: number, scheme: string): Link | undefined {
  if (start > 0 && /[\p{L}\p{N}]/u.test(line[start - 1]!)) return undefined;
  const begin = start + scheme.length;
  const head = line.slice(begin, begin + ADDRESS_LIMIT);
  if (scheme === 'mailto:') {
    if (!/^[^\s@?<>"]+@[^\s@?<>"]/.test(head)) return undefined;
  } else if (scheme === 'www.') {
    // `www.somebody@example.org` is a mail address, and is found by its `@`.
    const host = /^[^\s/?#<>"]*/.exec(head.slice(0, HOST_LIMIT))?.[0] ?? '';
    if (host.includes('@') || !/^[\p{L}\p{N}-]+\.[\p{L}\p{N}]/u.test(host)) return undefined;
  } else if (!/^[\p{L}\p{N}[]/u.test(head)) {
    return undefined;
  }
  const run = endOfLink(line, start);
  if (run <= begin) return undefined;
  const host = /^[^\s/?#:@]*/.exec(line.slice(begin, Math.min(run, begin + HOST_LIMIT)))?.[0] ?? '';
  const isAll = scheme !== 'mailto:' && begin + host.length === run;
  const end = isAll ? begin + withoutNextWord(host).length : run;
  const found = line.slice(start, end);
  return { start, end, target: scheme === 'www.' ? `http://${found}` : found };
}

const LOCAL_PART = /[A-Za-z0-9._%+=~$&-]/;

/**
 * Internationalized addresses have other letters as well (RFC 6531). Only scripts that put a blank between a word and an
 * address count: in Chinese, Japanese or Korean, and behind a Hebrew or Arabic prefix, the address begins at the ASCII.
 */
function isLocalPart(character: string): boolean {
  if (character <= '\x7f') return LOCAL_PART.test(character);
  return /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{Script=Georgian}]/u.test(
    character,
  );
}

/** A mail address around an `@`; `from` is where the previous link ended. */
function address(line: string, at: number, from: number): Link | undefined {
  let start = at;
  while (start > from && isLocalPart(line[start - 1]!)) start--;
  // Where text in those scripts ends and an address in them begins, nobody can tell; but it is not at a `+`.
  if (line[start] === '+') return undefined;
  while (start < at && '.-=~'.includes(line[start]!)) start++;
  if (start === at) return undefined;

  const domain = /[\p{L}\p{N}.-]*/uy;
  domain.lastIndex = at + 1;
  const run = domain.exec(line)?.[0] ?? '';
  let length = run.length;
  while (length > 0 && (run[length - 1] === '.' || run[length - 1] === '-')) length--;
  const name = withoutNextWord(run.slice(0, length));
  const labels = name.split('.');
  // A top-level domain of one letter or of digits alone is a version number or an abbreviation.
  const top = labels.at(-1) ?? '';
  if (labels.length < 2 || labels.includes('') || !/^(?=.*\p{L})[\p{L}\p{N}-]{2,}$/u.test(top))
    return undefined;

  // RFC 6068, section 2: what a URI gives a meaning of its own is percent-encoded; `+` has none in mailto.
  const local = encodeURIComponent(line.slice(start, at)).replaceAll('%2B', '+');
  return { start, end: at + 1 + name.length, target: `mailto:${local}@${name}` };
}

/**
 * A host's name without the word that Japanese, Chinese or Korean text goes on with: a top-level domain is either in
 * Latin letters or in others.
 */
function withoutNextWord(host: string): string {
  const top = host.slice(host.lastIndexOf('.') + 1);
  const latin = /^[a-z]*/i.exec(top)?.[0] ?? '';
  const rest = top.slice(latin.length);
  const isNextWord = latin.length > 1 && /^\p{L}/u.test(rest) && !/^\p{Script=Latin}/u.test(rest);
  return isNextWord ? host.slice(0, host.length - rest.length) : host;
}

/**
 * Where a link ends: at what is never part of one, at a closing bracket that was not opened inside it, behind which
 * Chinese and Japanese text goes on without a blank, and before the sentence's punctuation.
 */
function endOfLink(line: string, start: number): number {
  const open = new Map<string, number>();
  let end = start;
  for (; end < line.length && !STOP.test(line[end]!); end++) {
    const character = line[end]!;
    const opening = BRACKETS.get(character) ?? character;
    const before = open.get(opening) ?? 0;
    if (opening === character) {
      if ('([{'.includes(character)) open.set(character, before + 1);
      continue;
    }
    if (before === 0) break;
    open.set(opening, before - 1);
  }
  while (end > start && TRAILING.has(line[end - 1]!)) end--;
  return end;
}
