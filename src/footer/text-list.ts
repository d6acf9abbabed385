// The markers of a list's items in text.
import { HtmlElement } from '../html/elements.ts';
import { HtmlTokenizer, HtmlTokenKind } from '../html/tokenizer.ts';
import { isList } from './html-elements.ts';
import { Numbering, numberingOf, numeral, numeralLength, startOf } from './list-marker.ts';

/** A list while it is read. A nested one needs no margin of its own. */
export class TextList {
  /** As many blanks as the longest marker has characters, which all of them are filled up to. */
  readonly indentation: string;
  private readonly margin: string;

  private constructor(
    isNested: boolean,
    private readonly isNumbered: boolean,
    private readonly numbering: Numbering,
    private next: i32,
    count: i32,
  ) {
    let width: i32 = isNumbered ? 0 : BULLET.length;
    for (let i = 0; i < count && isNumbered; i++) {
      width = max(width, numeralLength(next + i, numbering) + AFTER_NUMBER.length);
    }
    this.margin = isNested ? '' : ' ';
    this.indentation = ' '.repeat(width + (isNested ? 0 : 1));
  }

  static withBullets(isNested: boolean): TextList {
    return new TextList(isNested, false, Numbering.Decimal, 1, 0);
  }

  /**
   * @param type and `start` are the list's attributes
   * @param count how many items it has
   */
  static withNumbers(isNested: boolean, type: string, start: string, count: i32): TextList {
    return new TextList(isNested, true, numberingOf(type), startOf(start), count);
  }

  /** What stands before the next item. */
  nextMarker(): string {
    const text = this.isNumbered ? numeral(this.next++, this.numbering) + AFTER_NUMBER : BULLET;
    return (this.margin + text).padEnd(this.indentation.length);
  }
}

const BULLET: string = '* ';
const AFTER_NUMBER: string = '. ';

/** How many items each list of a text has, in the order of their start tags. */
export function countItems(html: Uint8Array): i32[] {
  const counts: i32[] = [];
  const open: i32[] = [];
  const tokenizer = new HtmlTokenizer();
  tokenizer.feed(html, html.length);
  while (tokenizer.advance()) {
    if (tokenizer.kind === HtmlTokenKind.StartTag) {
      if (isList(tokenizer.element)) {
        open.push(counts.length);
        counts.push(0);
      } else if (tokenizer.element === HtmlElement.Li && open.length > 0) counts[open[open.length - 1]]++;
    } else if (tokenizer.kind === HtmlTokenKind.EndTag && isList(tokenizer.element) && open.length > 0)
      open.pop();
  }
  return counts;
}
