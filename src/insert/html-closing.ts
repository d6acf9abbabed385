// What has to be closed before a footer in HTML, so that nothing before it hides, restyles or swallows it.
import { Trait } from '../html/element-stack.ts';
import {
  ElementNames,
  HtmlElement,
  isHeading,
  isPhrasing,
  isRawText,
  isTablePart,
} from '../html/elements.ts';
import { OpenElements } from '../html/open-elements.ts';

/** Elements that are closed; a hostile mail opens as many as it likes. */
const CLOSING_LIMIT: i32 = 256;

/** Characters of end tags that stand in one line. */
const LINE_LIMIT: i32 = 72;

/** Closing is not hostile: its effort is bounded by the limit. */
const ANYWHERE: number = 1e15;

/** The end tags, from the inside out. Each is tried on the open elements first, as browsers would take it. */
export class HtmlClosing {
  /** The end tags, in lines with LF between them; '' where nothing is to be closed. */
  text: string = '';
  /** Nothing hides the footer after them. */
  isComplete: boolean = false;
  private lineLength: i32 = 0;
  private count: i32 = 0;

  /** @param open what is open at the footer's place; it is changed */
  constructor(
    private readonly open: OpenElements,
    private readonly names: ElementNames,
  ) {}

  /** @returns itself, done */
  close(): HtmlClosing {
    let goesOn = true;
    while (goesOn && this.count < CLOSING_LIMIT) {
      const outermost = this.outermost();
      if (outermost >= 0) goesOn = this.closeOne(outermost);
      else {
        const formatting = this.open.formatting;
        const isLeft = formatting.firstToReopen() < formatting.length;
        this.isComplete = !isLeft;
        goesOn = isLeft && this.end(formatting.elementAt(formatting.length - 1));
      }
    }
    return this;
  }

  /** The outermost element that must not be around the footer, or -1. */
  private outermost(): i32 {
    const stack = this.open.stack;
    for (let i = 1; i < stack.depth; i++) if (this.isInTheWay(i)) return i;
    if ((stack.hiding & Trait.HidesText) !== 0) {
      for (let i = stack.top; i > 0; i--) if ((stack.traitsAt(i) & Trait.HidesText) !== 0) return i;
    }
    // QUIRK: text between cells is shown before the table (§13.2.6.1): a newsletter's footer would be its first line.
    const isBetween = this.open.isBetweenCells || stack.elementAt(stack.context) === HtmlElement.Colgroup;
    return isBetween ? stack.indexOf(HtmlElement.Table) : -1;
  }

  private isInTheWay(index: i32): boolean {
    const stack = this.open.stack;
    const traits = stack.traitsAt(index);
    if (stack.isForeignAt(index) || (traits & (Trait.Hides | Trait.NeverShown)) !== 0) return true;
    return isNoPlace(stack.elementAt(index));
  }

  /** Closes the innermost element; where that cannot be, another one around it, as far as `outermost`. */
  private closeOne(outermost: i32): boolean {
    for (let index = this.open.stack.top; index >= outermost; index--) {
      if (this.end(this.elementToClose(index))) return true;
    }
    return false;
  }

  /**
   * `</table>` and `</svg>` close all that is open in them. What is raw text in HTML is closed by itself: a browser that knows
   * the old `<select>`, which holds no other elements, has passed over the `<svg>` before it.
   */
  private elementToClose(index: i32): i32 {
    const stack = this.open.stack;
    const element = stack.elementAt(index);
    if (!stack.isForeignAt(index)) return isTablePart(element) ? HtmlElement.Table : element;
    let root = index;
    while (root > 1 && stack.isForeignAt(root - 1) && !isRawText(stack.elementAt(root))) root--;
    return stack.elementAt(root);
  }

  /** @returns whether the end tag ends something; else it is not written */
  private end(element: i32): boolean {
    const name = this.names.nameOf(element);
    if (name === '' || !isAsciiName(name)) return false;
    const depth = this.open.stack.depth;
    const entries = this.open.formatting.length;
    this.open.endTag(element, ANYWHERE);
    if (this.open.stack.depth >= depth && this.open.formatting.length >= entries) return false;
    this.write(`</${name}>`);
    return true;
  }

  private write(tag: string): void {
    if (this.lineLength > 0 && this.lineLength + tag.length > LINE_LIMIT) {
      this.text += '\n';
      this.open.text(false, ANYWHERE);
      this.lineLength = 0;
    }
    this.text += tag;
    this.lineLength += tag.length;
    this.count++;
  }
}

/** Elements in which a footer is not seen, or not as it is meant, even if its text is there. */
function isNoPlace(element: i32): boolean {
  if (isPhrasing(element) || isHeading(element)) return true;
  switch (element) {
    case HtmlElement.Applet:
    case HtmlElement.Button:
    case HtmlElement.Details:
    case HtmlElement.Dialog:
    case HtmlElement.Listing:
    case HtmlElement.Marquee:
    case HtmlElement.Noscript:
    case HtmlElement.Object:
    case HtmlElement.Optgroup:
    case HtmlElement.Option:
    case HtmlElement.Pre:
    case HtmlElement.Rb:
    case HtmlElement.Rt:
    case HtmlElement.Rtc:
    case HtmlElement.Ruby:
    case HtmlElement.Select:
    case HtmlElement.Summary:
    case HtmlElement.Textarea:
    case HtmlElement.Xmp:
      return true;
    default:
      return false;
  }
}

/** Others cannot be written in every charset. */
function isAsciiName(name: string): boolean {
  for (let i = 0; i < name.length; i++) if (name.charCodeAt(i) > 0x7e) return false;
  return true;
}
