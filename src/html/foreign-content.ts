// SVG and MathML in HTML (HTML standard, §13.2.6.5): what begins and ends them.
import { asciiLower } from '../mime/bytes.ts';
import { Trait } from './element-stack.ts';
import { HtmlElement, isHeading, isRawText } from './elements.ts';
import { FormattedStack } from './formatted-stack.ts';
import { HtmlTokenizer } from './tokenizer.ts';

export class ForeignContent {
  constructor(private readonly open: FormattedStack) {}

  /** Whether the text goes on in SVG or MathML. */
  get isOpen(): boolean {
    return this.open.stack.isForeignAt(this.open.stack.top);
  }

  /** Whether text is HTML's: in HTML, and in the elements of SVG and MathML in which it begins again. */
  get takesText(): boolean {
    return !this.isOpen || this.hasTrait(Trait.HtmlInside | Trait.TextInside);
  }

  /** `<svg>` or `<math>`. @param kind Trait.Svg or Trait.MathMl, @param traits as for OpenElements.startTag */
  begin(tokenizer: HtmlTokenizer, kind: i32, traits: i32): void {
    if (!tokenizer.selfClosing) this.open.stack.push(tokenizer.element, kind | traits);
  }

  /**
   * A start tag in SVG or MathML.
   * @returns false where it is one of HTML's all the same; what that ends is ended
   */
  startTag(tokenizer: HtmlTokenizer, traits: i32): boolean {
    if (this.beginsHtml(tokenizer.element)) return false;
    if (breaksOut(tokenizer)) {
      this.leave();
      return false;
    }
    const kind = this.open.stack.traitsAt(this.open.stack.top) & (Trait.Svg | Trait.MathMl);
    const inner = kind === Trait.Svg ? traitsInSvg(tokenizer.element) : traitsInMathMl(tokenizer);
    this.begin(tokenizer, kind, traits | inner);
    return true;
  }

  /** @returns whether the end tag ended something there; else it is HTML's */
  endTag(element: i32): boolean {
    if (element === HtmlElement.Br || element === HtmlElement.P) {
      this.leave();
      return false;
    }
    const index = this.open.stack.foreignIndexOf(element);
    if (index < this.open.stack.html) return false;
    this.open.popTo(index);
    return true;
  }

  private beginsHtml(element: i32): boolean {
    if (this.hasTrait(Trait.HtmlInside)) return true;
    if (this.hasTrait(Trait.TextInside)) {
      return element !== HtmlElement.Mglyph && element !== HtmlElement.Malignmark;
    }
    return this.open.topElement === HtmlElement.AnnotationXml && element === HtmlElement.Svg;
  }

  private leave(): void {
    while (!this.takesText) this.open.pop();
  }

  private hasTrait(traits: i32): boolean {
    return (this.open.stack.traitsAt(this.open.stack.top) & traits) !== 0;
  }
}

function traitsInSvg(element: i32): i32 {
  if (element === HtmlElement.ForeignObject) return Trait.HtmlInside;
  if (element === HtmlElement.Desc || element === HtmlElement.Title)
    return Trait.HtmlInside | Trait.NeverShown;
  return isRawText(element) ? Trait.NeverShown : Trait.None;
}

function traitsInMathMl(tokenizer: HtmlTokenizer): i32 {
  switch (tokenizer.element) {
    case HtmlElement.Mi:
    case HtmlElement.Mn:
    case HtmlElement.Mo:
    case HtmlElement.Ms:
    case HtmlElement.Mtext:
      return Trait.TextInside;
    case HtmlElement.AnnotationXml:
      return holdsHtml(tokenizer) ? Trait.HtmlInside : Trait.None;
    default:
      return Trait.None;
  }
}

/** Of `<annotation-xml>`. */
function holdsHtml(tokenizer: HtmlTokenizer): boolean {
  const encoding = tokenizer.attribute('encoding');
  if (encoding === null) return false;
  const type = asciiLower(encoding);
  return type === 'text/html' || type === 'application/xhtml+xml';
}

/** Start tags that end SVG and MathML. */
function breaksOut(tokenizer: HtmlTokenizer): boolean {
  const element = tokenizer.element;
  if (isHeading(element)) return true;
  switch (element) {
    case HtmlElement.Font:
      return (
        tokenizer.findAttribute('color') || tokenizer.findAttribute('face') || tokenizer.findAttribute('size')
      );
    case HtmlElement.B:
    case HtmlElement.Big:
    case HtmlElement.Blockquote:
    case HtmlElement.Body:
    case HtmlElement.Br:
    case HtmlElement.Center:
    case HtmlElement.Code:
    case HtmlElement.Dd:
    case HtmlElement.Div:
    case HtmlElement.Dl:
    case HtmlElement.Dt:
    case HtmlElement.Em:
    case HtmlElement.Embed:
    case HtmlElement.Head:
    case HtmlElement.Hr:
    case HtmlElement.I:
    case HtmlElement.Img:
    case HtmlElement.Li:
    case HtmlElement.Listing:
    case HtmlElement.Menu:
    case HtmlElement.Meta:
    case HtmlElement.Nobr:
    case HtmlElement.Ol:
    case HtmlElement.P:
    case HtmlElement.Pre:
    case HtmlElement.Ruby:
    case HtmlElement.S:
    case HtmlElement.Small:
    case HtmlElement.Span:
    case HtmlElement.Strong:
    case HtmlElement.Strike:
    case HtmlElement.Sub:
    case HtmlElement.Sup:
    case HtmlElement.Table:
    case HtmlElement.Tt:
    case HtmlElement.U:
    case HtmlElement.Ul:
    case HtmlElement.Var:
      return true;
    default:
      return false;
  }
}
