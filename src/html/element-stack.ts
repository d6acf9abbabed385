// The stack of open elements (HTML standard, §13.2.4.2), with the questions that its rules ask answered in constant time.
import { copyBytes } from '../mime/bytes.ts';
import { ELEMENT_COUNT, HtmlElement, isCell, isRowGroup, isScopeBoundary, isSpecial } from './elements.ts';

/** Elements deeper than this are counted and not told apart. Chromium nests no deeper either. */
export const DEPTH_LIMIT: i32 = 512;

/** Bits of what is known of an element beside its name. */
export enum Trait {
  None = 0,
  /** Not HTML: an element of SVG, of MathML. */
  Svg = 1,
  MathMl = 2,
  /** HTML begins again in it: an HTML integration point, a MathML text integration point. */
  HtmlInside = 4,
  TextInside = 8,
  /** Nothing in it is shown: by its attributes. */
  Hides = 16,
  /** Its text is not shown, unless an element in it says otherwise: `font-size: 0`, `visibility: hidden`. */
  HidesText = 32,
  /** Such an element in it. */
  ShowsText = 64,
  /** Nothing in it is shown, wherever it is: a title, a template. */
  NeverShown = 128,
}

const FOREIGN: i32 = Trait.Svg | Trait.MathMl;

/** Element 0 is `<html>`. */
export class ElementStack {
  depth: i32 = 0;
  /** Where "has an element in scope" stops. */
  boundary: i32 = 0;
  /** The nearest special element: end tags of others do not reach beyond it. */
  special: i32 = 0;
  /** The nearest element at which the search for an open item of a list ends: special, but no address, div or paragraph. */
  itemLimit: i32 = 0;
  /** The nearest element that decides about the insertion mode: a part of a table, a template, or `<html>`. */
  context: i32 = 0;
  /** The nearest HTML element. */
  html: i32 = 0;
  private readonly elements: Uint8Array = new Uint8Array(DEPTH_LIMIT);
  private readonly traits: Uint8Array = new Uint8Array(DEPTH_LIMIT);
  private readonly serials: Int32Array = new Int32Array(DEPTH_LIMIT);
  private lastSerial: i32 = 0;

  /** The topmost element of each name, foreign ones after HTML's, and the next one below each; -1 where there is none. */
  private readonly topmost: Int32Array = new Int32Array(2 * ELEMENT_COUNT).fill(-1);
  private readonly previous: Int32Array = new Int32Array(DEPTH_LIMIT);
  /** What each nearest element of a kind, below, had before it was the nearest: only where it is one. */
  private readonly boundaries: Int32Array = new Int32Array(DEPTH_LIMIT);
  private readonly specials: Int32Array = new Int32Array(DEPTH_LIMIT);
  private readonly itemLimits: Int32Array = new Int32Array(DEPTH_LIMIT);
  private readonly contexts: Int32Array = new Int32Array(DEPTH_LIMIT);
  private readonly htmls: Int32Array = new Int32Array(DEPTH_LIMIT);
  /** Of what hides content, that which is at or below each. */
  private readonly hidden: Uint8Array = new Uint8Array(DEPTH_LIMIT);

  constructor() {
    this.push(HtmlElement.Html, Trait.None);
  }

  elementAt(index: i32): i32 {
    return this.elements[index];
  }

  traitsAt(index: i32): i32 {
    return this.traits[index];
  }

  /** A number that no other element has, and that this one keeps where it is moved. */
  serialAt(index: i32): i32 {
    return this.serials[index];
  }

  isForeignAt(index: i32): boolean {
    return (this.traits[index] & FOREIGN) !== 0;
  }

  isSpecialAt(index: i32): boolean {
    return isLimit(this.elements[index], this.traits[index]);
  }

  get top(): i32 {
    return this.depth - 1;
  }

  /** The topmost HTML element of a name, or -1. */
  indexOf(element: i32): i32 {
    return this.topmost[element];
  }

  /** The topmost element of a name in SVG or MathML, or -1. */
  foreignIndexOf(element: i32): i32 {
    return this.topmost[ELEMENT_COUNT + element];
  }

  /** The element of a name with this serial; it is there. */
  indexOfSerial(element: i32, serial: i32): i32 {
    let index: i32 = this.topmost[element];
    while (index > 0 && this.serials[index] !== serial) index = this.previous[index];
    return index;
  }

  isInScope(element: i32): boolean {
    return this.topmost[element] >= this.boundary;
  }

  isInButtonScope(element: i32): boolean {
    return this.topmost[element] >= max(this.boundary, this.topmost[HtmlElement.Button]);
  }

  isInListItemScope(element: i32): boolean {
    const list = max(this.topmost[HtmlElement.Ol], this.topmost[HtmlElement.Ul]);
    return this.topmost[element] >= max(this.boundary, list);
  }

  isInTableScope(element: i32): boolean {
    const table = max(this.topmost[HtmlElement.Table], this.topmost[HtmlElement.Template]);
    return this.topmost[element] >= max(table, 0);
  }

  /** Trait.Hides, HidesText and NeverShown, as they hold for what is put in now. */
  get hiding(): i32 {
    return this.hidden[this.top];
  }

  /** There is room for one more. */
  push(element: i32, traits: i32): void {
    const index = this.depth++;
    this.elements[index] = u8(element);
    this.traits[index] = u8(traits);
    this.serials[index] = ++this.lastSerial;
    this.link(index);
  }

  pop(): void {
    this.unlink(this.top);
    this.depth--;
  }

  /** Takes an element out from among others. */
  remove(index: i32): void {
    this.move(index, this.top);
    this.pop();
  }

  /** Moves an element up: those above it, up to `to`, come one lower. */
  move(from: i32, to: i32): void {
    for (let i = this.top; i >= from; i--) this.unlink(i);
    const element = this.elements[from];
    const traits = this.traits[from];
    const serial = this.serials[from];
    for (let i = from; i < to; i++) {
      this.elements[i] = this.elements[i + 1];
      this.traits[i] = this.traits[i + 1];
      this.serials[i] = this.serials[i + 1];
    }
    this.elements[to] = element;
    this.traits[to] = traits;
    this.serials[to] = serial;
    for (let i = from; i < this.depth; i++) this.link(i);
  }

  /** Writes down another's elements. Before anything is asked of them, `restore` has to be called. */
  save(other: ElementStack): void {
    this.depth = other.depth;
    copyBytes(other.elements, 0, other.depth, this.elements, 0);
    copyBytes(other.traits, 0, other.depth, this.traits, 0);
  }

  /** The serials are the indices now, and one. */
  restore(): void {
    this.topmost.fill(-1);
    this.boundary = 0;
    this.special = 0;
    this.itemLimit = 0;
    this.context = 0;
    this.html = 0;
    this.lastSerial = this.depth;
    for (let i = 0; i < this.depth; i++) {
      this.serials[i] = i + 1;
      this.link(i);
    }
  }

  private link(index: i32): void {
    const element: i32 = this.elements[index];
    const traits: i32 = this.traits[index];
    const name = (traits & FOREIGN) !== 0 ? ELEMENT_COUNT + element : element;
    this.previous[index] = this.topmost[name];
    this.topmost[name] = index;
    this.hidden[index] = u8(index === 0 ? 0 : hidingIn(this.hidden[index - 1], traits));
    if ((traits & FOREIGN) === 0) this.linkHtml(index, element);
    else if (isLimit(element, traits)) this.linkLimit(index, true, true);
  }

  private linkHtml(index: i32, element: i32): void {
    this.htmls[index] = this.html;
    this.html = index;
    if (isSpecial(element)) this.linkLimit(index, isScopeBoundary(element), !isBetweenItems(element));
    if (decidesMode(element)) {
      this.contexts[index] = this.context;
      this.context = index;
    }
  }

  private linkLimit(index: i32, isBoundary: boolean, isItemLimit: boolean): void {
    this.specials[index] = this.special;
    this.special = index;
    if (isBoundary) {
      this.boundaries[index] = this.boundary;
      this.boundary = index;
    }
    if (isItemLimit) {
      this.itemLimits[index] = this.itemLimit;
      this.itemLimit = index;
    }
  }

  /** Of the topmost element that is linked. */
  private unlink(index: i32): void {
    const element: i32 = this.elements[index];
    const name = this.isForeignAt(index) ? ELEMENT_COUNT + element : element;
    this.topmost[name] = this.previous[index];
    if (this.special === index) this.special = this.specials[index];
    if (this.boundary === index) this.boundary = this.boundaries[index];
    if (this.itemLimit === index) this.itemLimit = this.itemLimits[index];
    if (this.context === index) this.context = this.contexts[index];
    if (this.html === index) this.html = this.htmls[index];
  }
}

/** Special, of HTML or not: SVG and MathML have elements in which HTML begins again. */
function isLimit(element: i32, traits: i32): boolean {
  if ((traits & FOREIGN) === 0) return isSpecial(element);
  if ((traits & (Trait.HtmlInside | Trait.TextInside)) !== 0) return true;
  return element === HtmlElement.AnnotationXml && (traits & Trait.MathMl) !== 0;
}

function isBetweenItems(element: i32): boolean {
  return element === HtmlElement.Address || element === HtmlElement.Div || element === HtmlElement.P;
}

function decidesMode(element: i32): boolean {
  if (isCell(element) || isRowGroup(element)) return true;
  if (element === HtmlElement.Tr || element === HtmlElement.Template) return true;
  return element >= HtmlElement.Caption && element <= HtmlElement.Html;
}

function hidingIn(outside: i32, traits: i32): i32 {
  const hiding = outside | (traits & (Trait.Hides | Trait.HidesText | Trait.NeverShown));
  return (traits & (Trait.HidesText | Trait.ShowsText)) === Trait.ShowsText
    ? hiding & ~Trait.HidesText
    : hiding;
}
