// The open elements together with the formatting that is opened again among them: what one tag does to both.
import { ActiveFormatting } from './active-formatting.ts';
import { DEPTH_LIMIT, ElementStack, Trait } from './element-stack.ts';
import { HtmlElement, hasImpliedEnd, isFormatting } from './elements.ts';

/** Some tags open four elements at once: `<td>` in a table brings its row and group. */
const ROOM: i32 = 4;

/** Steps of the loops in which elements are opened again and moved: that many, and one for some units of the text. */
const EFFORT: i32 = 8192;
const UNITS_A_STEP: i32 = 4;

/** Rounds of "the adoption agency algorithm". */
const ADOPTIONS: i32 = 8;

export class FormattedStack {
  readonly stack: ElementStack = new ElementStack();
  readonly formatting: ActiveFormatting = new ActiveFormatting();
  /** Of the tag or text at hand, in units from the start of the text: what was read allows for effort. */
  position: number = 0;
  private effort: i32 = 0;
  private isTooMuch: boolean = false;

  /** False where elements were opened again too often to be followed. */
  get isCertain(): boolean {
    return !this.isTooMuch && !this.formatting.isIncomplete;
  }

  /** Another tag cannot be followed. */
  get isFull(): boolean {
    return this.stack.depth > DEPTH_LIMIT - ROOM;
  }

  get topElement(): i32 {
    return this.stack.elementAt(this.stack.top);
  }

  /** Writes down another's state. Before anything is asked of it, the stack has to be restored. */
  save(other: FormattedStack): void {
    this.stack.save(other.stack);
    this.formatting.save(other.formatting, other.stack);
    this.position = other.position;
    this.effort = other.effort;
    this.isTooMuch = other.isTooMuch;
  }

  push(element: i32, traits: i32): void {
    this.stack.push(element, traits | traitsOf(element, traits));
  }

  pop(): void {
    const top = this.stack.top;
    if (isFormatting(this.stack.elementAt(top)) && !this.stack.isForeignAt(top)) {
      const entry = this.formatting.entryOf(this.stack.serialAt(top));
      if (entry >= 0) this.formatting.setSerial(entry, 0);
    }
    this.stack.pop();
  }

  /** Ends all from `index` on; `<html>` stays. */
  popTo(index: i32): void {
    const first = max(index, 1);
    while (this.stack.depth > first) this.pop();
  }

  /** The same, and formatting from inside does not go on. */
  popToMarker(index: i32): void {
    this.popTo(index);
    this.formatting.clearToMarker();
  }

  /** An element ends, and what is open in it does not. */
  remove(index: i32): void {
    this.effort += this.stack.depth - index;
    this.stack.remove(index);
  }

  endParagraph(): void {
    if (this.stack.isInButtonScope(HtmlElement.P)) this.popTo(this.stack.indexOf(HtmlElement.P));
  }

  /** "Generate implied end tags". @param exception stays open; HtmlElement.Unknown: none does */
  endImplied(exception: i32): void {
    while (!this.stack.isForeignAt(this.stack.top)) {
      const element = this.topElement;
      if (!hasImpliedEnd(element) || element === exception) return;
      this.pop();
    }
  }

  /** "Any other end tag" (§13.2.6.4.7). */
  endOther(element: i32): void {
    const index = this.stack.indexOf(element);
    if (index > 0 && index >= this.stack.special) this.popTo(index);
  }

  // Formatting

  /** A link cannot be inside another. */
  endOpenLink(): void {
    const entry = this.formatting.lastOf(HtmlElement.A);
    if (entry < 0) return;
    const serial = this.formatting.serialAt(entry);
    this.adopt(HtmlElement.A);
    if (serial === 0) return;
    const left = this.formatting.entryOf(serial);
    if (left >= 0) this.formatting.remove(left);
    const index = this.stack.indexOfSerial(HtmlElement.A, serial);
    if (index > 0) this.stack.remove(index);
  }

  /** "Reconstruct the active formatting elements." */
  reopen(): void {
    const formatting = this.formatting;
    for (let entry = formatting.firstToReopen(); entry < formatting.length; entry++) {
      if (!this.mayWork || this.isFull) {
        this.isTooMuch = true;
        formatting.clear();
        return;
      }
      this.effort++;
      this.push(formatting.elementAt(entry), formatting.traitsAt(entry));
      formatting.setSerial(entry, this.stack.serialAt(this.stack.top));
    }
  }

  /** "The adoption agency algorithm" for an end tag: formatting that ends within a block that began in it. */
  adopt(element: i32): void {
    const top = this.stack.top;
    const isOnTop = this.stack.elementAt(top) === element && !this.stack.isForeignAt(top);
    if (isOnTop && this.formatting.entryOf(this.stack.serialAt(top)) < 0) {
      this.pop();
      return;
    }
    let round = 0;
    while (round < ADOPTIONS && this.adoptOnce(element)) round++;
  }

  /** @returns whether there may be more to do */
  private adoptOnce(element: i32): boolean {
    const entry = this.formatting.lastOf(element);
    if (entry < 0) {
      this.endOther(element);
      return false;
    }
    const serial = this.formatting.serialAt(entry);
    if (serial === 0) {
      this.formatting.remove(entry);
      return false;
    }
    const index = this.stack.indexOfSerial(element, serial);
    if (index < this.stack.boundary) return false;
    const block = this.blockAbove(index);
    if (block < 0) {
      this.popTo(index);
      this.formatting.remove(entry);
      return false;
    }
    if (!this.mayWork) {
      this.isTooMuch = true;
      this.stack.remove(index);
      this.formatting.remove(entry);
      return false;
    }
    this.effort += this.stack.depth - index;
    this.reparent(index, serial, block);
    return true;
  }

  /** "The furthest block": the special element next above another; -1 where there is none. */
  private blockAbove(index: i32): i32 {
    if (this.stack.special <= index) return -1;
    let block = index + 1;
    while (!this.stack.isSpecialAt(block)) block++;
    return block;
  }

  /** The element ends before the block and begins again in it; what is between goes with it, or ends. */
  private reparent(index: i32, serial: i32, block: i32): void {
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

  private get mayWork(): boolean {
    return this.effort <= EFFORT + this.position / UNITS_A_STEP;
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
