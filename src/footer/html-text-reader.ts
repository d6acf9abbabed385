// Reads HTML for its text, and lays that out as browsers do, as far as text can be.
import { HtmlElement, isBlock, isCell, isHeading, isTablePart } from '../html/elements.ts';
import { HtmlTokenizer, HtmlTokenKind, isHtmlBlank } from '../html/tokenizer.ts';
import { asciiLower, decodeUtf8 } from '../mime/bytes.ts';
import { decodeAttribute, decodeReferences } from './character-references.ts';
import {
  hidesItsText,
  isCloseToWhatIsBefore,
  isList,
  isPre,
  lineBreaks,
  needsEndTag,
} from './html-elements.ts';
import { isSameLink, linkTarget } from './link-target.ts';
import { TextBuilder } from './text-builder.ts';
import { TextLayout } from './text-layout.ts';
import { trimmed } from './text-lines.ts';
import { countItems, TextList } from './text-list.ts';
import { isBlank } from './visible.ts';

/** Elements inside each other whose structure is kept. What is deeper is text. */
const DEPTH_LIMIT: i32 = 150;

/** What `<hr>` is in text. */
const RULE: string = '----------------------------------------';

/** An element that is open and has a say in how the text is laid out. */
class OpenElement {
  /** Its lines begin with something. */
  hasPrefix: boolean = false;
  /** Of a list: its markers. */
  list: TextList | null = null;
  /** Of a table's row: where its text begins, in characters and in lines. */
  length: i32 = 0;
  line: i32 = 0;

  constructor(
    readonly element: i32,
    /** Line breaks before what follows it. */
    readonly margin: i32,
  ) {}
}

/** Goes through the tokens and lays their text out. */
export class HtmlTextReader {
  /** Where the first picture is that a reader could fetch; '' without one. */
  picture: string = '';

  private readonly tokenizer: HtmlTokenizer = new HtmlTokenizer();
  private readonly layout: TextLayout;
  private readonly open: OpenElement[] = [];
  /** Open elements beyond the limit that need an end tag. */
  private deeper: i32 = 0;

  /** The element whose content is not shown, and how often it is open in itself. */
  private hidden: i32 = HtmlElement.Unknown;
  private hiddenDepth: i32 = 0;

  private isInLink: boolean = false;
  private target: string = '';
  private linkText: TextBuilder = new TextBuilder();
  /** Elements that were open where the link began. */
  private linkDepth: i32 = 0;

  /** In the order of their start tags; counted with the first numbered list. */
  private itemCounts: i32[] = [];
  private lists: i32 = 0;
  /** A line end right after `<pre>` is not part of the text. */
  private isPreStart: boolean = false;

  constructor(private readonly html: Uint8Array) {
    this.layout = new TextLayout(html.length);
  }

  read(): string {
    const tokenizer = this.tokenizer;
    tokenizer.feed(this.html, this.html.length);
    while (!this.layout.isFull && tokenizer.advance()) this.take();
    if (!this.layout.isFull && tokenizer.finish()) this.take();
    this.close(0);
    this.endLink();
    return this.layout.toString();
  }

  private take(): void {
    const tokenizer = this.tokenizer;
    switch (tokenizer.kind) {
      case HtmlTokenKind.Text:
        if (this.hidden === HtmlElement.Unknown) this.takeText();
        break;
      case HtmlTokenKind.StartTag:
        if (isList(tokenizer.element)) this.lists++;
        if (!this.isHidden(tokenizer.element)) this.startTag(tokenizer.element);
        break;
      case HtmlTokenKind.EndTag:
        if (this.hidden === HtmlElement.Unknown) this.endTag(tokenizer.element);
        else if (this.hidden === tokenizer.element && --this.hiddenDepth === 0)
          this.hidden = HtmlElement.Unknown;
        break;
      default:
        break;
    }
  }

  private isHidden(element: i32): boolean {
    const isHiding = hidesItsText(element) || element === HtmlElement.Iframe || element === HtmlElement.Head;
    if (this.hidden === HtmlElement.Unknown && isHiding) this.hidden = element;
    if (this.hidden === element) this.hiddenDepth++;
    return this.hidden !== HtmlElement.Unknown;
  }

  // Text

  private takeText(): void {
    const tokenizer = this.tokenizer;
    const text = decodeUtf8(this.html.subarray(i32(tokenizer.start), i32(tokenizer.end)))!;
    const decoded = tokenizer.openRawText === HtmlElement.Xmp ? text : decodeReferences(text);
    if (this.isPreformatted()) this.addLines(decoded);
    else this.addWords(decoded);
  }

  private isPreformatted(): boolean {
    for (let i = this.open.length - 1; i >= 0; i--) if (isPre(this.open[i].element)) return true;
    return false;
  }

  /** White space is collapsed, but for no-break and zero-width spaces (which stand between the words of Thai and Khmer). */
  private addWords(text: string): void {
    for (let i = 0; i < text.length; i++) {
      const code: i32 = text.charCodeAt(i);
      if (isHtmlBlank(code)) this.layout.addSpace();
      else this.addCharacter(code);
    }
  }

  private addLines(text: string): void {
    for (let i = 0; i < text.length; i++) {
      const code: i32 = text.charCodeAt(i);
      if (code !== 0x0a) this.addCharacter(code);
      else if (!this.isPreStart) this.layout.breakLine();
      this.isPreStart = false;
    }
  }

  private addCharacter(code: i32): void {
    // A character reference can stand for a control character.
    if ((code < 0x20 && code !== 0x09) || (code >= 0x7f && code <= 0x9f)) return;
    this.layout.addCharacter(code);
    if (this.isInLink) this.linkText.add(code);
  }

  // Tags

  private startTag(element: i32): void {
    this.isPreStart = false;
    switch (element) {
      case HtmlElement.Br:
        this.layout.breakLine();
        return;
      case HtmlElement.Img:
      case HtmlElement.Image:
        this.addPicture();
        return;
      case HtmlElement.A:
        this.startLink();
        return;
      case HtmlElement.Hr:
        this.addRule();
        return;
      case HtmlElement.Li:
        this.startItem();
        return;
      case HtmlElement.Tr:
        this.startRow();
        return;
      case HtmlElement.Td:
      case HtmlElement.Th:
        this.startCell();
        return;
      default:
        if (isList(element)) this.startList(element);
        else if (lineBreaks(element) > 0) this.startBlock(element);
    }
  }

  private endTag(element: i32): void {
    if (element === HtmlElement.Br) this.layout.breakLine();
    else if (element === HtmlElement.A) this.endLink();
    else if (lineBreaks(element) > 0) {
      this.endElement(isCell(element) ? HtmlElement.Td : element);
    }
  }

  private endElement(element: i32): void {
    if (this.deeper > 0 && needsEndTag(element)) {
      this.deeper--;
      this.layout.separate(lineBreaks(element));
    } else {
      const at = this.find(element);
      if (at >= 0) this.close(at);
      // QUIRK: `</p>` without a `<p>` is an empty paragraph (HTML standard §13.2.6.4.7).
      else if (element === HtmlElement.P) this.layout.separate(lineBreaks(element));
    }
  }

  /** The innermost element that an end tag ends, or -1. Within a table it ends nothing outside of it. */
  private find(element: i32): i32 {
    for (let i = this.open.length - 1; i >= 0; i--) {
      const candidate = this.open[i].element;
      if (candidate === element || (isHeading(candidate) && isHeading(element))) return i;
      if (isTablePart(candidate) && !isTablePart(element)) return -1;
      if (candidate === HtmlElement.Table) return -1;
    }
    return -1;
  }

  /** Ends the elements from `index` on, the innermost first. */
  private close(index: i32): void {
    if (this.isInLink && this.linkDepth > index) this.endLink();
    while (this.open.length > index) {
      const element = this.open.pop()!;
      if (element.hasPrefix) this.layout.popPrefix();
      if (element.element === HtmlElement.Tr) {
        // A row without text leaves the line of the table around it as it is.
        if (this.layout.length > element.length) this.layout.endRow();
      } else if (element.element !== HtmlElement.Td) this.layout.separate(element.margin);
    }
  }

  private push(element: OpenElement): boolean {
    if (this.open.length < DEPTH_LIMIT) {
      this.open.push(element);
      return true;
    }
    if (needsEndTag(element.element)) this.deeper++;
    return false;
  }

  private startBlock(element: i32): void {
    this.endParagraph();
    if (element === HtmlElement.Dd || element === HtmlElement.Dt)
      this.endItem(HtmlElement.Dd, HtmlElement.Dt);
    if (element === HtmlElement.Option) this.endItem(HtmlElement.Option, HtmlElement.Option);
    if (isHeading(element) && this.open.length > 0 && isHeading(this.open[this.open.length - 1].element)) {
      this.close(this.open.length - 1);
    }
    const block = new OpenElement(element, lineBreaks(element));
    this.layout.separate(isCloseToWhatIsBefore(element) ? 1 : block.margin);
    this.isPreStart = isPre(element);
    if (this.push(block) && element === HtmlElement.Blockquote) {
      this.layout.pushPrefix('> ', '> ');
      block.hasPrefix = true;
    }
  }

  /** A block ends an open paragraph, but for one that is around its table. */
  private endParagraph(): void {
    for (let i = this.open.length - 1; i >= 0 && !isTablePart(this.open[i].element); i--) {
      if (this.open[i].element === HtmlElement.P) {
        this.close(i);
        return;
      }
    }
  }

  /** An item ends the one before it, but for one that is around its list. */
  private endItem(element: i32, other: i32): void {
    for (let i = this.open.length - 1; i >= 0; i--) {
      const candidate = this.open[i].element;
      if (candidate === element || candidate === other) {
        this.close(i);
        return;
      }
      if (isTablePart(candidate) || (isBlock(candidate) && candidate !== HtmlElement.Div)) return;
    }
  }

  private addRule(): void {
    this.endParagraph();
    this.layout.separate(1);
    this.layout.addWord(RULE);
    this.layout.separate(1);
  }

  private addPicture(): void {
    const words = trimmed(this.attribute('alt'));
    if (words !== '') this.addWords(words);
    if (this.picture !== '') return;
    const source = linkTarget(this.attribute('src'));
    const scheme = asciiLower(source.slice(0, 6));
    if (scheme === 'http:/' || scheme === 'https:') this.picture = source;
  }

  /** The value of an attribute of the tag at hand, decoded; '' without one. */
  private attribute(name: string): string {
    const tokenizer = this.tokenizer;
    if (!tokenizer.findAttribute(name)) return '';
    const bytes = tokenizer.attributeBytes.subarray(tokenizer.valueStart, tokenizer.valueEnd);
    return decodeAttribute(decodeUtf8(bytes)!);
  }

  // Links

  private startLink(): void {
    this.endLink();
    this.target = linkTarget(this.attribute('href'));
    if (this.target === '') return;
    this.isInLink = true;
    this.linkText = new TextBuilder();
    this.linkDepth = this.open.length;
  }

  /** The target follows the link's words. */
  private endLink(): void {
    if (!this.isInLink) return;
    this.isInLink = false;
    const text = this.linkText.text();
    if (isBlank(text)) {
      this.layout.addSpace();
      this.layout.addWord(this.target);
    } else if (!isSameLink(text, this.target)) this.layout.appendToLastWord(` <${this.target}>`);
  }

  // Lists

  private startList(element: i32): void {
    this.endParagraph();
    const parent = this.open.length > 0 ? this.open[this.open.length - 1] : null;
    const outer: TextList | null = parent !== null ? parent.list : null;
    const isNested = outer !== null || (parent !== null && parent.element === HtmlElement.Li);
    const open = new OpenElement(element, isNested ? 1 : 2);
    open.list = element === HtmlElement.Ol ? this.numberedList(isNested) : TextList.withBullets(isNested);
    this.layout.separate(1);
    if (!this.push(open) || outer === null) return;
    // QUIRK: a list right inside a list, instead of in one of its items, is indented as if it were in one.
    this.layout.pushPrefix(outer.indentation, outer.indentation);
    open.hasPrefix = true;
  }

  private numberedList(isNested: boolean): TextList {
    if (this.itemCounts.length === 0) this.itemCounts = countItems(this.html);
    const count = this.itemCounts[this.lists - 1];
    return TextList.withNumbers(isNested, this.attribute('type'), this.attribute('start'), count);
  }

  private startItem(): void {
    this.endParagraph();
    this.endItem(HtmlElement.Li, HtmlElement.Li);
    this.layout.separate(1);
    const item = new OpenElement(HtmlElement.Li, 1);
    const list = this.innermostList();
    const marker = list.nextMarker();
    if (!this.push(item)) return;
    this.layout.pushPrefix(marker, list.indentation);
    item.hasPrefix = true;
  }

  /** The list that an item belongs to; one with bullets where it is in none. */
  private innermostList(): TextList {
    for (let i = this.open.length - 1; i >= 0 && !isTablePart(this.open[i].element); i--) {
      const list = this.open[i].list;
      if (list !== null) return list;
    }
    return TextList.withBullets(false);
  }

  // Tables: a row a line where its cells allow that, as tables are layout in mail and what is in them can be long

  private startRow(): void {
    this.endParagraph();
    const at = this.find(HtmlElement.Tr);
    if (at >= 0) this.close(at);
    const row = new OpenElement(HtmlElement.Tr, 1);
    this.layout.separate(1);
    row.length = this.layout.length;
    row.line = this.layout.lineCount + (this.layout.isInLine ? 0 : 1);
    this.push(row);
  }

  /** Goes on in the line of the cells before it, unless they have several. */
  private startCell(): void {
    let at = this.find(HtmlElement.Tr);
    if (at < 0) {
      this.startRow();
      at = this.find(HtmlElement.Tr);
    }
    if (at < 0) return;
    this.close(at + 1);
    const row = this.open[at];
    if (this.layout.length > row.length) {
      if (this.layout.lineCount === row.line) this.layout.continueLine();
      else this.layout.separate(1);
    }
    this.push(new OpenElement(HtmlElement.Td, 1));
  }
}
