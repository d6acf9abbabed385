// The rules for parts of tables (HTML standard, §13.2.6.4.9 to 15): each round ends what the part cannot be in, or opens
// what it must be in.
import { Trait } from './element-stack.ts';
import { HtmlElement, isCell, isRowGroup, isTablePart, isTextPart } from './elements.ts';
import { FormattedStack } from './formatted-stack.ts';

export class TableRules {
  constructor(private readonly open: FormattedStack) {}

  /** Text directly in a table, between its cells: browsers show it before the table. */
  get isBetweenCells(): boolean {
    const element = this.contextElement;
    return element === HtmlElement.Table || element === HtmlElement.Tr || isRowGroup(element);
  }

  /** Columns end where anything but a column comes. */
  endColumns(): void {
    if (this.contextElement === HtmlElement.Colgroup) this.open.popTo(this.open.stack.context);
  }

  // Start tags

  /** @param element a part of a table, the table itself, or a column */
  startTag(element: i32, traits: i32): void {
    for (let isPlaced = false; !isPlaced; ) isPlaced = this.place(element, traits);
  }

  private place(element: i32, traits: i32): boolean {
    const context = this.contextElement;
    if (context === HtmlElement.Table) return this.placeInTable(element, traits);
    if (isRowGroup(context)) return this.placeInGroup(element, traits);
    if (context === HtmlElement.Tr) return this.placeInRow(element, traits);
    if (context === HtmlElement.Colgroup) {
      if (element === HtmlElement.Col) return true;
      this.endColumns();
      return false;
    }
    if (isTextPart(context) && element !== HtmlElement.Table) {
      this.open.popToMarker(this.open.stack.context);
      return false;
    }
    // Parts without a table are passed over.
    if (element === HtmlElement.Table) {
      this.open.endParagraph();
      this.open.push(element, traits);
    }
    return true;
  }

  private placeInTable(element: i32, traits: i32): boolean {
    const context = this.open.stack.context;
    if (element === HtmlElement.Table) {
      this.open.popTo(context);
      return false;
    }
    this.open.popTo(context + 1);
    if (element === HtmlElement.Col) {
      this.open.push(HtmlElement.Colgroup, Trait.None);
      return true;
    }
    if (isCell(element) || element === HtmlElement.Tr) {
      this.open.push(HtmlElement.Tbody, Trait.None);
      return false;
    }
    this.open.push(element, traits);
    if (element === HtmlElement.Caption) this.open.formatting.addMarker();
    return true;
  }

  private placeInGroup(element: i32, traits: i32): boolean {
    if (!isCell(element) && element !== HtmlElement.Tr) return this.leaveFor(element);
    this.open.popTo(this.open.stack.context + 1);
    this.open.push(HtmlElement.Tr, element === HtmlElement.Tr ? traits : Trait.None);
    return element === HtmlElement.Tr;
  }

  private placeInRow(element: i32, traits: i32): boolean {
    if (!isCell(element)) return this.leaveFor(element);
    this.open.popTo(this.open.stack.context + 1);
    this.open.push(element, traits);
    this.open.formatting.addMarker();
    return true;
  }

  private leaveFor(element: i32): boolean {
    const stack = this.open.stack;
    this.open.popTo(element === HtmlElement.Table ? stack.indexOf(element) : stack.context);
    return false;
  }

  // End tags

  /** @returns false where the end tag is none of a table's, and the rules for the body hold */
  endTag(element: i32): boolean {
    const context = this.contextElement;
    if (context === HtmlElement.Colgroup) {
      if (element === HtmlElement.Template) return false;
      if (element === HtmlElement.Col) return true;
      this.endColumns();
      if (element === HtmlElement.Colgroup) return true;
    } else if (isCell(context) && this.endsCell(element)) {
      this.open.popToMarker(this.open.stack.context);
      if (isCell(element)) return true;
    } else if (context === HtmlElement.Caption && (element === context || element === HtmlElement.Table)) {
      this.open.popToMarker(this.open.stack.context);
      if (element === context) return true;
    }
    if (!isTablePart(element) || this.isOutside) return false;
    if (this.isBetweenCells) this.endPart(element);
    return true;
  }

  /** Its own end tag does, and that of what is around it. */
  private endsCell(element: i32): boolean {
    if (isCell(element)) return this.contextElement === element;
    const isAround = element === HtmlElement.Table || element === HtmlElement.Tr || isRowGroup(element);
    return isAround && this.open.stack.isInTableScope(element);
  }

  /** Between cells: of a table, a group of rows, or a row. */
  private endPart(element: i32): void {
    const stack = this.open.stack;
    if (element === HtmlElement.Tr) {
      if (this.contextElement === element) this.open.popTo(stack.context);
    } else if (element === HtmlElement.Table || isRowGroup(element)) {
      if (stack.isInTableScope(element)) this.open.popTo(stack.indexOf(element));
    }
  }

  private get contextElement(): i32 {
    return this.open.stack.elementAt(this.open.stack.context);
  }

  private get isOutside(): boolean {
    const element = this.contextElement;
    return element === HtmlElement.Html || element === HtmlElement.Template;
  }
}
