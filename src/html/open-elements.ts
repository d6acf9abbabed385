/**
 * Which elements are open at a place of an HTML text: the rules by which browsers build their tree (HTML standard,
 * §13.2.6), as far as they decide about that. No tree is built, and scripting is off, as it is in mail.
 *
 * Time is linear in the text and memory constant, for any text. What goes beyond the limits is no longer followed:
 * `isCertain` is false then.
 */
import { asciiLower } from '../mime/bytes.ts';
import { ActiveFormatting } from './active-formatting.ts';
import { ElementStack, Trait } from './element-stack.ts';
import {
  HtmlElement,
  isBlock,
  isFormatting,
  isHeading,
  isRawText,
  isTablePart,
  isTextPart,
  isVoid,
} from './elements.ts';
import { ForeignContent } from './foreign-content.ts';
import { FormattedStack } from './formatted-stack.ts';
import { TableRules } from './table-rules.ts';
import { HtmlTokenizer } from './tokenizer.ts';

export class OpenElements {
  /** The document is made of frames: no text of it is shown. */
  isFrameset: boolean = false;
  /** What `<body>` and `<html>` have: they cannot be closed. */
  bodyTraits: i32 = Trait.None;
  private readonly open: FormattedStack;
  private readonly tables: TableRules;
  private readonly foreign: ForeignContent;
  /** How many elements are open beyond those that are told apart. */
  private beyond: i32 = 0;
  private wasBeyond: boolean = false;
  private hasForm: boolean = false;
  private bodyHasBegun: boolean = false;
  private headHasEnded: boolean = false;
  /** `<noscript>` in the head ends where anything comes that a head does not have. */
  private isHeadNoscript: boolean = false;

  constructor() {
    const open = new FormattedStack();
    this.open = open;
    this.tables = new TableRules(open);
    this.foreign = new ForeignContent(open);
  }

  get stack(): ElementStack {
    return this.open.stack;
  }

  get formatting(): ActiveFormatting {
    return this.open.formatting;
  }

  /** Whether the elements are known: not where they are nested too deeply, or are opened again too often. */
  get isCertain(): boolean {
    return !this.wasBeyond && this.open.isCertain;
  }

  /** Whether the text goes on in SVG or MathML. */
  get isForeign(): boolean {
    return this.foreign.isOpen;
  }

  /** No text that is put in now is shown. */
  get hidesText(): boolean {
    return this.open.stack.hiding !== 0 || this.isFrameset;
  }

  /** The same, or formatting that is opened again for the text that comes next hides it. */
  get hidesNextText(): boolean {
    if (this.hidesText) return true;
    const formatting = this.open.formatting;
    for (let entry = formatting.firstToReopen(); entry < formatting.length; entry++) {
      if ((formatting.traitsAt(entry) & (Trait.Hides | Trait.HidesText)) !== 0) return true;
    }
    return false;
  }

  /** Nothing that is put in now is shown. */
  get hidesAll(): boolean {
    return (this.open.stack.hiding & ~Trait.HidesText) !== 0 || this.isFrameset;
  }

  /** Nothing that is put in now is shown, whatever styles say. */
  get isUnseen(): boolean {
    return (this.open.stack.hiding & Trait.NeverShown) !== 0 || this.isFrameset;
  }

  /** In a script, a style sheet, a title. In SVG these hold markup, and can end within it. */
  get isUnseenRawText(): boolean {
    const stack = this.open.stack;
    if (!isRawText(this.open.topElement) || stack.isForeignAt(stack.top)) return false;
    return (stack.traitsAt(stack.top) & Trait.NeverShown) !== 0;
  }

  /** Text directly in a table, between its cells: browsers show it before the table. */
  get isBetweenCells(): boolean {
    return this.tables.isBetweenCells;
  }

  /** Writes down another's state. Before anything is asked of it, `restore` has to be called. */
  save(other: OpenElements): void {
    this.open.save(other.open);
    this.isFrameset = other.isFrameset;
    this.bodyTraits = other.bodyTraits;
    this.beyond = other.beyond;
    this.wasBeyond = other.wasBeyond;
    this.hasForm = other.hasForm;
    this.bodyHasBegun = other.bodyHasBegun;
    this.headHasEnded = other.headHasEnded;
    this.isHeadNoscript = other.isHeadNoscript;
  }

  restore(): void {
    this.open.stack.restore();
  }

  /** @param hasInk whether it is more than white space; @param position of its end, in units from the start of the text */
  text(hasInk: boolean, position: number): void {
    if (!this.foreign.takesText) return;
    const element = this.open.topElement;
    if (!this.foreign.isOpen && (isRawText(element) || this.isFrameset)) return;
    this.open.position = position;
    if (hasInk) {
      this.bodyHasBegun = true;
      this.endHeadNoscript();
      this.tables.endColumns();
    } else if (isTablePart(element) && !isTextPart(element)) return;
    this.open.reopen();
  }

  // Start tags

  /**
   * @param tokenizer at the tag
   * @param traits Trait.Hides, HidesText and ShowsText, as its attributes have it
   * @returns false where the tag is none of HTML's, or is passed over: what follows is no raw text
   */
  startTag(tokenizer: HtmlTokenizer, traits: i32): boolean {
    const element = tokenizer.element;
    this.open.position = tokenizer.end;
    if (this.isFrameset) {
      if (element === HtmlElement.Noframes) this.open.push(element, traits);
      return element === HtmlElement.Noframes;
    }
    if (this.open.isFull) {
      this.goBeyond(element);
      return true;
    }
    if (this.foreign.isOpen && this.foreign.startTag(tokenizer, traits)) return false;
    if (this.isHeadNoscript && !staysInHeadNoscript(element)) this.endHeadNoscript();
    if (element === HtmlElement.Col || isTablePart(element)) {
      if (element === HtmlElement.Table) this.bodyHasBegun = true;
      this.tables.startTag(element, traits);
    } else this.startInBody(tokenizer, traits);
    return true;
  }

  private endHeadNoscript(): void {
    if (this.isHeadNoscript) this.endOpen(HtmlElement.Noscript);
    this.isHeadNoscript = false;
  }

  private goBeyond(element: i32): void {
    if (isVoid(element)) return;
    this.beyond++;
    this.wasBeyond = true;
  }

  /** "In body" (§13.2.6.4.7), which is also what the other modes come to for these tags. */
  private startInBody(tokenizer: HtmlTokenizer, traits: i32): void {
    const element = tokenizer.element;
    if (element !== HtmlElement.Template) this.tables.endColumns();
    if (isFormatting(element)) this.startFormatting(element, traits, tokenizer.attributesHash);
    else if (isVoid(element)) this.startVoid(tokenizer);
    else if (isBlock(element) || isHeading(element) || element === HtmlElement.P)
      this.startBlock(element, traits);
    else if (!this.startInHead(element, traits)) this.startOther(tokenizer, traits);
  }

  /** Tags with the same rules in the head and in the body, and those of the document. */
  private startInHead(element: i32, traits: i32): boolean {
    switch (element) {
      case HtmlElement.Html:
      case HtmlElement.Body:
        this.bodyTraits |= traits;
        if (element === HtmlElement.Body) this.bodyHasBegun = true;
        return true;
      case HtmlElement.Head:
        return true;
      case HtmlElement.Frameset:
        this.isFrameset = !this.bodyHasBegun;
        return true;
      case HtmlElement.Title:
      case HtmlElement.Style:
      case HtmlElement.Script:
      case HtmlElement.Noframes:
        this.open.push(element, traits);
        return true;
      case HtmlElement.Template:
        this.open.push(element, traits);
        this.open.formatting.addMarker();
        return true;
      case HtmlElement.Noscript:
        if (this.isHeadNoscript) return true;
        if (this.bodyHasBegun || this.headHasEnded) return false;
        this.isHeadNoscript = true;
        this.open.push(element, traits);
        return true;
      default:
        return false;
    }
  }

  private startFormatting(element: i32, traits: i32, hash: i32): void {
    this.bodyHasBegun = true;
    if (element === HtmlElement.A) this.open.endOpenLink();
    this.open.reopen();
    if (element === HtmlElement.Nobr && this.open.stack.isInScope(element)) {
      this.open.adopt(element);
      this.open.reopen();
    }
    this.open.push(element, traits);
    this.open.formatting.add(element, traits, hash, this.open.stack.serialAt(this.open.stack.top));
  }

  private startVoid(tokenizer: HtmlTokenizer): void {
    switch (tokenizer.element) {
      case HtmlElement.Base:
      case HtmlElement.Basefont:
      case HtmlElement.Bgsound:
      case HtmlElement.Link:
      case HtmlElement.Meta:
      case HtmlElement.Frame:
        return;
      case HtmlElement.Param:
      case HtmlElement.Source:
      case HtmlElement.Track:
        break;
      case HtmlElement.Hr:
        this.open.endParagraph();
        break;
      case HtmlElement.Input:
        if (this.isBetweenCells && isHiddenInput(tokenizer)) break;
        if (this.open.stack.isInScope(HtmlElement.Select)) this.endOpen(HtmlElement.Select);
        this.open.reopen();
        break;
      default:
        this.open.reopen();
    }
    this.bodyHasBegun = true;
  }

  private startBlock(element: i32, traits: i32): void {
    this.bodyHasBegun = true;
    if (element === HtmlElement.Form && !this.isInTemplate) {
      const isOpened = !this.hasForm && !this.isBetweenCells;
      this.hasForm = true;
      if (!isOpened) return;
    }
    this.open.endParagraph();
    if (isHeading(element) && isHeading(this.open.topElement)) this.open.pop();
    this.open.push(element, traits);
  }

  private startOther(tokenizer: HtmlTokenizer, traits: i32): void {
    this.bodyHasBegun = true;
    const element = tokenizer.element;
    const open = this.open;
    switch (element) {
      case HtmlElement.Li:
      case HtmlElement.Dd:
      case HtmlElement.Dt:
        this.endItemBefore(element);
        open.endParagraph();
        break;
      case HtmlElement.Plaintext:
        open.endParagraph();
        break;
      case HtmlElement.Xmp:
        open.endParagraph();
        open.reopen();
        break;
      case HtmlElement.Textarea:
      case HtmlElement.Iframe:
      case HtmlElement.Noembed:
        break;
      case HtmlElement.Button:
        if (open.stack.isInScope(element)) this.endOpen(element);
        open.reopen();
        break;
      case HtmlElement.Select:
        if (open.stack.isInScope(element)) {
          this.endOpen(element);
          return;
        }
        open.reopen();
        break;
      case HtmlElement.Option:
      case HtmlElement.Optgroup:
        this.endOptionBefore(element);
        open.reopen();
        break;
      case HtmlElement.Rb:
      case HtmlElement.Rtc:
        if (open.stack.isInScope(HtmlElement.Ruby)) open.endImplied(HtmlElement.Unknown);
        break;
      case HtmlElement.Rp:
      case HtmlElement.Rt:
        if (open.stack.isInScope(HtmlElement.Ruby)) open.endImplied(HtmlElement.Rtc);
        break;
      case HtmlElement.Svg:
        open.reopen();
        this.foreign.begin(tokenizer, Trait.Svg, traits);
        return;
      case HtmlElement.Math:
        open.reopen();
        this.foreign.begin(tokenizer, Trait.MathMl, traits);
        return;
      default:
        open.reopen();
    }
    open.push(element, traits);
    if (hasMarker(element)) open.formatting.addMarker();
  }

  private endItemBefore(element: i32): void {
    const limit = this.open.stack.itemLimit;
    const found = this.open.stack.elementAt(limit);
    if (this.open.stack.isForeignAt(limit)) return;
    const isItem =
      element === HtmlElement.Li ? found === element : found === HtmlElement.Dd || found === HtmlElement.Dt;
    if (isItem) this.open.popTo(limit);
  }

  /** An option does not end the group that it is in. */
  private endOptionBefore(element: i32): void {
    if (this.open.stack.isInScope(HtmlElement.Select)) {
      this.open.endImplied(element === HtmlElement.Option ? HtmlElement.Optgroup : HtmlElement.Unknown);
    } else if (this.open.topElement === HtmlElement.Option) this.open.pop();
  }

  // End tags

  /** @param position of its end, in units from the start of the text */
  endTag(element: i32, position: number): void {
    if (endsHead(element)) this.headHasEnded = true;
    // They change what may follow, and end nothing.
    if (element === HtmlElement.Body || element === HtmlElement.Html) return;
    if (element === HtmlElement.Noscript) this.isHeadNoscript = false;
    if (this.beyond > 0) {
      this.beyond--;
      return;
    }
    this.open.position = position;
    if (this.foreign.isOpen && this.foreign.endTag(element)) return;
    if (!this.tables.endTag(element)) this.endInBody(element);
  }

  private endInBody(element: i32): void {
    const open = this.open;
    if (isFormatting(element)) {
      open.adopt(element);
      return;
    }
    if (isHeading(element)) {
      this.endHeading();
      return;
    }
    switch (element) {
      case HtmlElement.Br:
        open.reopen();
        return;
      case HtmlElement.P:
        open.endParagraph();
        return;
      case HtmlElement.Form:
        this.endForm();
        return;
      case HtmlElement.Li:
        if (open.stack.isInListItemScope(element)) this.endOpen(element);
        return;
      case HtmlElement.Template:
        if (this.isInTemplate) open.popToMarker(open.stack.indexOf(element));
        return;
      default:
        if (!isBlock(element) && !endsInScope(element)) open.endOther(element);
        else if (open.stack.isInScope(element)) {
          this.endOpen(element);
          if (hasMarker(element)) open.formatting.clearToMarker();
        }
    }
  }

  /** The end tag of any heading ends any other one. */
  private endHeading(): void {
    let highest = -1;
    for (let heading: i32 = HtmlElement.H1; heading <= HtmlElement.H6; heading++) {
      highest = max(highest, this.open.stack.indexOf(heading));
    }
    if (highest >= this.open.stack.boundary) this.open.popTo(highest);
  }

  /** A form ends without ending what is open in it. */
  private endForm(): void {
    const isInScope = this.open.stack.isInScope(HtmlElement.Form);
    if (this.isInTemplate) {
      if (isInScope) this.endOpen(HtmlElement.Form);
      return;
    }
    const hadForm = this.hasForm;
    this.hasForm = false;
    if (!hadForm || !isInScope) return;
    this.open.endImplied(HtmlElement.Unknown);
    this.open.remove(this.open.stack.indexOf(HtmlElement.Form));
  }

  /** Ends the topmost element of a name, and all that is open in it. */
  private endOpen(element: i32): void {
    this.open.popTo(this.open.stack.indexOf(element));
  }

  private get isInTemplate(): boolean {
    return this.open.stack.indexOf(HtmlElement.Template) >= 0;
  }
}

/** End tags after which a head does not go on. */
function endsHead(element: i32): boolean {
  switch (element) {
    case HtmlElement.Body:
    case HtmlElement.Br:
    case HtmlElement.Head:
    case HtmlElement.Html:
      return true;
    default:
      return false;
  }
}

/** Formatting does not reach into these. Cells and captions have their markers where they are opened. */
function hasMarker(element: i32): boolean {
  return element === HtmlElement.Applet || element === HtmlElement.Marquee || element === HtmlElement.Object;
}

/** Elements besides the blocks whose end tag ends all that is open in them. */
function endsInScope(element: i32): boolean {
  if (hasMarker(element)) return true;
  switch (element) {
    case HtmlElement.Button:
    case HtmlElement.Dd:
    case HtmlElement.Dt:
    case HtmlElement.Select:
      return true;
    default:
      return false;
  }
}

function staysInHeadNoscript(element: i32): boolean {
  switch (element) {
    case HtmlElement.Basefont:
    case HtmlElement.Bgsound:
    case HtmlElement.Head:
    case HtmlElement.Html:
    case HtmlElement.Link:
    case HtmlElement.Meta:
    case HtmlElement.Noframes:
    case HtmlElement.Noscript:
    case HtmlElement.Style:
      return true;
    default:
      return false;
  }
}

function isHiddenInput(tokenizer: HtmlTokenizer): boolean {
  const type = tokenizer.attribute('type');
  return type !== null && asciiLower(type) === 'hidden';
}
