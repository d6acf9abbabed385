/**
 * A list's footers: found under the names that iRedMail, mlmmj's contrib script and altermime's users have given
 * them, read well whatever wrote them, and made whole where the owner wrote only one half.
 */
import { escapeHtml } from '../footer/escape-html.ts';
import type { FooterPair } from '../footer/footer.ts';
import type { Platform } from '../platform/platform.ts';
import { ControlFileError, readControl } from './control.ts';
import { decodeText } from './decode-text.ts';
import { htmlFragment } from './html-fragment.ts';
import type { MailingList } from './list.ts';
import { readSubstitutions, SUBSTITUTED_LIMIT, substitute } from './substitutions.ts';
import { isBlank } from './visible.ts';

export interface Footers {
  /** Undefined where the list has no footer that shows anything. */
  readonly footers: FooterPair | undefined;
  /** What is wrong with a footer's file, in words for the log line. There may be footers all the same. */
  readonly trouble: string | undefined;
}

/** One half of a pair before its substitutions: as text, or why there is none. */
type Half = { readonly name: string; readonly content: string } | { readonly trouble: string } | undefined;

/** One name a half may have, and how what is in it becomes text. Undefined means that it shows nothing. */
interface Source {
  readonly name: string;
  readonly decode: (bytes: Uint8Array, name: string) => Promise<string | undefined> | string | undefined;
}

/** In the order in which they count; the first is the one that is nearly always there, so it is read alone. */
const TEXT_SOURCES: readonly Source[] = [
  { name: 'footer_text', decode: readText },
  { name: 'amime-footer-text', decode: readText },
  { name: 'footer-text', decode: readText },
  { name: 'footer_base64', decode: readBase64 },
  { name: 'amime-footer-base64', decode: readBase64 },
];

const HTML_SOURCES: readonly Source[] = [
  { name: 'footer_html', decode: readHtml },
  { name: 'amime-footer-html', decode: readHtml },
  { name: 'footer-html', decode: readHtml },
];

/** Characters. A derived half grows by its markup; past this, something other than a footer is in the file. */
const DERIVED_LIMIT = 4 * SUBSTITUTED_LIMIT;

/** Reads the list's footers. Never rejects for anything that is in, or wrong with, a footer's file. */
export async function readFooters(list: MailingList, platform: Platform): Promise<Footers> {
  try {
    return await readBoth(list, platform);
  } catch {
    // A fault of ours in here must cost the footer, not the mail.
    return { footers: undefined, trouble: 'the footers could not be prepared' };
  }
}

async function readBoth(list: MailingList, platform: Platform): Promise<Footers> {
  const [textHalf, htmlHalf] = await Promise.all([
    readHalf(TEXT_SOURCES, list, platform),
    readHalf(HTML_SOURCES, list, platform),
  ]);
  const trouble: string[] = [];
  const sources: string[] = [];
  for (const half of [textHalf, htmlHalf]) {
    if (half === undefined) continue;
    if ('trouble' in half) trouble.push(half.trouble);
    else sources.push(half.content);
  }
  const substitutions = await readSubstitutions(sources, list, platform);
  trouble.push(...substitutions.trouble);

  const filled = (half: Half, written?: (value: string) => string): string => {
    if (half === undefined || 'trouble' in half) return '';
    const result = substitute(half.content, substitutions.values, written);
    if (result === undefined) {
      trouble.push(`${half.name} grows larger than ${SUBSTITUTED_LIMIT / 1024} KiB`);
      return '';
    }
    return result;
  };
  const text = tidyText(filled(textHalf));
  const html = await stillShown(htmlHalf, filled(htmlHalf, escapeHtml));
  return { footers: await completed(text, html, trouble), trouble: trouble.join('; ') || undefined };
}

/** An HTML half after its substitutions; '' where all that it showed was a substitution that turned out empty. */
async function stillShown(half: Half, html: string): Promise<string> {
  const isUnchanged = half !== undefined && 'content' in half && half.content === html;
  return isUnchanged || html === '' ? html : ((await htmlFragment(html)) ?? '');
}

/** Derives the half that is missing (''), from what is written rather than from its substitutions: links show then. */
async function completed(text: string, html: string, trouble: string[]): Promise<FooterPair | undefined> {
  if (text === '' && html === '') return undefined;
  try {
    if (html === '') {
      const { deriveHtml } = await import('../footer/derive-html.ts');
      return withinLimit({ text, html: deriveHtml(text) }, trouble);
    }
    if (text === '') {
      const { deriveText } = await import('../footer/derive-text.ts');
      return withinLimit({ text: tidyText(await deriveText(html)), html }, trouble);
    }
  } catch {
    trouble.push(
      text === '' ? 'no text can be made of the HTML footer' : 'no HTML can be made of the text footer',
    );
    return undefined;
  }
  return { text, html };
}

function withinLimit(pair: FooterPair, trouble: string[]): FooterPair | undefined {
  if (Math.max(pair.text.length, pair.html.length) <= DERIVED_LIMIT) return pair;
  trouble.push(`the derived footer is larger than ${DERIVED_LIMIT / 1024} KiB`);
  return undefined;
}

/**
 * The first source that shows something. One that is there and cannot be used ends the search: to go on to an older
 * name would send a footer that the owner has replaced.
 */
async function readHalf(sources: readonly Source[], list: MailingList, platform: Platform): Promise<Half> {
  const [usual, ...others] = sources;
  const first = await readSource(usual!, list, platform);
  if (first !== undefined) return first;
  for (const half of await Promise.all(others.map((source) => readSource(source, list, platform)))) {
    if (half !== undefined) return half;
  }
  return undefined;
}

async function readSource(source: Source, list: MailingList, platform: Platform): Promise<Half> {
  const { name } = source;
  try {
    const bytes = await readControl(list.directory, name, platform);
    const content = bytes === undefined ? undefined : await source.decode(bytes, name);
    return content === undefined ? undefined : { name, content };
  } catch (error) {
    return { trouble: error instanceof ControlFileError ? error.message : `${name} cannot be used` };
  }
}

function readText(bytes: Uint8Array, name: string): string | undefined {
  const text = decodeText(bytes);
  if (text === undefined) throw new ControlFileError(`${name} is not a text file`);
  return isBlank(text) ? undefined : text;
}

async function readHtml(bytes: Uint8Array, name: string): Promise<string | undefined> {
  const html = readText(bytes, name);
  return html === undefined ? undefined : await htmlFragment(html);
}

/** A text footer as altermime's `--disclaimer-b64` takes it; padding may be missing, line breaks may be anywhere. */
function readBase64(bytes: Uint8Array, name: string): string | undefined {
  const base64 = readText(bytes, name);
  if (base64 === undefined) return undefined;
  let octets: string;
  try {
    octets = atob(base64);
  } catch {
    throw new ControlFileError(`${name} is not base64`);
  }
  return readText(
    Uint8Array.from(octets, (octet) => octet.charCodeAt(0)),
    name,
  );
}

/** A footer's text as it is written into parts: no blanks at line ends but in a signature's `-- `, no end of blank lines. */
function tidyText(text: string): string {
  if (isBlank(text)) return '';
  const lines = text.split('\n').map((line) => (line === SIGNATURE_LINE ? line : line.trimEnd()));
  while (lines.length > 0 && isBlank(lines.at(-1) ?? '')) lines.pop();
  return lines.join('\n');
}

/** RFC 3676, section 4.3. */
const SIGNATURE_LINE = '-- ';
