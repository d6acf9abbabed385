/**
 * Which elements are open at a place of an HTML text: the rules by which browsers build their tree (HTML standard,
 * §13.2.6), as far as they decide about that. No tree is built, and scripting is off, as it is in mail.
 *
 * Time is linear in the text and memory constant, for any text. What goes beyond the limits is no longer followed:
 * `isCertain` is false then.
 */
import { asciiLower } from '../mime/bytes.ts';
import { ActiveFormatting } from './active-formatting.ts';
import { DEPTH_LIMIT, ElementStack, Trait } from './element-stack.ts';
import {
  HtmlElement,
  hasImpliedEnd,
  isBlock,
  isCell,
  isFormatting,
  isHeading,
  isRawText,
  isRowGroup,
  isTablePart,
  isVoid,
} from './elements.ts';
import { HtmlTokenizer } from './tokenizer.ts';

/** Some tags open four elements at once: `<td>` in a table brings its row and group. */
const ROOM: i32 = 4;

/** Steps of the loops in which elements are opened again and moved: that many, and one for some units of the text. */
const EFFORT: i32 = 8192;
const UNITS_A_STEP: i32 = 4;

/** Rounds of "the adoption agency algorithm". */
const ADOPTIONS: i32 = 8;

export class OpenElements {
  readonly stack: ElementStack = new ElementStack();
  readonly formatting: ActiveFormatting = new ActiveFormatting();
  /** The document is made of frames: no text of it is shown. */
  isFrameset: boolean = false;
  /** What `<body>` and `<html>` have: they cannot be closed. */
  bodyTraits: i32 = Trait.None;
  /** How many elements are open beyond those that are told apart. */
  private beyond: i32 = 0;
  private wasBeyond: boolean = false;
  private hasForm: boolean = false;
  private bodyHasBegun: boolean = false;
  private effort: i32 = 0;
  private isTooMuch: boolean = false;

  /** Whether the elements are known: not where they are nested too deeply, or are opened again too often. */
  get isCertain(): boolean {
    return !this.wasBeyond && !this.isTooMuch && !this.formatting.isIncomplete;
  }

  /** Whether the text goes on in SVG or MathML. */
  get isForeign(): boolean {
    return this.stack.isForeignAt(this.stack.top);
  }

  /** No text that is put in now is shown. */
  get hidesText(): boolean {
    return this.stack.hiding !== 0 || this.isFrameset;
  }

  /** Nothing that is put in now is shown. */
  get hidesAll(): boolean {
    return (this.stack.hiding & ~Trait.HidesText) !== 0 || this.isFrameset;
  }

  /** Nothing that is put in now is shown, whatever styles say. */
  get isUnseen(): boolean {
    return (this.stack.hiding & Trait.NeverShown) !== 0 || this.isFrameset;
  }

  /** In a script, a style sheet, a title. */
  get isUnseenRawText(): boolean {
    const top = this.stack.top;
    const isUnseen = (this.stack.traitsAt(top) & Trait.NeverShown) !== 0;
    return isUnseen && isRawText(this.stack.elementAt(top));
  }

  /** Text directly in a table, between its cells: browsers show it before the table. */
  get isBetweenCells(): boolean {
    const element = this.stack.elementAt(this.stack.context);
    return element === HtmlElement.Table || element === HtmlElement.Tr || isRowGroup(element);
  }

  save(other: OpenElements): void {
    this.stack.save(other.stack);
    this.formatting.save(other.formatting, other.stack);
    this.isFrameset = other.isFrameset;
    this.bodyTraits = other.bodyTraits;
    this.beyond = other.beyond;
    this.wasBeyond = other.wasBeyond;
    this.hasForm = other.hasForm;
    this.bodyHasBegun = other.bodyHasBegun;
    this.effort = other.effort;
    this.isTooMuch = other.isTooMuch;
  }

  /** After `save`, before anything else. */
  restore(): void {
    this.stack.restore();
  }

  /** @param hasInk whether it is more than white space */
  text(hasInk: boolean, position: number): void {
    const top = this.stack.top;
    const element = this.stack.elementAt(top);
    if (this.stack.isForeignAt(top)) {
      if ((this.stack.traitsAt(top) & (Trait.HtmlInside | Trait.TextInside)) === 0) return;
    } else if (isRawText(element) || this.isFrameset) return;
    if (hasInk) this.bodyHasBegun = true;
    if (element === HtmlElement.Colgroup && hasInk) this.pop();
    if (!hasInk && isTablePart(element) && !isCell(element) && element !== HtmlElement.Caption) return;
    this.reopen(position);
  }

  // Start tags

  /**
   * @param tokenizer at the tag
   * @param traits Trait.Hides, HidesText and ShowsText, as its attributes have it
   * @returns false where the tag is none of HTML's, or is passed over: what follows is no raw text
   */
  startTag(tokenizer: HtmlTokenizer, traits: i32): boolean {
    const element = tokenizer.element;
    if (this.isFrameset) return element === HtmlElement.Noframes && this.pushRawText(element, traits);
    if (this.stack.depth > DEPTH_LIMIT - ROOM) return this.goBeyond(element);
    if (this.isForeign && !this.beginsHtml(element)) {
      if (!breaksOut(tokenizer)) {
        this.pushForeign(tokenizer, this.stack.traitsAt(this.stack.top), traits);
        return false;
      }
      this.leaveForeign();
    }
    return this.htmlStartTag(tokenizer, element, traits);
  }

  private goBeyond(element: i32): boolean {
    if (isVoid(element)) return true;
    this.beyond++;
    this.wasBeyond = true;
    return true;
  }

  private pushRawText(element: i32, traits: i32): boolean {
    this.push(element, traits);
    return true;
  }

  private htmlStartTag(tokenizer: HtmlTokenizer, element: i32, traits: i32): boolean {
    if (element === HtmlElement.Col || isTablePart(element)) {
      this.tablePart(element, traits);
      return true;
    }
    const context = this.stack.elementAt(this.stack.context);
    if (context === HtmlElement.Colgroup && element !== HtmlElement.Template) this.popTo(this.stack.context);
    if (this.isBetweenCells) {
      if (element === HtmlElement.Input && isHiddenInput(tokenizer)) return true;
      if (element === HtmlElement.Form) {
        this.hasForm = true;
        return true;
      }
    }
    return this.bodyStartTag(tokenizer, element, traits);
  }

  /** "In body" (§13.2.6.4.7), which is also what the other modes come to for these tags. */
  private bodyStartTag(tokenizer: HtmlTokenizer, element: i32, traits: i32): boolean {
    const position = tokenizer.end;
    if (isFormatting(element)) {
      this.startFormatting(element, traits, tokenizer.attributesHash, position);
      return true;
    }
    if (isVoid(element)) {
      this.startVoid(element, position);
      return true;
    }
    if (isBlock(element) || isHeading(element) || element === HtmlElement.P) {
      this.startBlock(element, traits);
      return true;
    }
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
        return this.pushRawText(element, traits);
      case HtmlElement.Template:
        this.push(element, traits);
        this.formatting.addMarker();
        return true;
      default:
        this.bodyHasBegun = true;
        this.startOther(tokenizer, element, traits);
        return true;
    }
  }

  private startFormatting(element: i32, traits: i32, hash: i32, position: number): void {
    this.bodyHasBegun = true;
    if (element === HtmlElement.A) this.endOpenLink(position);
    this.reopen(position);
    if (element === HtmlElement.Nobr && this.stack.isInScope(element)) {
      this.adopt(element, position);
      this.reopen(position);
    }
    this.push(element, traits);
    this.formatting.add(element, traits, hash, this.stack.serialAt(this.stack.top));
  }

  /** A link cannot be inside another. */
  private endOpenLink(position: number): void {
    const entry = this.formatting.lastOf(HtmlElement.A);
    if (entry < 0) return;
    const serial = this.formatting.serialAt(entry);
    this.adopt(HtmlElement.A, position);
    const left = serial === 0 ? -1 : this.formatting.entryOf(serial);
    if (left >= 0) this.formatting.remove(left);
    const index = serial === 0 ? -1 : this.stack.indexOfSerial(HtmlElement.A, serial);
    if (index > 0) this.stack.remove(index);
  }

  private startVoid(element: i32, position: number): void {
    switch (element) {
      case HtmlElement.Base:
      case HtmlElement.Basefont:
      case HtmlElement.Bgsound:
      case HtmlElement.Link:
      case HtmlElement.Meta:
      case HtmlElement.Frame:
        return;
      case HtmlElement.Hr:
        this.endParagraph();
        break;
      case HtmlElement.Input:
        if (this.stack.isInScope(HtmlElement.Select)) this.popTo(this.stack.indexOf(HtmlElement.Select));
        this.reopen(position);
        break;
      case HtmlElement.Param:
      case HtmlElement.Source:
      case HtmlElement.Track:
        break;
      default:
        this.reopen(position);
    }
    this.bodyHasBegun = true;
  }

  private startBlock(element: i32, traits: i32): void {
    this.bodyHasBegun = true;
    if (element === HtmlElement.Form && !this.isInTemplate) {
      if (this.hasForm) return;
      this.hasForm = true;
    }
    this.endParagraph();
    if (isHeading(element) && isHeading(this.topElement)) this.pop();
    this.push(element, traits);
  }

  private startOther(tokenizer: HtmlTokenizer, element: i32, traits: i32): void {
    const position = tokenizer.end;
    switch (element) {
      case HtmlElement.Li:
      case HtmlElement.Dd:
      case HtmlElement.Dt:
        this.endItemBefore(element);
        this.endParagraph();
        break;
      case HtmlElement.Plaintext:
        this.endParagraph();
        break;
      case HtmlElement.Xmp:
        this.endParagraph();
        this.reopen(position);
        break;
      case HtmlElement.Textarea:
      case HtmlElement.Iframe:
      case HtmlElement.Noembed:
        break;
      case HtmlElement.Button:
        if (this.stack.isInScope(element)) this.popTo(this.stack.indexOf(element));
        this.reopen(position);
        break;
      case HtmlElement.Select:
        if (this.stack.isInScope(element)) {
          this.popTo(this.stack.indexOf(element));
          return;
        }
        this.reopen(position);
        break;
      case HtmlElement.Option:
      case HtmlElement.Optgroup:
        if (this.stack.isInScope(HtmlElement.Select)) this.endImplied(element);
        else if (this.topElement === HtmlElement.Option) this.pop();
        this.reopen(position);
        break;
      case HtmlElement.Rb:
      case HtmlElement.Rtc:
        if (this.stack.isInScope(HtmlElement.Ruby)) this.endImplied(HtmlElement.Unknown);
        break;
      case HtmlElement.Rp:
      case HtmlElement.Rt:
        if (this.stack.isInScope(HtmlElement.Ruby)) this.endImplied(HtmlElement.Rtc);
        break;
      case HtmlElement.Svg:
        this.reopen(position);
        this.pushForeign(tokenizer, Trait.Svg, traits);
        return;
      case HtmlElement.Math:
        this.reopen(position);
        this.pushForeign(tokenizer, Trait.MathMl, traits);
        return;
      default:
        this.reopen(position);
    }
    this.push(element, traits);
    if (hasMarker(element)) this.formatting.addMarker();
  }

  private endItemBefore(element: i32): void {
    const limit = this.stack.itemLimit;
    const found = this.stack.elementAt(limit);
    const isItem =
      element === HtmlElement.Li ? found === element : found === HtmlElement.Dd || found === HtmlElement.Dt;
    if (isItem && !this.stack.isForeignAt(limit)) this.popTo(limit);
  }

  /** "Generate implied end tags"; an optgroup is not ended by an option. */
  private endImplied(exception: i32): void {
    const kept = exception === HtmlElement.Option ? HtmlElement.Optgroup : exception;
    const spared = exception === HtmlElement.Optgroup ? HtmlElement.Unknown : kept;
    while (!this.isForeign && hasImpliedEnd(this.topElement) && this.topElement !== spared) this.pop();
  }

  private endParagraph(): void {
    if (this.stack.isInButtonScope(HtmlElement.P)) this.popTo(this.stack.indexOf(HtmlElement.P));
  }

  // Parts of tables: each round ends what the part cannot be in, or opens what it must be in

  private tablePart(element: i32, traits: i32): void {
    for (let isPlaced = false; !isPlaced; ) {
      const context = this.stack.context;
      const found = this.stack.elementAt(context);
      if (isCell(found) || found === HtmlElement.Caption)
        isPlaced = this.partInText(element, traits, context);
      else if (found === HtmlElement.Table) isPlaced = this.partInTable(element, traits, context);
      else if (isRowGroup(found)) isPlaced = this.partInGroup(element, traits, context);
      else if (found === HtmlElement.Tr) isPlaced = this.partInRow(element, traits, context);
      else if (found === HtmlElement.Colgroup) {
        isPlaced = element === HtmlElement.Col;
        if (!isPlaced) this.popTo(context);
      } else {
        if (element === HtmlElement.Table) this.startTable(traits);
        isPlaced = true;
      }
    }
  }

  private startTable(traits: i32): void {
    this.bodyHasBegun = true;
    this.endParagraph();
    this.push(HtmlElement.Table, traits);
  }

  private partInText(element: i32, traits: i32, context: i32): boolean {
    if (element === HtmlElement.Table) {
      this.startTable(traits);
      return true;
    }
    this.popTo(context);
    this.formatting.clearToMarker();
    return false;
  }

  private partInTable(element: i32, traits: i32, context: i32): boolean {
    if (element === HtmlElement.Table) {
      this.popTo(context);
      return false;
    }
    this.popTo(context + 1);
    if (element === HtmlElement.Col) {
      this.push(HtmlElement.Colgroup, Trait.None);
      return true;
    }
    if (isCell(element) || element === HtmlElement.Tr) {
      this.push(HtmlElement.Tbody, Trait.None);
      return false;
    }
    this.push(element, traits);
    if (element === HtmlElement.Caption) this.formatting.addMarker();
    return true;
  }

  private partInGroup(element: i32, traits: i32, context: i32): boolean {
    if (isCell(element) || element === HtmlElement.Tr) {
      this.popTo(context + 1);
      this.push(HtmlElement.Tr, element === HtmlElement.Tr ? traits : Trait.None);
      return element === HtmlElement.Tr;
    }
    this.popTo(element === HtmlElement.Table ? this.stack.indexOf(HtmlElement.Table) : context);
    return false;
  }

  private partInRow(element: i32, traits: i32, context: i32): boolean {
    if (isCell(element)) {
      this.popTo(context + 1);
      this.push(element, traits);
      this.formatting.addMarker();
      return true;
    }
    this.popTo(element === HtmlElement.Table ? this.stack.indexOf(HtmlElement.Table) : context);
    return false;
  }

  // End tags

  endTag(element: i32, position: number): void {
    // They change what may follow, and end nothing.
    if (element === HtmlElement.Body || element === HtmlElement.Html) return;
    if (this.beyond > 0) {
      this.beyond--;
      return;
    }
    if (this.isForeign && this.endForeign(element)) return;
    const context = this.stack.context;
    const found = this.stack.elementAt(context);
    if (isCell(found)) this.endTagInCell(element, context, position);
    else if (found === HtmlElement.Caption) this.endTagInCaption(element, context, position);
    else if (found === HtmlElement.Colgroup) this.endTagInColumns(element, context, position);
    else if (found === HtmlElement.Html || found === HtmlElement.Template) this.bodyEndTag(element, position);
    else this.endTagInTable(element, context, position);
  }

  private endTagInCell(element: i32, context: i32, position: number): void {
    if (isCell(element)) {
      if (this.stack.elementAt(context) === element) this.endCell(context);
    } else if (!isTablePart(element)) {
      this.bodyEndTag(element, position);
    } else if (
      element !== HtmlElement.Caption &&
      element !== HtmlElement.Colgroup &&
      this.stack.isInTableScope(element)
    ) {
      this.endCell(context);
      this.endTag(element, position);
    }
  }

  private endTagInCaption(element: i32, context: i32, position: number): void {
    if (element === HtmlElement.Caption || element === HtmlElement.Table) {
      this.endCell(context);
      if (element === HtmlElement.Table) this.endTag(element, position);
    } else if (!isTablePart(element)) this.bodyEndTag(element, position);
  }

  private endTagInColumns(element: i32, context: i32, position: number): void {
    if (element === HtmlElement.Template) this.bodyEndTag(element, position);
    else if (element !== HtmlElement.Col) {
      this.popTo(context);
      if (element !== HtmlElement.Colgroup) this.endTag(element, position);
    }
  }

  private endTagInTable(element: i32, context: i32, position: number): void {
    if (element === HtmlElement.Table) {
      if (this.stack.isInTableScope(element)) this.popTo(this.stack.indexOf(element));
    } else if (isRowGroup(element)) {
      if (this.stack.isInTableScope(element)) this.popTo(this.stack.indexOf(element));
    } else if (element === HtmlElement.Tr) {
      if (this.stack.elementAt(context) === element) this.popTo(context);
    } else if (!isTablePart(element)) this.bodyEndTag(element, position);
  }

  /** A cell or a caption. */
  private endCell(index: i32): void {
    this.popTo(index);
    this.formatting.clearToMarker();
  }

  private bodyEndTag(element: i32, position: number): void {
    if (isFormatting(element)) {
      this.adopt(element, position);
      return;
    }
    if (isHeading(element)) {
      this.endHeading();
      return;
    }
    switch (element) {
      case HtmlElement.Br:
        this.reopen(position);
        return;
      case HtmlElement.P:
        this.endParagraph();
        return;
      case HtmlElement.Form:
        this.endForm();
        return;
      case HtmlElement.Li:
        if (this.stack.isInListItemScope(element)) this.popTo(this.stack.indexOf(element));
        return;
      case HtmlElement.Template:
        if (this.stack.indexOf(element) < 0) return;
        this.popTo(this.stack.indexOf(element));
        this.formatting.clearToMarker();
        return;
      default:
        if (isBlock(element) || endsInScope(element)) this.endInScope(element);
        else this.endOther(element);
    }
  }

  private endInScope(element: i32): void {
    if (!this.stack.isInScope(element)) return;
    this.popTo(this.stack.indexOf(element));
    if (hasMarker(element)) this.formatting.clearToMarker();
  }

  private endHeading(): void {
    let highest = -1;
    for (let heading: i32 = HtmlElement.H1; heading <= HtmlElement.H6; heading++) {
      highest = max(highest, this.stack.indexOf(heading));
    }
    if (highest >= this.stack.boundary) this.popTo(highest);
  }

  /** A form ends without ending what is open in it. */
  private endForm(): void {
    const index = this.stack.indexOf(HtmlElement.Form);
    if (this.isInTemplate) {
      this.endInScope(HtmlElement.Form);
      return;
    }
    const hadForm = this.hasForm;
    this.hasForm = false;
    if (!hadForm || !this.stack.isInScope(HtmlElement.Form)) return;
    this.endImplied(HtmlElement.Unknown);
    this.work(this.stack.depth - index);
    this.stack.remove(index);
  }

  private endOther(element: i32): void {
    const index = this.stack.indexOf(element);
    if (index > 0 && index >= this.stack.special) this.popTo(index);
  }

  // Formatting

  /** "Reconstruct the active formatting elements." */
  private reopen(position: number): void {
    const formatting = this.formatting;
    for (let entry = formatting.firstToReopen(); entry < formatting.length; entry++) {
      if (!this.mayWork(position) || this.stack.depth > DEPTH_LIMIT - ROOM) {
        this.isTooMuch = true;
        formatting.clear();
        return;
      }
      this.work(1);
      this.push(formatting.elementAt(entry), formatting.traitsAt(entry));
      formatting.setSerial(entry, this.stack.serialAt(this.stack.top));
    }
  }

  /** "The adoption agency algorithm" for an end tag: formatting that ends within a block that began in it. */
  private adopt(element: i32, position: number): void {
    const isOnTop = !this.isForeign && this.topElement === element;
    if (isOnTop && this.formatting.entryOf(this.stack.serialAt(this.stack.top)) < 0) {
      this.pop();
      return;
    }
    for (let round = 0; round < ADOPTIONS; round++) {
      const entry = this.formatting.lastOf(element);
      if (entry < 0) {
        this.endOther(element);
        return;
      }
      if (this.formatting.serialAt(entry) === 0) {
        this.formatting.remove(entry);
        return;
      }
      const index = this.stack.indexOfSerial(element, this.formatting.serialAt(entry));
      if (index < this.stack.boundary) return;
      const block = this.blockAbove(index);
      if (block < 0) {
        this.popTo(index);
        this.formatting.remove(entry);
        return;
      }
      if (!this.mayWork(position)) {
        this.isTooMuch = true;
        this.stack.remove(index);
        this.formatting.remove(entry);
        return;
      }
      this.work(this.stack.depth - index);
      this.reparent(index, entry, block);
    }
  }

  /** "The furthest block": the special element next above another; -1 where there is none. */
  private blockAbove(index: i32): i32 {
    if (this.stack.special <= index) return -1;
    for (let i = index + 1; i < this.stack.top; i++) if (this.stack.isSpecialAt(i)) return i;
    return this.stack.top;
  }

  /** The element ends before the block and begins again in it; what is between goes with it, or ends. */
  private reparent(index: i32, entry: i32, block: i32): void {
    const serial = this.formatting.serialAt(entry);
    let last = block;
    let bookmark = -1;
    let count = 0;
    for (let node = block - 1; node > index; node--) {
      count++;
      const between = this.stack.serialAt(node);
      const found = this.formatting.entryOf(between);
      if (found >= 0 && count > 3) this.formatting.remove(found);
      if (found < 0 || count > 3) {
        this.stack.remove(node);
        last--;
      } else if (bookmark < 0) bookmark = between;
    }
    this.stack.move(index, last);
    if (bookmark < 0) return;
    const from = this.formatting.entryOf(serial);
    const to = this.formatting.entryOf(bookmark);
    this.formatting.move(from, from < to ? to : to + 1);
  }

  private mayWork(position: number): boolean {
    return this.effort <= EFFORT + position / UNITS_A_STEP;
  }

  private work(steps: i32): void {
    this.effort += steps;
  }

  // SVG and MathML

  private pushForeign(tokenizer: HtmlTokenizer, outer: i32, traits: i32): void {
    if (tokenizer.selfClosing) return;
    const element = tokenizer.element;
    const kind = outer & (Trait.Svg | Trait.MathMl);
    let inner = traits;
    if (kind === Trait.Svg) {
      const isOutside =
        element === HtmlElement.ForeignObject ||
        element === HtmlElement.Desc ||
        element === HtmlElement.Title;
      if (isOutside) inner |= Trait.HtmlInside;
      if (isOutside ? element !== HtmlElement.ForeignObject : isRawText(element)) inner |= Trait.NeverShown;
    } else if (element >= HtmlElement.Mi && element <= HtmlElement.Mtext) inner |= Trait.TextInside;
    else if (element === HtmlElement.AnnotationXml && holdsHtml(tokenizer)) inner |= Trait.HtmlInside;
    this.stack.push(element, kind | inner);
  }

  /** Whether a start tag in an element of SVG or MathML is one of HTML all the same. */
  private beginsHtml(element: i32): boolean {
    const traits = this.stack.traitsAt(this.stack.top);
    if ((traits & Trait.HtmlInside) !== 0) return true;
    if ((traits & Trait.TextInside) !== 0) {
      return element !== HtmlElement.Mglyph && element !== HtmlElement.Malignmark;
    }
    return this.topElement === HtmlElement.AnnotationXml && element === HtmlElement.Svg;
  }

  private leaveForeign(): void {
    while (
      this.isForeign &&
      (this.stack.traitsAt(this.stack.top) & (Trait.HtmlInside | Trait.TextInside)) === 0
    ) {
      this.stack.pop();
    }
  }

  /** @returns whether the end tag ended something there; else it is HTML's */
  private endForeign(element: i32): boolean {
    if (element === HtmlElement.Br || element === HtmlElement.P) {
      this.leaveForeign();
      return false;
    }
    const index = this.stack.foreignIndexOf(element);
    if (index < this.stack.html) return false;
    this.popTo(index);
    return true;
  }

  // The stack

  private get topElement(): i32 {
    return this.stack.elementAt(this.stack.top);
  }

  private get isInTemplate(): boolean {
    return this.stack.indexOf(HtmlElement.Template) >= 0;
  }

  private push(element: i32, traits: i32): void {
    this.stack.push(element, traits | traitsOf(element, traits));
  }

  private pop(): void {
    const top = this.stack.top;
    if (isFormatting(this.stack.elementAt(top)) && !this.stack.isForeignAt(top)) {
      const entry = this.formatting.entryOf(this.stack.serialAt(top));
      if (entry >= 0) this.formatting.setSerial(entry, 0);
    }
    this.stack.pop();
  }

  /** Ends all from `index` on; `<html>` stays. */
  private popTo(index: i32): void {
    while (this.stack.depth > max(index, 1)) this.pop();
  }
}

/** What an element shows of its content by its name alone. */
function traitsOf(element: i32, traits: i32): i32 {
  switch (element) {
    case HtmlElement.Template:
    case HtmlElement.Title:
    case HtmlElement.Style:
    case HtmlElement.Script:
    case HtmlElement.Iframe:
    case HtmlElement.Noembed:
    case HtmlElement.Noframes:
    case HtmlElement.Datalist:
    case HtmlElement.Audio:
    case HtmlElement.Video:
    case HtmlElement.Canvas:
    case HtmlElement.Meter:
    case HtmlElement.Progress:
    case HtmlElement.Rp:
      return Trait.NeverShown;
    case HtmlElement.Summary:
      return (traits & Trait.HidesText) === 0 ? Trait.ShowsText : Trait.None;
    default:
      return Trait.None;
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

/** Start tags that end SVG and MathML (§13.2.6.5). */
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

function isHiddenInput(tokenizer: HtmlTokenizer): boolean {
  const type = tokenizer.attribute('type');
  return type !== null && asciiLower(type) === 'hidden';
}

/** Of `<annotation-xml>`. */
function holdsHtml(tokenizer: HtmlTokenizer): boolean {
  const encoding = tokenizer.attribute('encoding');
  if (encoding === null) return false;
  const type = asciiLower(encoding);
  return type === 'text/html' || type === 'application/xhtml+xml';
}
