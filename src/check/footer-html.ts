/** What an HTML footer would do to the page that it is put into, and what of it mail readers will not show. */
import { ElementNames, HtmlElement, isVoid } from '../html/elements.ts';
import { HtmlTokenizer, HtmlTokenKind } from '../html/tokenizer.ts';

/** Each in a few words that name what is in the way; empty where nothing is. */
export interface HtmlFlaws {
  /**
   * Tags that it opens and does not close (a `<b>` makes all that follows bold, a `<!--` or `<style>` hides it), and end
   * tags of what it did not open (a `</div>` closes the page's own).
   */
  readonly tags: readonly string[];
  /** What mail readers remove or cannot follow: scripts, frames, addresses that mean something in another place only. */
  readonly dead: readonly string[];
}

/** Elements whose end tag HTML lets one leave out: what follows in the page ends them without harm. */
const OPTIONAL_END = new Set(
  'p li dt dd option optgroup tr td th thead tbody tfoot colgroup html head body'.split(' '),
);

/** What mail readers take out, with all that it holds. */
const REMOVED = new Set('script iframe frame frameset object embed applet form'.split(' '));

/** Attributes whose value is an address, or CSS with addresses in it. */
const WITH_ADDRESSES = ['src', 'href', 'background', 'poster', 'style'] as const;

/** Looks through a footer as it is put in: a document's body alone. */
export function htmlFlaws(html: string): HtmlFlaws {
  const bytes = asUnits(html);
  const tokenizer = new HtmlTokenizer();
  const open = new OpenTags(tokenizer.names);
  const dead = new Set<string>();
  tokenizer.feed(bytes, bytes.length);
  while (tokenizer.advance()) {
    const { kind, element, start, end } = tokenizer;
    const tag = html.slice(start, end);
    if (kind === HtmlTokenKind.StartTag) {
      open.start(element, tag);
      for (const word of deadWords(tokenizer, tag)) dead.add(word);
    } else if (kind === HtmlTokenKind.EndTag) open.end(element, tag);
  }
  const isOpen = tokenizer.closer !== '' && tokenizer.openRawText === HtmlElement.Unknown;
  if (tokenizer.finish() && isOpen) open.cutOff(html.slice(tokenizer.start, tokenizer.end));
  return { tags: open.finish(), dead: [...dead] };
}

/** One byte a code unit, as the tokenizer reads: what is not ASCII is text or a name to it, whatever it is. */
function asUnits(text: string): Uint8Array {
  const units = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) units[at] = Math.min(text.charCodeAt(at), 0xff);
  return units;
}

/** By their names, which a browser folds: no structure is mended here, as it is the structure that is in question. */
class OpenTags {
  readonly #names: ElementNames;
  readonly #open: string[] = [];
  readonly #trouble = new Set<string>();

  constructor(names: ElementNames) {
    this.#names = names;
  }

  start(element: number, tag: string): void {
    if (!isVoid(element)) this.#open.push(this.#nameOf(element, tag));
  }

  end(element: number, tag: string): void {
    const name = this.#nameOf(element, tag);
    const at = this.#open.lastIndexOf(name);
    if (at >= 0) {
      for (const inner of this.#open.splice(at).slice(1)) this.#missingEnd(inner);
    } else if (!isVoid(element)) this.#trouble.add(`</${name}> without <${name}>`);
  }

  /** The end of the text came before that of a comment or a tag. */
  cutOff(rest: string): void {
    this.#trouble.add(rest.startsWith('<!--') ? '<!-- without -->' : `${rest.slice(0, 20)} without >`);
  }

  finish(): string[] {
    for (const name of this.#open) this.#missingEnd(name);
    return [...this.#trouble];
  }

  #missingEnd(name: string): void {
    if (!OPTIONAL_END.has(name)) this.#trouble.add(`<${name}> without </${name}>`);
  }

  /** A name too long to be numbered is read from the tag. */
  #nameOf(element: number, tag: string): string {
    return this.#names.nameOf(element) || /^<\/?([^\s/>]*)/.exec(tag)![1]!.toLowerCase();
  }
}

function deadWords(tokenizer: HtmlTokenizer, tag: string): string[] {
  const words: string[] = [];
  const name = tokenizer.names.nameOf(tokenizer.element);
  if (REMOVED.has(name)) words.push(`<${name}>`);
  // Quoted values are no attributes.
  const handler = /\son[a-z]+(?=\s*=)/i.exec(tag.replace(/"[^"]*"|'[^']*'/g, '""'));
  if (handler !== null) words.push(`${handler[0].trim().toLowerCase()}=`);
  for (const attribute of WITH_ADDRESSES) {
    const value = tokenizer.attribute(attribute)?.trim() ?? '';
    const addresses = attribute === 'style' ? cssAddresses(value) : [value];
    for (const address of addresses) if (leadsNowhere(address)) words.push(`${attribute}="${short(value)}"`);
  }
  return words;
}

function cssAddresses(css: string): string[] {
  return [...css.matchAll(/url\(\s*["']?([^"')]*)/gi)].map((match) => match[1]!.trim());
}

/**
 * A mail has no address of its own that a relative one could be relative to, its other parts are not the list's, and
 * readers follow no scripts and no files. What a word puts in (`$…$`) is not known here.
 */
function leadsNowhere(address: string): boolean {
  if (address === '' || address.startsWith('#') || address.startsWith('$')) return false;
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(address)?.[1]?.toLowerCase();
  if (scheme === undefined) return !address.startsWith('//');
  return ['cid', 'mid', 'javascript', 'vbscript', 'file', 'about'].includes(scheme);
}

function short(value: string): string {
  return value.length > 40 ? `${value.slice(0, 37)}...` : value;
}
