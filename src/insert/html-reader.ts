/**
 * One pass over an HTML text, for the place of a footer: before the real `</body>`, else before `</html>`, else at the end.
 * Of several the last one counts (mailers that quote a whole document leave its end tags in the middle), and only while no
 * visible content follows: browsers put that into the body all the same.
 */

import { Trait } from '../html/element-stack.ts';
import { HtmlElement, isRawText } from '../html/elements.ts';
import { OpenElements } from '../html/open-elements.ts';
import { HtmlTokenizer, HtmlTokenKind, isHtmlBlank } from '../html/tokenizer.ts';
import { Visibility } from '../html/visibility.ts';
import { asciiLower } from '../mime/bytes.ts';
import { BlankText } from './blank-text.ts';
import { InkReader } from './html-ink.ts';

/** A place before an end tag, with what is open there. */
export class HtmlPlace {
  /** In code units from the start of the text; -1: there is none. */
  offset: number = -1;
  /** Nothing but blanks and comments has come since. */
  isLast: boolean = false;
  /** Many texts have no such place: it takes its memory when it is there. */
  private saved: OpenElements | null = null;
  private hides: boolean = false;
  private isForeign: boolean = false;

  set(offset: number, open: OpenElements): void {
    this.offset = offset;
    this.isLast = true;
    if (this.saved === null) this.saved = new OpenElements();
    this.saved!.save(open);
    this.hides = open.hidesNextText;
    this.isForeign = open.isForeign;
  }

  /** What is open here; the place has been set. To be asked for once. */
  restored(): OpenElements {
    const open = this.saved!;
    open.restore();
    return open;
  }

  /** More text follows, which is none of an end. Hidden, it counts where what is open here hides it: that will be closed. */
  goOn(isHidden: boolean): void {
    if (!isHidden || this.hides) this.offset = -1;
  }

  /**
   * A tag or text follows. SVG and MathML are closed here, and what comes after that would be read as HTML instead; and after
   * a footer there are no frames any more, but the text that browsers do not show in them.
   */
  followedBy(element: i32): void {
    this.isLast = false;
    if (this.isForeign || element === HtmlElement.Frameset) this.offset = -1;
  }
}

/** Takes a text in blocks of code units, as tokenizer.ts reads them. */
export class HtmlReader {
  readonly tokenizer: HtmlTokenizer = new HtmlTokenizer();
  /** Where the last `</body>` and `</html>` are that nothing visible follows. */
  readonly bodyEnd: HtmlPlace = new HtmlPlace();
  readonly htmlEnd: HtmlPlace = new HtmlPlace();
  /** What is open where the text has ended. */
  readonly open: OpenElements = new OpenElements();
  /** Something that a reader would see, whatever styles say: text, a picture, a field. */
  hasInk: boolean = false;
  private readonly visibility: Visibility = new Visibility();
  private readonly ink: InkReader = new InkReader();

  /** @param blank reads text beyond ASCII; null where a code unit is more than a byte: it then shows something */
  constructor(private readonly blank: BlankText | null) {}

  /** @param units bytes of single-byte units are themselves; borrowed until the next call */
  push(units: Uint8Array, length: i32): void {
    this.tokenizer.feed(units, length);
    while (this.tokenizer.advance()) this.take();
  }

  /** The text ends here. */
  end(): void {
    if (this.tokenizer.finish()) this.take();
    this.endText();
    const blank = this.blank;
    if (blank === null || this.hasInk) return;
    blank.end();
    this.hasInk = !blank.isBlank;
  }

  /** Before `</body>`, before `</html>`, or null: at the end. */
  get place(): HtmlPlace | null {
    if (this.bodyEnd.offset >= 0) return this.bodyEnd;
    return this.htmlEnd.offset >= 0 ? this.htmlEnd : null;
  }

  /** The text ends in a tag: more text would go on in it. Where a body has ended before, that does not matter. */
  get isUnfinished(): boolean {
    if (this.place !== null || this.tokenizer.closer !== null) return false;
    return this.tokenizer.openRawText !== HtmlElement.Plaintext;
  }

  /** What is open at the place, once an open comment or raw text is closed; to be asked for once. */
  openAtPlace(): OpenElements {
    const place = this.place;
    if (place !== null) return place.restored();
    const raw = this.tokenizer.openRawText;
    if (raw !== HtmlElement.Unknown) this.open.endTag(raw, this.tokenizer.end);
    return this.open;
  }

  private take(): void {
    const tokenizer = this.tokenizer;
    switch (tokenizer.kind) {
      case HtmlTokenKind.Text:
        this.takeText();
        return;
      case HtmlTokenKind.StartTag:
        this.endText();
        this.takeStartTag();
        break;
      case HtmlTokenKind.EndTag:
        this.endText();
        this.takeEndTag();
        break;
      default:
        this.endText();
        return;
    }
    tokenizer.hasCdata = this.open.isForeign;
  }

  private takeText(): void {
    const tokenizer = this.tokenizer;
    const from = tokenizer.textStart;
    const to = tokenizer.textEnd;
    const isCut = !tokenizer.isTextWhole;
    const isBlank = !isCut && isWhiteSpace(tokenizer.bytes, from, to);
    this.open.text(!isBlank, tokenizer.end);
    if (!isBlank) this.followedBy(HtmlElement.Unknown);
    if (isBlank || this.open.isUnseenRawText || !this.asksForInk) return;
    if (isCut || this.ink.read(tokenizer.bytes, from, to)) this.seeText();
    else if (this.ink.sawOther) this.seeOther(from, to);
  }

  /** Text beyond ASCII may be blanks; after the end of a body it is not worth the effort to find out. */
  private seeOther(from: i32, to: i32): void {
    const blank = this.blank;
    if (!this.hasInk && !this.open.isUnseen) {
      if (blank !== null) blank.push(this.tokenizer.bytes.subarray(from, to), to - from);
      this.hasInk = blank === null || !blank.isBlank;
    }
    this.goOn(this.open.hidesText);
  }

  /** A character reference that the text broke off in is read as what it is. */
  private endText(): void {
    if (this.ink.isPending && this.ink.end()) this.seeText();
  }

  /** Once it is known that there is ink, it matters only after the end of a body. */
  private get asksForInk(): boolean {
    return !this.hasInk || this.bodyEnd.offset >= 0 || this.htmlEnd.offset >= 0;
  }

  private seeText(): void {
    if (!this.open.isUnseen) this.hasInk = true;
    this.goOn(this.open.hidesText);
  }

  /** The body goes on: its end was none. */
  private goOn(isHidden: boolean): void {
    this.bodyEnd.goOn(isHidden);
    this.htmlEnd.goOn(isHidden);
  }

  private followedBy(element: i32): void {
    this.bodyEnd.followedBy(element);
    this.htmlEnd.followedBy(element);
  }

  private takeStartTag(): void {
    const tokenizer = this.tokenizer;
    const element = tokenizer.element;
    this.followedBy(element);
    const traits = this.visibility.traitsOf(tokenizer);
    if (showsWithoutText(element) && (traits & Trait.Hides) === 0) this.seeElement(element);
    const isHtml = this.open.startTag(tokenizer, traits);
    if (!isHtml && isRawText(element)) tokenizer.readAsMarkup();
  }

  private seeElement(element: i32): void {
    if (element === HtmlElement.Input && isHiddenField(this.tokenizer)) return;
    if (element === HtmlElement.Img && this.visibility.isPixel(this.tokenizer)) return;
    // Pictures that count readers stand after the body's end, and often say no size.
    const mayCount = element === HtmlElement.Img && !this.tokenizer.findAttribute('width');
    if (!this.open.isUnseen) this.hasInk = true;
    if (!mayCount) this.goOn(this.open.hidesAll);
  }

  private takeEndTag(): void {
    const element = this.tokenizer.element;
    const start = this.tokenizer.start;
    if (element === HtmlElement.Body) this.bodyEnd.set(start, this.open);
    else if (element === HtmlElement.Html) this.takeHtmlEnd(start);
    else this.bodyEnd.isLast = false;
    this.open.endTag(element, this.tokenizer.end);
  }

  /** Directly after `</body>` the same is open: what gives up that place gives up this one. */
  private takeHtmlEnd(start: number): void {
    if (this.bodyEnd.offset >= 0 && this.bodyEnd.isLast) this.htmlEnd.offset = -1;
    else this.htmlEnd.set(start, this.open);
  }
}

function isWhiteSpace(units: Uint8Array, from: i32, to: i32): boolean {
  for (let i = from; i < to; i++) if (!isHtmlBlank(units[i])) return false;
  return true;
}

function isHiddenField(tokenizer: HtmlTokenizer): boolean {
  const type = tokenizer.attribute('type');
  return type !== null && asciiLower(type) === 'hidden';
}

/** Elements that are seen though no text is in them. */
function showsWithoutText(element: i32): boolean {
  switch (element) {
    case HtmlElement.Audio:
    case HtmlElement.Button:
    case HtmlElement.Canvas:
    case HtmlElement.Embed:
    case HtmlElement.Hr:
    case HtmlElement.Iframe:
    case HtmlElement.Image:
    case HtmlElement.Img:
    case HtmlElement.Input:
    case HtmlElement.Math:
    case HtmlElement.Meter:
    case HtmlElement.Object:
    case HtmlElement.Progress:
    case HtmlElement.Select:
    case HtmlElement.Svg:
    case HtmlElement.Textarea:
    case HtmlElement.Video:
      return true;
    default:
      return false;
  }
}
