// An HTML footer as the fragment that is put into somebody's HTML part: what is around a document's body goes, and what
// would swallow the rest of a post is ended.
//
// What is left out: the doctype, `<html>`, `<body>` and their ends wherever they stand, and all that is in the head.
// What follows `</body>` is kept, since browsers show it. A style sheet in the head goes too: inside a post it would
// restyle the author's own text, or the author's would restyle the footer. Footers that need styles carry them in
// `style` attributes, which is also the only kind that Gmail and Outlook honour reliably. The same goes for attributes
// of `<body>`: a background colour is the whole page's, and the page is the author's.
import { Trait } from '../html/element-stack.ts';
import { HtmlElement, isRawText } from '../html/elements.ts';
import { OpenElements } from '../html/open-elements.ts';
import { HtmlTokenizer, HtmlTokenKind } from '../html/tokenizer.ts';
import { ByteBuilder } from '../mime/byte-builder.ts';
import { bytesOf, decodeUtf8, LESS_THAN, lowerCase, utf8Of } from '../mime/bytes.ts';
import {
  belongsToHead,
  hidesItsText,
  isDocumentFrame,
  isPageWide,
  mayHide,
  showsWithoutText,
} from './html-elements.ts';
import { trimmed } from './text-lines.ts';
import { isBlank, showsSomething } from './visible.ts';

/**
 * What is inside the body of an HTML footer, blanks around it dropped, byte for byte what the owner wrote otherwise;
 * '' where a reader would see nothing of it. Linear, for any source; a fragment is its own fragment.
 */
export function htmlFragment(source: string): string {
  const html = trimmed(source);
  return html === '' ? '' : new Reducer(utf8Of(html)).reduce();
}

/** Takes the document away from around a fragment, in one pass. */
class Reducer {
  private readonly tokenizer: HtmlTokenizer = new HtmlTokenizer();
  private readonly kept: ByteBuilder = new ByteBuilder();
  private isVisible: boolean = false;
  private inHead: boolean = false;
  /** The element whose text is not shown, and how often it is open in itself. */
  private unseen: i32 = HtmlElement.Unknown;
  private unseenDepth: i32 = 0;
  /** As browsers find them in what is kept. */
  private readonly open: OpenElements = new OpenElements();

  constructor(private readonly html: Uint8Array) {}

  reduce(): string {
    const tokenizer = this.tokenizer;
    tokenizer.feed(this.html, this.html.length);
    while (tokenizer.advance()) this.take(i32(tokenizer.start), i32(tokenizer.end));
    const closer = tokenizer.closer;
    // A tag or a comment that the file breaks off in would swallow what follows the footer in the post.
    if (tokenizer.finish() && tokenizer.kind === HtmlTokenKind.Text) {
      this.take(i32(tokenizer.start), i32(tokenizer.end));
    }
    if (!this.isVisible) return '';
    const fragment = trimmed(decodeUtf8(this.kept.bytes())!);
    if (closer === ']]>') return fragment + closer + this.missingEnds(0);
    if (!this.isInRawText) return withoutLessThan(fragment) + this.missingEnds(0);
    const isInTag = closer === null || tokenizer.openRawText === HtmlElement.Unknown;
    return isInTag ? fragment + this.missingEnds(0) : fragment + closer! + this.missingEnds(1);
  }

  private take(start: i32, end: i32): void {
    if (this.keeps(start, end)) this.kept.addRange(this.html, start, end);
    else if (!this.isInRawText) this.escapeLessThan();
  }

  private keeps(start: i32, end: i32): boolean {
    switch (this.tokenizer.kind) {
      case HtmlTokenKind.Text:
        return this.keepsText(start, end);
      case HtmlTokenKind.StartTag:
        return this.keepsStartTag(this.tokenizer.element);
      case HtmlTokenKind.EndTag:
        return this.keepsEndTag(this.tokenizer.element);
      default:
        return this.keepsComment(start);
    }
  }

  private keepsText(start: i32, end: i32): boolean {
    const isShown = this.unseen === HtmlElement.Unknown && this.showsText(start, end);
    if (isShown) this.inHead = false;
    if (this.inHead || this.tokenizer.openRawText === HtmlElement.Title) return false;
    if (isShown) this.isVisible = true;
    this.open.text(isShown, end);
    return true;
  }

  private showsText(start: i32, end: i32): boolean {
    const text = decodeUtf8(this.html.subarray(start, end))!;
    return this.tokenizer.openRawText === HtmlElement.Xmp ? !isBlank(text) : showsSomething(text);
  }

  private keepsStartTag(element: i32): boolean {
    if (element === HtmlElement.Plaintext) {
      // No tag can end it: in a post it would make text of all that follows.
      this.tokenizer.readAsMarkup();
      return false;
    }
    if (isDocumentFrame(element)) {
      this.inHead = element === HtmlElement.Html || element === HtmlElement.Head;
      return false;
    }
    if (!belongsToHead(element)) this.inHead = false;
    const isShown = this.unseen === HtmlElement.Unknown;
    this.enterUnseen(element);
    // In SVG a title is the picture's own.
    if (this.inHead || (isPageWide(element) && !this.open.isForeign)) return false;
    if (isShown && showsWithoutText(element)) this.isVisible = true;
    const isHtml = this.open.startTag(this.tokenizer, Trait.None);
    if (!isHtml && isRawText(element)) this.tokenizer.readAsMarkup();
    this.tokenizer.hasCdata = this.open.isForeign;
    return true;
  }

  private enterUnseen(element: i32): void {
    if (this.unseen === HtmlElement.Unknown && hidesItsText(element)) this.unseen = element;
    if (this.unseen === element) this.unseenDepth++;
  }

  private keepsEndTag(element: i32): boolean {
    if (this.unseen === element && --this.unseenDepth === 0) this.unseen = HtmlElement.Unknown;
    if (isDocumentFrame(element)) {
      if (element === HtmlElement.Head) this.inHead = false;
      return false;
    }
    const isPageEnd = this.inHead || element === HtmlElement.Title;
    if (isPageEnd && !this.isOpen(element)) return false;
    this.open.endTag(element, this.tokenizer.end);
    this.tokenizer.hasCdata = this.open.isForeign;
    return true;
  }

  private isOpen(element: i32): boolean {
    return this.open.stack.indexOf(element) > 0 || this.open.stack.foreignIndexOf(element) > 0;
  }

  /** Of comments, doctypes and what else begins with `<!` or `<?`. */
  private keepsComment(start: i32): boolean {
    if (this.startsWith(start, '<?')) return false;
    if (this.startsWith(start, '<!doctype')) this.inHead = true;
    return !this.inHead;
  }

  private startsWith(start: i32, prefix: string): boolean {
    if (start + prefix.length > this.html.length) return false;
    for (let i = 0; i < prefix.length; i++) {
      if (lowerCase(this.html[start + i]) !== prefix.charCodeAt(i)) return false;
    }
    return true;
  }

  /** Whether what was kept ends in text that only its own end tag ends. */
  private get isInRawText(): boolean {
    const stack = this.open.stack;
    return isRawText(stack.elementAt(stack.top)) && !stack.isForeignAt(stack.top);
  }

  /** A `<` of the text right before something that goes is to be no tag with what comes after that. */
  private escapeLessThan(): void {
    const end = this.kept.length;
    if (end === 0 || this.kept.data[end - 1] !== LESS_THAN) return;
    this.kept.truncate(end - 1);
    this.kept.addText('&lt;');
  }

  /**
   * The end tags of what is open and would hide what follows, and of all that is open in it.
   * @param ended how many of the innermost elements are ended already
   */
  private missingEnds(ended: i32): string {
    const stack = this.open.stack;
    let first = 1;
    while (first < stack.depth && !isRawText(stack.elementAt(first)) && !mayHide(stack.elementAt(first)))
      first++;
    let ends = '';
    for (let i: i32 = stack.top - ended; i >= first; i--) {
      const name = decodeUtf8(bytesOf(this.tokenizer.names.nameOf(stack.elementAt(i))))!;
      if (name !== '') ends += `</${name}>`;
    }
    return ends;
  }
}

/** A text that a tag can follow: a `<` or `</` at its end would begin another one. */
function withoutLessThan(html: string): string {
  if (html.endsWith('<')) return `${html.slice(0, html.length - 1)}&lt;`;
  return html.endsWith('</') ? `${html.slice(0, html.length - 2)}&lt;/` : html;
}
